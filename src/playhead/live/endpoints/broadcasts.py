"""``/broadcasts``: what was live."""

from typing import Annotated

from fastapi import APIRouter, Depends

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.live.listing import History
from playhead.live.shapes import Broadcast

router = APIRouter(prefix="/broadcasts", tags=["live"], route_class=GuardedRoute)


@router.get("/{broadcast_id}", response_model=Broadcast, responses=problem_responses(401, 403, 404))
async def get_broadcast(
    broadcast_id: str, principal: Annotated[Principal, Depends(requires("channels:read"))], history: Needs[History]
) -> Broadcast:
    """Read a broadcast: titles and categories in order of time, and its recordings."""
    return await history.broadcast(principal, broadcast_id)
