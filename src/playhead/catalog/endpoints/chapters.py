"""``/videos/{id}/chapters``: titled places of a video."""

from typing import Annotated

from fastapi import APIRouter, Depends

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.catalog.chapters import Chapters

router = APIRouter(prefix="/videos", tags=["videos"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]


class Chapter(Shape):
    """A titled place; it lasts until the next one."""

    start_s: float
    title: str


class ChapterList(Shape):
    """Chapters in order; empty without any."""

    items: list[Chapter]


@router.get("/{video_id}/chapters", response_model=ChapterList, responses=problem_responses(401, 403, 404))
async def list_chapters(video_id: str, principal: Reader, chapters: Needs[Chapters]) -> ChapterList:
    """List the chapters of a video."""
    found = await chapters.of(principal, video_id)
    return ChapterList(items=[Chapter(start_s=one.start_s, title=one.title) for one in found])
