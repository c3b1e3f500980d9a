"""``/jobs``: lists of jobs, one job, its steps, cancel and retry, and a live feed of its changes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Query, Response, status
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlalchemy.orm.attributes import set_committed_value

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.cursors import page_of
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.server import Stopping
from playhead.api.services import Needs
from playhead.api.shapes import PageShape, Shape, Timestamp
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.errors import JobKindUnknown, JobNotFound
from playhead.jobs.groups import GroupFilter, page_of_groups
from playhead.jobs.kinds import JobKinds
from playhead.jobs.shapes import Job, JobGroup, group_resource, job_resource
from playhead.jobs.tables import JobRow, JobState
from playhead.jobs.watch import JobWatcher
from playhead.kit.clock import utc_now
from playhead.kit.ids import is_id

router = APIRouter(prefix="/jobs", tags=["jobs"], route_class=IdempotentRoute)

Feed = AsyncGenerator[JobRow, None]
Reader = Annotated[Principal, Depends(requires("jobs:read"))]
Writer = Annotated[Principal, Depends(requires("jobs:write"))]


class JobPage(PageShape[Job]):
    """A page of jobs."""


class JobGroupPage(PageShape[JobGroup]):
    """A page of groups of jobs."""


class JobStep(Shape):
    """One recorded part of a job."""

    name: Annotated[str, Field(description="As it was recorded; for programs.")]
    title: Annotated[str, Field(description="What it did, in words, such as `Render clip 1 (harbour)`.")]
    state: Literal["succeeded", "failed"]
    started_at: Timestamp | None
    finished_at: Timestamp | None
    error: str | None


class JobKindWord(Shape):
    """A kind of job, and what people call it."""

    kind: str
    title: str
    background: Annotated[
        bool, Field(description="Recorded by the server itself: lists fold it away, as the stills of a new video.")
    ]


class JobKindWords(Shape):
    """All kinds of job, by title."""

    items: list[JobKindWord]


class JobSteps(Shape):
    """The finished steps of a job's latest run, in order."""

    items: list[JobStep]


async def _own(job_id: str, principal: Principal, jobs: Jobs) -> JobRow:
    if not is_id("job", job_id):
        raise JobNotFound(f"There is no job {job_id}.")
    job = await jobs.get(job_id)
    if job.owner_id != principal.user_id and not principal.is_admin:
        raise JobNotFound(f"There is no job {job_id}.")
    return job


async def _readable(job_id: str, principal: Reader, jobs: Needs[Jobs]) -> JobRow:
    return await _own(job_id, principal, jobs)


async def _writable(job_id: str, principal: Writer, jobs: Needs[Jobs]) -> JobRow:
    return await _own(job_id, principal, jobs)


@router.get("", response_model=JobPage, responses=problem_responses(400, 401, 403))
async def list_jobs(
    principal: Reader,
    kinds: Needs[JobKinds],
    database: Needs[Database],
    state: JobState | None = None,
    kind: Annotated[str | None, Query(max_length=40, description="One of `/jobs/kinds`.")] = None,
    background: Annotated[
        bool | None, Query(description="False leaves out background kinds, true lists them alone.")
    ] = None,
    project_id: Annotated[str | None, Query(max_length=40)] = None,  # of a deleted one, too
    group_id: Annotated[str | None, Query(max_length=40, description="Of a group of `/jobs/groups`.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> JobPage:
    """List your jobs, newest first."""
    _check_kind(kind, kinds)
    statement = select(JobRow).where(JobRow.owner_id == principal.user_id).options(defer(JobRow.args))
    if background is not None:
        folded = JobRow.kind.in_([known.name for known in kinds if known.background])
        statement = statement.where(folded if background else ~folded)
    filters = {"state": state, "kind": kind, "project_id": project_id, "group_id": group_id}
    statement = statement.filter_by(**{name: value for name, value in filters.items() if value is not None})
    if (project_id is not None and not is_id("prj", project_id)) or (group_id and not is_id("job", group_id)):
        return JobPage(items=[], next_cursor=None)
    async with database.read() as session:
        page = await page_of(session, statement, JobRow.created_at, JobRow.id, "-created_at", limit, cursor)
        await _read_arguments(session, page.items)
    now = utc_now()
    return JobPage(items=[job_resource(job, now) for job in page.items], next_cursor=page.next_cursor)


@router.get("/groups", response_model=JobGroupPage, responses=problem_responses(400, 401, 403))
async def list_groups(
    principal: Reader,
    kinds: Needs[JobKinds],
    database: Needs[Database],
    state: Annotated[JobState | None, Query(description="Groups with at least one job in this state.")] = None,
    active: Annotated[bool | None, Query(description="Groups with a job that is queued or running, or not.")] = None,
    kind: Annotated[str | None, Query(max_length=40, description="One of `/jobs/kinds`.")] = None,
    background: Annotated[
        bool | None, Query(description="False leaves out background kinds, true lists them alone.")
    ] = None,
    project_id: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> JobGroupPage:
    """List what you did, newest first: small jobs that belong together are one line, such as `Prepared 12 videos`."""
    _check_kind(kind, kinds)
    named = {known.name: known for known in kinds}
    shown = {name for name, known in named.items() if kind in (None, name) and background in (None, known.background)}
    if project_id is not None and not is_id("prj", project_id):
        return JobGroupPage(items=[], next_cursor=None)
    wanted = GroupFilter(owner_id=principal.user_id, state=state, active=active, kinds=shown, project_id=project_id)
    async with database.read() as session:
        page = await page_of_groups(session, kinds, wanted, limit=limit, cursor=cursor)
        await _read_arguments(session, [group.job for group in page.items if group.job])
    now = utc_now()
    items = [group_resource(group, named[group.kind], now) for group in page.items]
    return JobGroupPage(items=items, next_cursor=page.next_cursor)


def _check_kind(kind: str | None, kinds: JobKinds) -> None:
    words = {known.name: known.title for known in kinds}
    if kind is not None and kind not in words:
        raise JobKindUnknown(kind, words)


async def _read_arguments(session: AsyncSession, jobs: Sequence[JobRow]) -> None:
    """Read what a list shows of the arguments of jobs, each of which may have 2,000 clips."""
    shown = select(JobRow.id, JobRow.args["version"].as_integer(), JobRow.args["expected_s"].as_float())
    found = await session.execute(shown.where(JobRow.id.in_([job.id for job in jobs])))
    known = {job_id: {"version": version, "expected_s": expected_s} for job_id, version, expected_s in found}
    for job in jobs:
        set_committed_value(job, "args", known.get(job.id, {}))


@router.get("/kinds", response_model=JobKindWords, responses=problem_responses(401, 403))
async def list_kinds(principal: Reader, kinds: Needs[JobKinds]) -> JobKindWords:  # noqa: ARG001
    """List the kinds of job, as `?kind=` takes them, with the word that people read."""
    words = [JobKindWord(kind=kind.name, title=kind.title, background=kind.background) for kind in kinds]
    return JobKindWords(items=sorted(words, key=lambda word: word.title))


@router.get("/{job_id}", response_model=Job, responses=problem_responses(401, 403, 404))
async def get_job(job: Annotated[JobRow, Depends(_readable)], jobs: Needs[Jobs]) -> Job:
    """Read one job; an active one is compared with the job engine first."""
    if job.is_active and await jobs.reconcile([job.id]):
        job = await jobs.get(job.id)
    return job_resource(job, utc_now())


@router.get("/{job_id}/steps", response_model=JobSteps, responses=problem_responses(401, 403, 404, 503))
async def list_steps(job: Annotated[JobRow, Depends(_readable)], jobs: Needs[Jobs]) -> JobSteps:
    """List the finished steps of a job's latest run."""
    return JobSteps(items=[JobStep.model_validate(step) for step in await jobs.steps(job.id)])


@router.post("/{job_id}/cancel", response_model=Job, responses=problem_responses(401, 403, 404, 409))
async def cancel_job(job: Annotated[JobRow, Depends(_writable)], jobs: Needs[Jobs]) -> Job:
    """End a job; its ffmpeg is gone within two seconds."""
    return job_resource(await jobs.cancel(job.id), utc_now())


@router.post(
    "/{job_id}/retry",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(401, 403, 404, 409),
)
async def retry_job(response: Response, job: Annotated[JobRow, Depends(_writable)], jobs: Needs[Jobs]) -> Job:
    """Run a failed or canceled job again."""
    again = await jobs.retry(job.id)
    response.headers["Location"] = f"/api/v1/jobs/{again.id}"
    return job_resource(again, utc_now())


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    responses=problem_responses(401, 403, 404),
)
async def follow_job(
    job: Annotated[JobRow, Depends(_readable)], watcher: Needs[JobWatcher], stopping: Needs[Stopping]
) -> AsyncIterator[ServerSentEvent]:
    """Follow a job: `event: job` with the whole job on each change, `event: end` after its last.

    Each event holds all there is, so a client that reconnects with `Last-Event-ID` has missed nothing.
    """
    number = 0
    async with aclosing(_until(cast(Feed, watcher.watch(job.id)), stopping)) as changes:
        async for row in changes:
            number += 1
            yield ServerSentEvent(
                event="job", id=str(number), data=job_resource(row, utc_now()).model_dump(mode="json"), retry=2000
            )
            if not row.is_active:
                yield ServerSentEvent(event="end", id=str(number + 1), data={"state": row.state})


async def _until(changes: Feed, stopping: asyncio.Event) -> Feed:
    """Pass changes on until the server stops."""
    stop = asyncio.create_task(stopping.wait(), name="feed until stop")
    change: asyncio.Future[JobRow] | None = None
    try:
        while True:
            change = asyncio.ensure_future(anext(changes))
            await asyncio.wait([stop, change], return_when=asyncio.FIRST_COMPLETED)
            if not change.done():
                return
            try:
                yield change.result()
            except StopAsyncIteration:
                return
    finally:
        stop.cancel()
        if change is not None and not change.done():  # the reader left: the watcher must hear of it, too
            change.cancel()
            await asyncio.wait([change])
        await changes.aclose()
