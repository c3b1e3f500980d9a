"""Rows of caption tracks."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

CaptionKind = Literal["captions", "subtitles"]
CaptionOrigin = Literal["upload", "transcription", "embedded", "reel"]


class CaptionTrackRow(Base):
    """Timed text of a video.

    Attributes:
        kind: ``captions`` describe what is heard for those who do not hear it, ``subtitles`` translate what is said.
        is_default: Whether players show it without being asked; of a video at most one.
        cues: As of `word_json.cue_facts`; large, so only read where it is asked for.
        engine: Speech engine and model that wrote it; None where people or files did.
        cpu_s: Processor seconds that this took.
        version: Raised with every change; part of the URLs under which players fetch it.
    """

    __tablename__ = "caption_tracks"
    __table_args__ = (Index("ix_caption_tracks_video_id_id", "video_id", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    video_id: Mapped[str] = mapped_column(String(40), ForeignKey("videos.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(45))
    label: Mapped[str] = mapped_column(String(120))
    kind: Mapped[CaptionKind] = mapped_column(String(16))
    is_default: Mapped[bool]
    origin: Mapped[CaptionOrigin] = mapped_column(String(16))
    cue_count: Mapped[int]
    cues: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    engine: Mapped[str | None] = mapped_column(String(120))
    cpu_s: Mapped[float | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
