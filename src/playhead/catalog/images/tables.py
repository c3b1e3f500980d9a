"""Rows of images."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

ImageOrigin = Literal["upload", "frame"]
FramePlace = Literal["first", "last"]


class ImageRow(Base):
    """A still image whose bytes were decoded whole, and are in the store.

    Attributes:
        width, height: As displayed: orientation applied. Pixels.
        thumbnails: ``sha256`` and ``size_bytes`` by width.
        video_id, frame: The video that it is the first or last frame of. No foreign key: it outlives the video.
    """

    __tablename__ = "images"
    __table_args__ = (
        Index("ix_images_owner_id_id", "owner_id", "id"),
        UniqueConstraint("owner_id", "video_id", "frame"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(500))
    origin: Mapped[ImageOrigin] = mapped_column(String(16))
    content_type: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    thumbnails: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON)
    video_id: Mapped[str | None] = mapped_column(String(40))
    frame: Mapped[FramePlace | None] = mapped_column(String(8))
    created_at: Mapped[datetime]
