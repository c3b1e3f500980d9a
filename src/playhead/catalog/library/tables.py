"""Rows of the library."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base


class CollectionRow(Base):
    """A named set of an owner's videos. ``folded`` is its name without case: no two of an owner are alike."""

    __tablename__ = "collections"
    __table_args__ = (UniqueConstraint("owner_id", "folded"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    folded: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class CollectionVideoRow(Base):
    """A video in a collection."""

    __tablename__ = "collection_videos"

    collection_id: Mapped[str] = mapped_column(ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True)
    video_id: Mapped[str] = mapped_column(ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True, index=True)
    added_at: Mapped[datetime]


class VideoTagRow(Base):
    """A tag of a video, folded; ``owner_id`` is the video's, so that an owner's tags are one index."""

    __tablename__ = "video_tags"
    __table_args__ = (Index("ix_video_tags_owner_tag", "owner_id", "tag"),)

    video_id: Mapped[str] = mapped_column(String(40), ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(100), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(40))


class SavedSearchRow(Base):
    """A named search of the library: ``query`` holds its filters, as the library's URL spells them."""

    __tablename__ = "saved_searches"
    __table_args__ = (UniqueConstraint("owner_id", "folded"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    folded: Mapped[str] = mapped_column(String(200))
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class WatchMarkRow(Base):
    """How far a user has watched a video: ``position_s`` is where to continue, 0 for the start."""

    __tablename__ = "watch_marks"
    __table_args__ = (Index("ix_watch_marks_user_updated", "user_id", "updated_at"),)

    user_id: Mapped[str] = mapped_column(String(40), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    video_id: Mapped[str] = mapped_column(
        String(40), ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position_s: Mapped[float]
    watched: Mapped[bool]
    updated_at: Mapped[datetime]
