"""What the API says of a job."""

from datetime import datetime
from typing import Annotated, get_args

from pydantic import BaseModel, Field

from playhead.api.shapes import Timestamp
from playhead.jobs.groups import Group
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow, JobState


class JobFailure(BaseModel):
    """Why a job failed, in words."""

    code: str
    message: str
    hint: str | None
    retryable: Annotated[bool, Field(description="Trying again without a change has a chance.")]


class Job(BaseModel):
    """A durable piece of work."""

    id: str
    kind: str
    title: Annotated[str, Field(description="What it is for: the title of its project or video.")]
    state: JobState
    progress: Annotated[float, Field(ge=0, le=1)]
    step: Annotated[str | None, Field(description="What it is doing, in words.")]
    attempts: int
    error: JobFailure | None
    project_id: str | None
    project_version: Annotated[
        int | None,
        Field(description="Of a stitch: the version of the project that it stitches, whatever has changed since."),
    ]
    video_id: str | None
    log_tail: Annotated[str | None, Field(description="The last lines of ffmpeg, of a failed job.")]
    eta_s: Annotated[float | None, Field(description="Estimated seconds until it ends; null while unknown.")]
    created_at: Timestamp
    started_at: Timestamp | None
    finished_at: Timestamp | None


class JobCounts(BaseModel):
    """How many jobs are in each state."""

    queued: int
    running: int
    succeeded: int
    failed: int
    canceled: int


class JobGroup(BaseModel):
    """A job, or several small ones of a kind that were recorded soon after one another."""

    id: Annotated[str, Field(description="Of its first job; `GET /jobs?group_id=` lists them.")]
    kind: str
    background: bool
    title: Annotated[str, Field(description="What was done, in words: `Stitched Demo reel`, `Preparing 12 videos`.")]
    count: int
    counts: JobCounts
    progress: Annotated[float, Field(ge=0, le=1, description="Of all of them together.")]
    project_id: str | None
    created_at: Timestamp
    finished_at: Annotated[Timestamp | None, Field(description="Null while one of them is queued or running.")]
    job: Annotated[Job | None, Field(description="The only one; null where there are several.")]


def job_resource(row: JobRow, now: datetime) -> Job:
    """Put a row into the words of the API."""
    failed = row.state == "failed" and row.error_code is not None
    return Job(
        id=row.id,
        kind=row.kind,
        title=row.title,
        state=row.state,
        progress=1.0 if row.state == "succeeded" else min(max(row.progress, 0.0), 1.0),
        step=row.step if row.is_active else None,
        attempts=row.attempts,
        error=JobFailure(
            code=row.error_code or "",
            message=row.error_message or "",
            hint=row.error_hint,
            retryable=bool(row.error_retryable),
        )
        if failed
        else None,
        project_id=row.project_id,
        project_version=(row.args or {}).get("version") if row.project_id else None,
        video_id=row.video_id,
        log_tail=row.log_tail,
        eta_s=row.eta_s(now),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def group_resource(group: Group, kind: JobKind, now: datetime) -> JobGroup:
    """Put a group into the words of the API."""
    title = group.job.title if group.job else ""
    return JobGroup(
        id=group.id,
        kind=group.kind,
        background=kind.background,
        title=kind.sentence(title, count=group.count, is_done=group.is_done, subject=group.subject),
        count=group.count,
        counts=JobCounts(**{state: group.states.get(state, 0) for state in get_args(JobState)}),
        progress=group.progress,
        project_id=group.project_id,
        created_at=group.created_at,
        finished_at=group.finished_at,
        job=job_resource(group.job, now) if group.job else None,
    )
