"""``/sharing``: how far the links of this server reach, and which sites may embed its player."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.kit.reach import Reach, reach_of
from playhead.settings import Settings

router = APIRouter(prefix="/sharing", tags=["shares"], route_class=GuardedRoute)
"""Under ``/api/v1``."""


class Sharing(Shape):
    """The address in links, and the sites that may embed players."""

    address: str = Field(description="Start of links: `public_url`, or the host of this request.")
    reach: Reach = Field(
        description="Who can follow a link, judging by its host: this `computer`, its `network`, the `internet`."
    )
    public_url_set: bool
    default_days: int = Field(description="Days until a new link ends if nobody chooses; 0: it never does.")
    visitor_comments: bool = Field(description="Whether links may show comments.")
    embed_origins: list[str] = Field(
        description="Sites that may embed the player of a share link; `*` for all. Pages of this server always may."
    )


@router.get("", summary="Read how far links reach", responses=problem_responses(401, 403))
async def get_sharing(
    request: Request, _: Annotated[Principal, Depends(requires("videos:read"))], settings: Needs[Settings]
) -> Sharing:
    """From the settings of the server."""
    address = address_of(request)
    return Sharing(
        address=address,
        reach=reach_of(address),
        public_url_set=settings.public_url is not None,
        default_days=settings.share_default_days,
        visitor_comments=settings.visitor_comments,
        embed_origins=list(settings.embed_origins),
    )
