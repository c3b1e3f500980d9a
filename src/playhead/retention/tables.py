"""Rows of retention. What it removed is in the audit trail, which outlives the videos."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base


class PolicyRow(Base):
    """A policy: which videos it is for, and how much of them stays.

    Attributes:
        scope: ``all``, ``origin:recording``, ``channel:chn_...``; one policy for each. A channel's comes before its
            origin's, which comes before the one for all.
        max_age_s: Seconds since a video was made. None, as for the other limits: no limit.
        max_size_bytes: Of all its videos together.
    """

    __tablename__ = "retention_policies"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope: Mapped[str] = mapped_column(String(64), unique=True)
    origin: Mapped[str | None] = mapped_column(String(16))
    channel_id: Mapped[str | None] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    enabled: Mapped[bool] = mapped_column(default=True)
    max_age_s: Mapped[int | None] = mapped_column(BigInteger)
    max_size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    max_count: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RunRow(Base):
    """A pass of retention: ``queued``, ``running``, then ``done``, ``stopped`` (it needs a person) or ``failed``.

    Attributes:
        day: Date of a scheduled run, so that there is one for each.
        cause: ``schedule``, ``requested`` or ``space``.
        detail: Why it stopped or failed, in words.
    """

    __tablename__ = "retention_runs"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    job_id: Mapped[str | None] = mapped_column(String(40), index=True)
    day: Mapped[str | None] = mapped_column(String(10), unique=True)
    cause: Mapped[str] = mapped_column(String(16))
    requested_by: Mapped[str | None] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str | None] = mapped_column(String(1000))
    planned: Mapped[int] = mapped_column(default=0)
    planned_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    removed: Mapped[int] = mapped_column(default=0)
    removed_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
