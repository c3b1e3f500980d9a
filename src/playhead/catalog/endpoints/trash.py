"""``/trash``: videos that were deleted and can be restored for a while."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import Field

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import PageShape, Shape, Timestamp
from playhead.catalog.resources import VideoResources
from playhead.catalog.shapes import Origin, Video
from playhead.catalog.tables import VideoRow
from playhead.catalog.trash import Trash

router = APIRouter(prefix="/trash", tags=["trash"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


class TrashedVideo(Shape):
    """A video in the trash."""

    id: str
    title: str
    origin: Origin
    duration_s: float | None
    size_bytes: int = Field(description="What its deletion frees: the original, and what was made from it.")
    trashed_at: Timestamp
    trashed_by: str = Field(description="Email of the user, or `retention`.")
    reason: str = Field(description="`requested`, or the policy that it was under, in words.")
    deleted_at: Timestamp = Field(description="When it goes for good.")


class TrashContents(PageShape[TrashedVideo]):
    """A page of your trash, and what all of it holds."""

    videos: int
    size_bytes: int


class EmptiedTrash(Shape):
    """What was deleted for good."""

    videos: int
    size_bytes: int


@router.get("", summary="List your trash", responses=problem_responses(400, 401, 403))
async def list_trash(principal: Reader, trash: Needs[Trash], limit: Limit = 50, cursor: Cursor = None) -> TrashContents:
    """Videos that can be restored, the last that was deleted first."""
    found = await trash.page(principal, limit=limit, cursor=cursor)
    items = [_shape(row, found.sizes[row.id], trash) for row in found.page.items]
    return TrashContents(
        items=items, next_cursor=found.page.next_cursor, videos=found.videos, size_bytes=found.size_bytes
    )


@router.post("/{video_id}/restore", summary="Restore a video", responses=problem_responses(401, 403, 404))
async def restore_video(
    video_id: str, principal: Writer, trash: Needs[Trash], resources: Needs[VideoResources]
) -> Video:
    """Take it out of the trash as it was: links to it, and its clips in projects, work again.

    What retention had put there is kept from now on; set `keep` to false to give it back to its policies.
    """
    return await resources.resource(await trash.restore(principal, video_id), principal)


@router.delete("", summary="Empty your trash", responses=problem_responses(401, 403))
async def empty_trash(principal: Writer, trash: Needs[Trash]) -> EmptiedTrash:
    """Delete all of it with its bytes, for good."""
    return EmptiedTrash.model_validate(await trash.empty(principal))


@router.delete(
    "/{video_id}",
    summary="Delete a video of the trash",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def delete_from_trash(video_id: str, principal: Writer, trash: Needs[Trash]) -> None:
    """Delete it with its bytes, for good."""
    await trash.delete(principal, video_id)


def _shape(row: VideoRow, size_bytes: int, trash: Trash) -> TrashedVideo:
    assert row.trashed_at is not None
    return TrashedVideo(
        id=row.id,
        title=row.title,
        origin=row.origin,  # type: ignore[arg-type]
        duration_s=row.duration_s,
        size_bytes=size_bytes,
        trashed_at=row.trashed_at,
        trashed_by=row.trashed_by or "",
        reason=row.trash_reason or "",
        deleted_at=row.trashed_at + trash.window,
    )
