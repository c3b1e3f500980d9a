"""Rows of channels, their broadcasts, and recordings. The parts of a recording are files: `live.parts`."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base


class ChannelRow(Base):
    """A source that is recorded when it is live.

    ``platform`` is ``twitch``, ``site`` (streamlink resolves it) or ``url`` (HLS, RTMP, RTSP, SRT opened as it is).
    ``platform_id`` is the platform's number of it, for Twitch the broadcaster's user id.
    """

    __tablename__ = "channels"
    __table_args__ = (
        Index("ix_channels_owner_name", "owner_id", "name", "id"),
        UniqueConstraint("owner_id", "url"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(2000))
    platform: Mapped[str] = mapped_column(String(16))
    platform_id: Mapped[str | None] = mapped_column(String(64), index=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    auto_record: Mapped[bool] = mapped_column(default=True)
    qualities: Mapped[list[str]] = mapped_column(JSON)
    captures: Mapped[int] = mapped_column(default=1)
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    name_template: Mapped[str | None] = mapped_column(String(500))
    schedule: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    live_state: Mapped[str] = mapped_column(String(16), default="unknown")
    checked_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class BroadcastRow(Base):
    """One broadcast of a channel, as the platform counts them.

    ``history`` lists changes of title and category: ``{"at": RFC 3339, "title": ..., "category": ...}``.
    ``platform_stream_id`` and ``stream_started_at`` are of its newest stream; those before a reconnect within the grace
    window are in ``earlier_stream_ids``.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (
        UniqueConstraint("channel_id", "platform_stream_id"),
        Index("ix_broadcasts_channel_started", "channel_id", "started_at", "id"),
        Index("ix_broadcasts_open", "ended_at", "offline_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel_id: Mapped[str] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    platform_stream_id: Mapped[str | None] = mapped_column(String(128))
    stream_started_at: Mapped[datetime | None]
    earlier_stream_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    title: Mapped[str | None] = mapped_column(String(500))
    category: Mapped[str | None] = mapped_column(String(200))
    history: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    detected_by: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    offline_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class RecordingRow(Base):
    """A recording: ``recording``, ``finalising``, then ``ready`` or ``errored``.

    ``job_id`` is the job that records or finalises it now. ``health`` is ``starting``, ``receiving``, ``stalled`` or
    ``reconnecting`` while it records. ``gaps`` lists ``{"start_s", "length_s", "cause"}``, by time in the recording.
    ``source`` is what the capture opens: ``{"url", "quality", "platform"}``; it may hold a secret and is never shown.
    ``began_at`` is the wall clock of the first frame of its video.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "quality"),
        Index("ix_recordings_owner_started", "owner_id", "started_at", "id"),
        Index("ix_recordings_state", "state"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channels.id", ondelete="SET NULL"), index=True)
    broadcast_id: Mapped[str | None] = mapped_column(ForeignKey("broadcasts.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(500))
    source: Mapped[dict[str, Any]] = mapped_column(JSON)
    quality: Mapped[str] = mapped_column(String(32), default="best")
    captures: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16))
    health: Mapped[str] = mapped_column(String(16), default="starting")
    job_id: Mapped[str | None] = mapped_column(String(40))
    worker: Mapped[str | None] = mapped_column(String(200))
    video_id: Mapped[str | None] = mapped_column(String(40), index=True)
    stop_requested_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    duration_s: Mapped[float] = mapped_column(default=0.0)
    bytes_per_s: Mapped[float] = mapped_column(default=0.0)
    gaps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(String(1000))
    error_hint: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
