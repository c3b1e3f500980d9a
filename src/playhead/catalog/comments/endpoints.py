"""``/videos/{video_id}/comments`` and ``/comments``: the comments of those who can see a video signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.cursors import FIRST_PAGE
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.comments.comments import Comments, CommentState
from playhead.catalog.comments.shapes import Comment, CommentChanges, CommentCreate, CommentPage

router = APIRouter(tags=["comments"], route_class=IdempotentRoute)
"""Under ``/api/v1``."""

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]
VideoId = Annotated[str, Path(max_length=64)]
CommentId = Annotated[str, Path(max_length=64)]


@router.get(
    "/videos/{video_id}/comments",
    summary="List a video's comments",
    responses=problem_responses(400, 401, 403, 404, 422),
)
async def list_comments(
    video_id: VideoId,
    principal: Reader,
    comments: Needs[Comments],
    state: Annotated[CommentState | None, Query(description="Only comments that are open, or resolved.")] = None,
    limit: Limit = FIRST_PAGE,
    cursor: Cursor = None,
) -> CommentPage:
    """In the order of the video, each with its replies."""
    video, reader = await comments.reader(principal, video_id)
    page = await comments.page(video_id, state=state, limit=limit, cursor=cursor)
    items = [thread.resource(video, reader) for thread in page.items]
    return CommentPage(items=items, next_cursor=page.next_cursor)


@router.post(
    "/videos/{video_id}/comments",
    summary="Comment on a video",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def create_comment(
    response: Response, video_id: VideoId, wanted: CommentCreate, principal: Writer, comments: Needs[Comments]
) -> Comment:
    """A comment at a time or over a span, or a reply to a comment."""
    video, writer = await comments.reader(principal, video_id)
    thread = await comments.add(video_id, writer, wanted)
    response.headers["Location"] = f"/api/v1/comments/{thread.comment.id}"
    return thread.resource(video, writer)


@router.patch(
    "/comments/{comment_id}", summary="Change a comment", responses=problem_responses(400, 401, 403, 404, 422)
)
async def change_comment(
    comment_id: CommentId, changes: CommentChanges, principal: Writer, comments: Needs[Comments]
) -> Comment:
    """Change the text of your own comment, or resolve any comment of your video."""
    video, writer = await comments.of(principal, comment_id)
    thread = await comments.change(video.id, comment_id, writer, changes)
    return thread.resource(video, writer)


@router.delete(
    "/comments/{comment_id}",
    summary="Delete a comment",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def delete_comment(comment_id: CommentId, principal: Writer, comments: Needs[Comments]) -> None:
    """Delete a comment with its replies: your own, or any of your video."""
    video, writer = await comments.of(principal, comment_id)
    await comments.delete(video.id, comment_id, writer)
