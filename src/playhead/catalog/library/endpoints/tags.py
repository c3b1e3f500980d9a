"""``/tags``: the words on videos, for completion."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.library.shapes import Tag, TagList
from playhead.catalog.library.tags import Tags

router = APIRouter(prefix="/tags", tags=["library"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]


@router.get("", summary="List your tags", responses=problem_responses(400, 401, 403))
async def list_tags(
    principal: Reader,
    tags: Needs[Tags],
    search: Annotated[str | None, Query(max_length=50, description="How a tag begins.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> TagList:
    """With the number of videos that have each. `PATCH /videos/{id}` changes the tags of one."""
    found = await tags.used_by(principal, search=search, limit=limit)
    return TagList(items=[Tag(tag=tag.tag, videos=tag.videos) for tag in found])
