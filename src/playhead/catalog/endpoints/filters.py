"""The filters that lists of videos share, as query parameters."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from playhead.access.dependencies import requires
from playhead.access.errors import Forbidden
from playhead.access.principals import Principal
from playhead.catalog.library.names import clean_tags
from playhead.catalog.listing import VideoQuery
from playhead.catalog.shapes import Origin, VideoState
from playhead.kit.text import one_line

Watched = Literal["watched", "begun", "unwatched"]
Owner = Annotated[
    str | None, Query(max_length=40, description="For admins: the id of a user, or `all`. Without it: you.")
]
_Reader = Annotated[Principal, Depends(requires("videos:read"))]


async def _filters(
    principal: _Reader,
    search: Annotated[str | None, Query(max_length=200, description="Part of a title.")] = None,
    origin: Origin | None = None,
    state: VideoState | None = None,
    collection_id: Annotated[str | None, Query(max_length=40, description="Videos of this collection.")] = None,
    tag: Annotated[list[str] | None, Query(max_length=50, description="Videos that have all of these tags.")] = None,
    watched: Annotated[Watched | None, Query(description="By you; `begun`: not to the end.")] = None,
    owner: Owner = None,
) -> VideoQuery:
    """The query that the parameters mean, of the first page in the usual order."""
    return VideoQuery(
        owner_id=_owner_id(principal, owner),
        viewer_id=principal.user_id,
        search=one_line(search) if search else None,
        origin=origin,
        state=state,
        collection_id=collection_id,
        tags=tuple(clean_tags(tag or ())),
        watched=watched,
    )


Filters = Annotated[VideoQuery, Depends(_filters)]


def _owner_id(principal: Principal, owner: str | None) -> str | None:
    if owner is None or owner == principal.user_id:
        return principal.user_id
    if not principal.is_admin:
        raise Forbidden("Only admins list the videos of others.", hint="Leave owner out.")
    return None if owner == "all" else owner
