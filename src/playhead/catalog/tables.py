"""Rows of the catalog."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, ForeignKey, Index, String, Table, event, false, text
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

_IN_TRASH = "trashed_at IS NOT NULL"
"""The index holds the trash alone: lists of all other videos, which are many, must never be read by it."""


class VideoRow(Base):
    """A video: ``preparing`` until its bytes are verified in the store, then ``ready`` or ``errored``.

    While ``trashed_at`` is set it is in the trash: people and links do not find it (`catalog.visible`); its bytes stay.
    ``trashed_by`` is an email, or ``retention``. ``keep`` has retention leave it alone. ``watched_at`` is the last time
    at which bytes of it were sent, to the minute. ``poster_choice`` is the poster that somebody chose
    (`posters`), before the automatic one.
    """

    __tablename__ = "videos"
    __table_args__ = (
        Index("ix_videos_owner_created", "owner_id", "created_at", "id"),
        Index("ix_videos_owner_title", "owner_id", "title", "id"),
        Index("ix_videos_owner_duration", "owner_id", "duration_s", "id"),
        Index("ix_videos_owner_size", "owner_id", "size_bytes", "id"),
        Index("ix_videos_trashed_at", "trashed_at", sqlite_where=text(_IN_TRASH)),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(500))
    filename: Mapped[str | None] = mapped_column(String(255))
    origin: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(String(1000))
    error_hint: Mapped[str | None] = mapped_column(String(500))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    container: Mapped[str | None] = mapped_column(String(64))
    duration_s: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    fps: Mapped[float | None]
    video_codec: Mapped[str | None] = mapped_column(String(32))
    audio_codec: Mapped[str | None] = mapped_column(String(32))
    probe: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    poster_sha256: Mapped[str | None] = mapped_column(String(64))
    poster_size_bytes: Mapped[int | None]
    poster_choice: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    job_id: Mapped[str | None] = mapped_column(String(40))
    project_id: Mapped[str | None] = mapped_column(String(40), index=True)
    version: Mapped[int] = mapped_column(default=1)
    link_generation: Mapped[int] = mapped_column(default=0, server_default="0")
    keep: Mapped[bool] = mapped_column(default=False, server_default=false())
    watched_at: Mapped[datetime | None]
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[str | None] = mapped_column(String(254))
    trash_reason: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def has_poster(self) -> bool:
        """Whether there is one, chosen or automatic."""
        return self.poster_choice is not None or self.poster_sha256 is not None

    @property
    def poster_version(self) -> str:
        """What names a chosen poster in URLs; empty for the automatic one."""
        return str(self.poster_choice["sha256"])[:8] if self.poster_choice else ""


@event.listens_for(VideoRow.__table__, "before_create")
def _partial_index(table: Table, connection: Connection, **_: Any) -> None:
    """``postgresql_where`` of the trash; given above, it would load that dialect into every process (2 MiB)."""
    if connection.dialect.name == "postgresql":
        for index in table.indexes:
            if index.name == "ix_videos_trashed_at":
                index.dialect_options["postgresql"]["where"] = text(_IN_TRASH)


class ArtifactRow(Base):
    """A file made from a video and kept beside it: a storyboard, an animated preview, a rendition."""

    __tablename__ = "artifacts"

    video_id: Mapped[str] = mapped_column(String(40), ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class UploadRow(Base):
    """A resumable upload; its video's id is reserved at the start, so that finishing twice makes one video.

    ``writer`` is the request that adds bytes, as long as it renews ``writer_until``; ``wanted_by`` the newest one that
    asked to. ``concat`` is ``partial`` or ``final`` where a file comes in parts: ``parts`` lists those of a final one,
    each with its size, and ``final_id`` names it in each of them.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    video_id: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(500))
    filename: Mapped[str | None] = mapped_column(String(255))
    metadata_header: Mapped[str | None] = mapped_column(String(4096))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    completed_at: Mapped[datetime | None]
    writer: Mapped[str | None] = mapped_column(String(32))
    writer_until: Mapped[datetime | None]
    wanted_by: Mapped[str | None] = mapped_column(String(32))
    concat: Mapped[str | None] = mapped_column(String(8))
    parts: Mapped[list[tuple[str, int]] | None] = mapped_column(JSON)
    final_id: Mapped[str | None] = mapped_column(String(40))


class PendingDeletionRow(Base):
    """Bytes whose owner is gone; kept until the store confirms that they are, too."""

    __tablename__ = "pending_deletions"

    prefix: Mapped[str] = mapped_column(String(200), primary_key=True)
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class RenderRow(Base):
    """A rendered piece in the store, named by the hash of its source and profile, for this job and later ones."""

    __tablename__ = "renders"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)
