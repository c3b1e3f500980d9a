"""Rows of projects and their clips."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from playhead.db.base import Base


class ProjectRow(Base):
    """An ordered edit, and the reel it was last stitched into.

    Attributes:
        edit: What lies over and under all clips, as a `ReelEdit`, without its defaults.
        edited_version: The version of the last edit, where only takes have arrived since; null: the present one. A
            change that was made on it collides with nothing.
    """

    __tablename__ = "projects"
    __table_args__ = (
        Index("ix_projects_owner_updated", "owner_id", "updated_at", "id"),
        Index("ix_projects_owner_title", "owner_id", "title", "id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(default=1)
    edited_version: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    fps: Mapped[float | None]
    background: Mapped[str] = mapped_column(String(7), default="#000000")
    codec: Mapped[str] = mapped_column(String(8), default="h264", server_default="h264")
    timing: Mapped[str] = mapped_column(String(8), default="constant", server_default="constant")
    sound: Mapped[str] = mapped_column(String(8), default="copy", server_default="copy")
    loudness_lufs: Mapped[float | None]
    reel_video_id: Mapped[str | None] = mapped_column(String(40))
    reel_job_id: Mapped[str | None] = mapped_column(String(40))
    reel_version: Mapped[int | None]
    reel_fingerprint: Mapped[str | None] = mapped_column(String(64))
    reel_made_at: Mapped[datetime | None]
    edit: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    campaign_id: Mapped[str | None] = mapped_column(String(40), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    clips: Mapped[list["ClipRow"]] = relationship(
        order_by="ClipRow.position", cascade="all, delete-orphan", lazy="selectin"
    )


class ClipRow(Base):
    """A half-open span of one video, by its place in the project; an image, a card, or a prompt without a video yet.

    ``video_id`` is no foreign key: a deleted video leaves its clip behind, so that the edit is not lost. It is null
    until the prompt has a take. ``prompt`` holds text, provider, model, parameters and inputs; ``card`` and ``effects``
    what the API calls so, without defaults.
    """

    __tablename__ = "clips"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    video_id: Mapped[str | None] = mapped_column(String(40), index=True)
    prompt: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    image_id: Mapped[str | None] = mapped_column(String(40), index=True)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    effects: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    start_s: Mapped[float]
    end_s: Mapped[float | None]


class VariantRow(Base):
    """The latest reel of a project in another shape than its own.

    Attributes:
        aspect: Such as ``9:16``.
    """

    __tablename__ = "reel_variants"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    aspect: Mapped[str] = mapped_column(String(8), primary_key=True)
    video_id: Mapped[str | None] = mapped_column(String(40))
    job_id: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int | None]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None]
