"""``/shared/{token}/comments``: comments on a share page, which need no session."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Header, Path, Request, Response, status
from pydantic import AfterValidator, Field

from playhead.access.errors import Forbidden
from playhead.access.limits import client_address
from playhead.access.tokens import digest
from playhead.api.cursors import FIRST_PAGE
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Payload
from playhead.catalog.comments.comments import Comments
from playhead.catalog.comments.shapes import Comment, CommentChanges, CommentCreate, CommentPage, Text
from playhead.catalog.comments.threads import Thread
from playhead.catalog.comments.writer import Writer
from playhead.delivery.shares.comment_limits import CommentLimits
from playhead.delivery.shares.endpoints import SharesOf
from playhead.delivery.shares.password import SharePassword
from playhead.delivery.shares.shapes import CommentsOption
from playhead.delivery.shares.shares import Shared
from playhead.kit.text import one_line

router = APIRouter(prefix="/shared", tags=["shares"])
"""Under ``/api/v1``; public."""

Token = Annotated[str, Path(max_length=64, description="Last part of a share link.")]
CommentId = Annotated[str, Path(max_length=64)]
Pass = Annotated[
    str | None,
    Header(alias="Share-Pass", max_length=200, description="`pass_token` of a playback; required with a password."),
]
Visitor = Annotated[
    str | None,
    Header(
        alias="Share-Visitor",
        min_length=16,
        max_length=100,
        description="Random secret of the visitor's browser; who sends it again may change what was written with it.",
    ),
]


def _name(text: str) -> str:
    name = one_line(text)
    if not name:
        raise ValueError("a name needs at least one letter")
    return name


class VisitorComment(CommentCreate):
    """A comment or a reply by a visitor."""

    author: Annotated[
        str, Field(min_length=1, max_length=60, description="Name to show with it."), AfterValidator(_name)
    ]


class VisitorChanges(Payload):
    """Changes to a visitor's comment."""

    text: Text


class Visit(NamedTuple):
    """A visitor at the comments of a good share link."""

    shared: Shared
    option: CommentsOption
    writer: Writer
    address: str

    def named(self, name: str) -> Writer:
        """The visitor as the author of a new comment."""
        return Writer(name, share_id=self.shared.share.id, visitor_hash=self.writer.visitor_hash)

    def shape(self, thread: Thread) -> Comment:
        """A comment as this visitor sees it."""
        return thread.resource(self.shared.video, self.writer)


async def _visit(
    request: Request,
    response: Response,
    token: Token,
    shares: SharesOf,
    password: Needs[SharePassword],
    unlock_token: Pass = None,
    visitor: Visitor = None,
) -> Visit:
    shared, address = await shares.open(token), client_address(request)
    await password.verify(shared.share, password=None, unlock_token=unlock_token, address=address)
    response.headers["Cache-Control"] = "no-store"
    option = shares.comments_of(shared.share)
    if option == "off":
        raise Forbidden(
            "This link shows no comments.", hint="Ask its sender.", code="comments_off", title="Comments are off"
        )
    return Visit(shared, option, Writer("", visitor_hash=digest(visitor) if visitor else None), address)


async def _writing_visit(visit: Annotated[Visit, Depends(_visit)]) -> Visit:
    if visit.option != "write":
        raise Forbidden(
            "The sender of this link allows comments to be read, not written.",
            code="comments_read_only",
            title="Comments are read-only",
        )
    return visit


Reading = Annotated[Visit, Depends(_visit)]
Writing = Annotated[Visit, Depends(_writing_visit)]


@router.get(
    "/{token}/comments", summary="List comments of a share link", responses=problem_responses(400, 403, 404, 422)
)
async def list_shared_comments(
    visit: Reading, comments: Needs[Comments], limit: Limit = FIRST_PAGE, cursor: Cursor = None
) -> CommentPage:
    """In the order of the video, with replies. 403 `comments_off` unless the link shows them."""
    page = await comments.page(visit.shared.video.id, limit=limit, cursor=cursor)
    return CommentPage(items=[visit.shape(thread) for thread in page.items], next_cursor=page.next_cursor)


@router.post(
    "/{token}/comments",
    summary="Comment through a share link",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(400, 403, 404, 409, 422, 429),
)
async def create_shared_comment(
    wanted: VisitorComment, visit: Writing, comments: Needs[Comments], limits: Needs[CommentLimits]
) -> Comment:
    """Needs a name instead of a session. 403 `comments_read_only`; 429 for more than people write."""
    limits.take(visit.shared.share.id, visit.address)
    return visit.shape(await comments.add(visit.shared.video.id, visit.named(wanted.author), wanted))


@router.patch(
    "/{token}/comments/{comment_id}",
    summary="Change your comment of a share link",
    responses=problem_responses(400, 403, 404, 422, 429),
)
async def change_shared_comment(
    comment_id: CommentId,
    changes: VisitorChanges,
    visit: Writing,
    comments: Needs[Comments],
    limits: Needs[CommentLimits],
) -> Comment:
    """Only with the `Share-Visitor` that it was written with."""
    limits.take(visit.shared.share.id, visit.address)
    wanted = CommentChanges(text=changes.text)
    return visit.shape(await comments.change(visit.shared.video.id, comment_id, visit.writer, wanted))


@router.delete(
    "/{token}/comments/{comment_id}",
    summary="Delete your comment of a share link",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(403, 404, 422),
)
async def delete_shared_comment(comment_id: CommentId, visit: Writing, comments: Needs[Comments]) -> None:
    """Only with the `Share-Visitor` that it was written with."""
    await comments.delete(visit.shared.video.id, comment_id, visit.writer)
