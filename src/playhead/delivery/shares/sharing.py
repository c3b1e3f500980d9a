"""``/sharing``: what a person who shares should know of this server: how far links reach, which sites may embed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.api.shapes import Shape
from playhead.kit.reach import Reach, reach_of
from playhead.settings import Settings

router = APIRouter(prefix="/sharing", tags=["shares"], route_class=GuardedRoute)
"""Under ``/api/v1``."""


class Sharing(Shape):
    """Where links lead and where embedded players show."""

    address: str = Field(description="What links begin with: `public_url`, or the host that this request named.")
    reach: Reach = Field(
        description="Who can follow a link, as far as its host says: this `computer`, its `network`, the `internet`."
    )
    public_url_set: bool
    embed_origins: list[str] = Field(
        description="Sites that may show the player of a share link; `*` is all. Pages of this server always may."
    )


@router.get("", summary="Read how far links reach", responses=problem_responses(401, 403))
async def get_sharing(request: Request, _: Annotated[Principal, Depends(requires("videos:read"))]) -> Sharing:
    """By the settings `public_url` and `embed_origins`."""
    settings, address = service(request, Settings), address_of(request)
    return Sharing(
        address=address,
        reach=reach_of(address),
        public_url_set=settings.public_url is not None,
        embed_origins=list(settings.embed_origins),
    )
