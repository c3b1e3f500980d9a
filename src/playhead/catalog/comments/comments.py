"""Comments of videos: listed in the order of the video, written, changed, resolved and deleted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_of
from playhead.catalog.comments.errors import CommentIsReply, CommentNotFound, CommentNotYours, CommentsFull
from playhead.catalog.comments.shapes import CommentChanges, CommentCreate
from playhead.catalog.comments.tables import CommentRow
from playhead.catalog.comments.threads import Thread, replies_to
from playhead.catalog.comments.writer import Writer, user_writer
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.errors import InvalidInput
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.outbox.outbox import record_event

MAX_PER_VIDEO = 5000
MAX_REPLIES = 100
REPETITION = timedelta(minutes=1)
"""Within it the same words of the same visitor at the same time are the same comment, sent twice."""

SLACK_S = 0.5
"""How far past a video's end a time may be: players round it up to their last frame."""

CommentState = Literal["open", "resolved"]

_OPEN = CommentRow.resolved_at.is_(None)


class Comments:
    """The comments of all videos. Whether a visitor may see a video is decided before (``delivery.shares``)."""

    def __init__(self, database: Database, videos: Videos, clock: Clock = utc_now) -> None:
        self._database = database
        self._videos = videos
        self._clock = clock

    async def reader(self, principal: Principal, video_id: str) -> tuple[VideoRow, Writer]:
        """A video and the user as a reader of its comments.

        Raises:
            VideoNotFound: none, or another owner's.
        """
        async with self._database.read() as session:
            video = await self._videos.find(session, principal, video_id)
            return video, await user_writer(session, principal)

    async def of(self, principal: Principal, comment_id: str) -> tuple[VideoRow, Writer]:
        """The video of a comment, and the user as a reader of its comments.

        Raises:
            CommentNotFound: none, or of a video of another owner's.
        """
        async with self._database.read() as session:
            row = await session.get(CommentRow, comment_id) if is_id("cmt", comment_id) else None
        if row is None:
            raise CommentNotFound(comment_id)
        try:
            return await self.reader(principal, row.video_id)
        except VideoNotFound:
            raise CommentNotFound(comment_id) from None

    async def page(
        self, video_id: str, *, state: CommentState | None = None, limit: int, cursor: str | None
    ) -> Page[Thread]:
        """One page of a video's comments with all their replies, in the order of the video."""
        query = select(CommentRow).where(CommentRow.video_id == video_id, CommentRow.at_s.is_not(None))
        if state is not None:
            query = query.where(_OPEN if state == "open" else ~_OPEN)
        async with self._database.read() as session:
            page = await page_of(session, query, CommentRow.at_s, CommentRow.id, "at_s", limit, cursor)
            replies = await replies_to(session, [row.id for row in page.items])
        return Page([Thread(row, replies.get(row.id, ())) for row in page.items], page.next_cursor)

    async def add(self, video_id: str, writer: Writer, wanted: CommentCreate) -> Thread:
        """Write a comment or a reply; the owner's webhooks hear of it.

        Raises:
            VideoNotFound, CommentNotFound: there is nothing to comment on.
            InvalidInput: the time is past the end of the video.
            CommentsFull: the video or the thread has as many as it may.
        """
        async with self._database.write() as session:
            video = await visible_video(session, video_id, lock=True)
            if video is None:
                raise VideoNotFound(video_id)
            if (
                same := await _repeated(session, video_id, writer, wanted, since=self._clock() - REPETITION)
            ) is not None:
                return Thread(same)
            _check_time(video, wanted)
            if wanted.parent_id is not None:
                await _check_parent(session, video_id, wanted.parent_id)
            await _check_room(session, video_id, wanted.parent_id)
            row = CommentRow(
                id=new_id("cmt"),
                video_id=video_id,
                parent_id=wanted.parent_id,
                at_s=wanted.at_s,
                end_s=wanted.end_s,
                text=wanted.text,
                author=writer.name,
                user_id=writer.user_id,
                share_id=writer.share_id,
                visitor_hash=writer.visitor_hash,
                created_at=self._clock(),
            )
            session.add(row)
            _record_created(session, video, row)
        return Thread(row)

    async def change(self, video_id: str, comment_id: str, writer: Writer, changes: CommentChanges) -> Thread:
        """Change the text of one's own comment, or resolve any comment as its moderator.

        Raises:
            CommentNotFound: none of this video.
            CommentNotYours: another's text, or to resolve without being its moderator.
        """
        async with self._database.write() as session:
            row = await _find(session, video_id, comment_id, lock=True)
            if changes.text is not None:
                if not writer.wrote(row):
                    raise CommentNotYours
                if changes.text != row.text:
                    row.text, row.edited_at = changes.text, self._clock()
            if changes.resolved is not None:
                self._resolve(row, writer, resolved=changes.resolved)
            replies = await replies_to(session, [row.id])
        return Thread(row, replies.get(row.id, ()))

    async def delete(self, video_id: str, comment_id: str, writer: Writer) -> None:
        """Delete a comment with its replies.

        Raises:
            CommentNotFound: none of this video.
            CommentNotYours: another's, and they do not moderate.
        """
        async with self._database.write() as session:
            row = await _find(session, video_id, comment_id, lock=True)
            if not (writer.moderates or writer.wrote(row)):
                raise CommentNotYours("Only its author and the owner of the video can delete a comment.")
            await session.delete(row)

    def _resolve(self, row: CommentRow, writer: Writer, *, resolved: bool) -> None:
        if not writer.moderates:
            raise CommentNotYours("Only the owner of the video can resolve a comment.")
        if row.parent_id is not None:
            raise CommentIsReply(
                f"{row.id} is a reply; only a comment can be resolved.", hint=f"Resolve {row.parent_id}."
            )
        if resolved != (row.resolved_at is not None):
            row.resolved_at = self._clock() if resolved else None
            row.resolved_by = writer.name if resolved else None


async def open_comments(session: AsyncSession, video_ids: Iterable[str]) -> dict[str, int]:
    """How many comments of each of a page of videos are not resolved, in one query; a video without any is left out."""
    ids = sorted(set(video_ids))
    if not ids:
        return {}
    counted = select(CommentRow.video_id, func.count()).where(
        CommentRow.video_id.in_(ids), CommentRow.at_s.is_not(None), _OPEN
    )
    found = await session.execute(counted.group_by(CommentRow.video_id))
    return {str(video_id): int(number) for video_id, number in found}


async def _repeated(
    session: AsyncSession, video_id: str, writer: Writer, wanted: CommentCreate, *, since: datetime
) -> CommentRow | None:
    """The comment that a visitor's request repeats: visitors have no ``Idempotency-Key``."""
    if writer.visitor_hash is None:
        return None
    same = {"text": wanted.text, "at_s": wanted.at_s, "parent_id": wanted.parent_id}
    query = select(CommentRow).filter_by(video_id=video_id, visitor_hash=writer.visitor_hash, **same)
    return (await session.scalars(query.where(CommentRow.created_at >= since).limit(1))).first()


async def _find(session: AsyncSession, video_id: str, comment_id: str, *, lock: bool = False) -> CommentRow:
    row = await session.get(CommentRow, comment_id, with_for_update=lock) if is_id("cmt", comment_id) else None
    if row is None or row.video_id != video_id:
        raise CommentNotFound(comment_id)
    return row


def _check_time(video: VideoRow, wanted: CommentCreate) -> None:
    last_s = max(wanted.at_s or 0.0, wanted.end_s or 0.0)
    if video.duration_s is not None and last_s > video.duration_s + SLACK_S:
        raise InvalidInput(
            f"The video ends at {video.duration_s:.2f} s, before {last_s:.2f} s.",
            hint="Choose a time within the video.",
            code="comment_time_invalid",
            title="Time is outside of the video",
        )


async def _check_parent(session: AsyncSession, video_id: str, parent_id: str) -> None:
    parent = await _find(session, video_id, parent_id)
    if parent.parent_id is not None:
        raise CommentIsReply(
            f"{parent_id} is a reply itself, and replies have one level.", hint=f"Reply to {parent.parent_id}."
        )


async def _check_room(session: AsyncSession, video_id: str, parent_id: str | None) -> None:
    there = select(func.count()).select_from(CommentRow)
    if (await session.scalar(there.where(CommentRow.video_id == video_id)) or 0) >= MAX_PER_VIDEO:
        raise CommentsFull(f"This video has {MAX_PER_VIDEO} comments.", hint="Its owner can delete old ones.")
    if parent_id and (await session.scalar(there.where(CommentRow.parent_id == parent_id)) or 0) >= MAX_REPLIES:
        raise CommentsFull(f"This comment has {MAX_REPLIES} replies.", hint="Write a new comment at the same time.")


def _record_created(session: AsyncSession, video: VideoRow, row: CommentRow) -> None:
    data = {
        **{"comment_id": row.id, "video_id": video.id, "title": video.title, "parent_id": row.parent_id},
        **{"at_s": row.at_s, "end_s": row.end_s, "text": row.text, "author": row.author},
        "visitor": row.user_id is None,
    }
    record_event(session, "comment.created", owner_id=video.owner_id, subject_id=video.id, data=data)
