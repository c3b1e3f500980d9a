"""Rows of detection: messages of Twitch that were handled, and what the doctor shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base


class EventsubMessageRow(Base):
    """An EventSub message that was handled: its row is written with the change that it caused, or not at all."""

    __tablename__ = "eventsub_messages"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)


class DetectionNoteRow(Base):
    """A fact about detection that other processes and the doctor read (`detect.notes`)."""

    __tablename__ = "detection_notes"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
