"""Rows of comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base


class CommentRow(Base):
    """A comment at a time of a video, or a reply to one.

    Attributes:
        parent_id: The comment that a reply answers; a reply has no time of its own.
        at_s, end_s: Half-open span in seconds; without an end it is about one moment.
        user_id: The user who wrote it; None for a visitor of a share link. No foreign key: it outlives the user.
        share_id: The link that a visitor wrote it through; no foreign key, as it outlives the link.
        visitor_hash: Hash of the secret by which a visitor's browser may change it.
        author: Name to show, as it was then.
    """

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_video_id_at_s", "video_id", "at_s", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    video_id: Mapped[str] = mapped_column(String(40), ForeignKey("videos.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(String(40), ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    at_s: Mapped[float | None]
    end_s: Mapped[float | None]
    text: Mapped[str] = mapped_column(String(2000))
    author: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[str | None] = mapped_column(String(40))
    share_id: Mapped[str | None] = mapped_column(String(40))
    visitor_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(100))

    def __repr__(self) -> str:
        return f"CommentRow({self.id!r}, video_id={self.video_id!r})"
