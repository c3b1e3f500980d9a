"""Threads: a comment with its replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.comments.shapes import Author, Comment, Reply
from playhead.catalog.comments.tables import CommentRow
from playhead.catalog.comments.writer import Writer
from playhead.catalog.tables import VideoRow


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies, oldest first."""

    comment: CommentRow
    replies: Sequence[CommentRow] = ()

    def resource(self, video: VideoRow, reader: Writer) -> Comment:
        """The thread in the words of the API, as one of its readers sees it."""
        row = self.comment
        return Comment(
            **_common(row, video, reader),
            at_s=row.at_s,
            end_s=row.end_s,
            parent_id=row.parent_id,
            resolved_at=row.resolved_at,
            resolved_by=row.resolved_by,
            replies=[Reply(**_common(reply, video, reader)) for reply in self.replies],
        )


async def replies_to(session: AsyncSession, ids: Sequence[str]) -> dict[str, list[CommentRow]]:
    """The replies to each of some comments, oldest first; a comment without any is left out."""
    found: dict[str, list[CommentRow]] = {}
    rows = select(CommentRow).where(CommentRow.parent_id.in_(ids)).order_by(CommentRow.id)
    for row in await session.scalars(rows):
        found.setdefault(row.parent_id or "", []).append(row)
    return found


def _common(row: CommentRow, video: VideoRow, reader: Writer) -> dict[str, Any]:
    kind: Author = "visitor" if row.user_id is None else "owner" if row.user_id == video.owner_id else "user"
    return {
        **{name: getattr(row, name) for name in ("id", "video_id", "text", "author", "created_at", "edited_at")},
        "author_kind": kind,
        "is_mine": reader.wrote(row),
    }
