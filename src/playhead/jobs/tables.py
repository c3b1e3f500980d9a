"""Tables of jobs and workers.

A job's row is the intent, written in the transaction of the request that wants the job. The engine runs it; a lost
engine database can be filled again from the rows.
"""

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import JSON, CheckConstraint, Connection, Index, Table, Text, event, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

JobState = Literal["queued", "running", "succeeded", "failed", "canceled"]
WorkerState = Literal["starting", "ready", "failed"]

ACTIVE: tuple[JobState, ...] = ("queued", "running")
FINISHED: tuple[JobState, ...] = ("succeeded", "failed", "canceled")

_HOLDS_KEY = "dedupe_key IS NOT NULL AND state IN ('queued', 'running', 'succeeded')"
_STATES = ", ".join(f"'{state}'" for state in get_args(JobState))


def _own_id(context: DefaultExecutionContext) -> str:
    """A job of its own group, unless it joined another's."""
    return str(context.get_current_parameters()["id"])  # type: ignore[no-untyped-call]


class JobRow(Base):
    """One job. ``run`` counts the requests of people, ``attempts`` the workers that began this run.

    ``dedupe_key`` is unique among jobs that are queued, running or succeeded; one that failed or was canceled
    frees it. ``group_id`` is the first of the jobs that lists show as one (``jobs.groups``). ``priority`` is the job's
    turn in its queue (``jobs.priorities``); 0 is of an earlier version and first.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_jobs_owner_id_created_at_id", "owner_id", "created_at", "id"),
        Index("ix_jobs_owner_id_group_id", "owner_id", "group_id"),
        Index("ix_jobs_state", "state"),
        Index("ix_jobs_project_id_created_at", "project_id", "created_at"),
        Index("ix_jobs_video_id", "video_id"),
        Index("ix_jobs_kind_state_place", "kind", "state", "place", "owner_id"),
        Index(
            "uq_jobs_dedupe_key",
            "dedupe_key",
            unique=True,
            sqlite_where=text(_HOLDS_KEY),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    owner_id: Mapped[str]
    project_id: Mapped[str | None]
    video_id: Mapped[str | None]
    title: Mapped[str] = mapped_column(Text)
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str | None]
    group_id: Mapped[str | None] = mapped_column(default=_own_id)
    state: Mapped[JobState] = mapped_column(Text)
    priority: Mapped[int] = mapped_column("place", default=0, server_default="0")
    progress: Mapped[float] = mapped_column(default=0.0)
    step: Mapped[str | None] = mapped_column(Text)
    run: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)
    error_retryable: Mapped[bool | None]
    log_tail: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    attempt_started_at: Mapped[datetime | None]
    attempt_progress: Mapped[float] = mapped_column(default=0.0)
    finished_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        """Queued or running."""
        return self.state in ACTIVE

    def eta_s(self, now: datetime) -> float | None:
        """Seconds until the end, by the pace of this attempt and the expectation of its kind; None while unknown.

        A kind that knows beforehand how long a job takes writes ``expected_s`` beside its arguments. The longer the
        attempt runs against that, the less the expectation counts.
        """
        if self.state != "running" or self.attempt_started_at is None:
            return None
        elapsed = (now - self.attempt_started_at).total_seconds()
        done, left = self.progress - self.attempt_progress, 1 - self.progress
        at_pace = elapsed * left / done if elapsed >= 1 and done >= 0.01 else None
        expected_s: float | None = (self.args or {}).get("expected_s")
        if not expected_s:
            return None if at_pace is None else round(at_pace, 1)
        trusted = 0.0 if at_pace is None else elapsed / (elapsed + expected_s / 4)
        return round(expected_s * left * (1 - trusted) + (at_pace or 0.0) * trusted, 1)


@event.listens_for(JobRow.__table__, "before_create")
def _partial_index(table: Table, connection: Connection, **_: Any) -> None:
    """``postgresql_where`` of the dedupe key; given above, it would load that dialect into every process (2 MiB)."""
    if connection.dialect.name == "postgresql":
        for index in table.indexes:
            if index.name == "uq_jobs_dedupe_key":
                index.dialect_options["postgresql"]["where"] = text(_HOLDS_KEY)


class PartRow(Base):
    """Progress of one part of an active job (``jobs.parts``). ``attempts`` counts the workers that began it."""

    __tablename__ = "job_parts"

    job_id: Mapped[str] = mapped_column(primary_key=True)
    run: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    attempts: Mapped[int] = mapped_column(default=1)
    worker: Mapped[str]
    progress: Mapped[float] = mapped_column(default=0.0)


class WorkerRow(Base):
    """The heartbeat of one worker process. ``seen`` is in seconds since 1970 by the database's own clock.

    ``reason`` is the cause of a failure; it stays while the worker starts again. Workers of 0.1.0 have no state, which
    reads as ``ready``.
    """

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    started: Mapped[float]
    seen: Mapped[float]
    state: Mapped[WorkerState] = mapped_column(Text, default="ready", server_default="ready")
    version: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(Text)
    hint: Mapped[str | None] = mapped_column(Text)
