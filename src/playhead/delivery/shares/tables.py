"""Rows of share links. No row holds a link or a password: only hashes."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base


class ShareRow(Base):
    """One share link of one video.

    Attributes:
        key_id: The signing key that its token is derived from.
        comments: ``off``, ``read`` or ``write``: what visitors may do with the comments.
        views: How many viewers have begun to play; written every few seconds at most.
    """

    __tablename__ = "shares"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    video_id: Mapped[str] = mapped_column(String(40), ForeignKey("videos.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[str] = mapped_column(String(40))
    key_id: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    allow_download: Mapped[bool]
    comments: Mapped[str] = mapped_column(String(8), default="off", server_default="off")
    views: Mapped[int] = mapped_column(BigInteger, default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def __repr__(self) -> str:
        return f"ShareRow({self.id!r}, video_id={self.video_id!r})"
