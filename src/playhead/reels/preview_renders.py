"""Renders of a span of a project, in low resolution: what only the reel shows, seen while it is edited.

Nothing of them is in the library; each is kept for an hour.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.files import MediaFile
from playhead.catalog.indexes import Indexes
from playhead.catalog.pipeline import RENDER, Pipeline, Wording
from playhead.db.database import Database
from playhead.errors import InvalidInput, NotFound
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import is_id
from playhead.reels.checks import check_clips
from playhead.reels.clips import total_duration
from playhead.reels.in_words import in_words
from playhead.reels.planning import LoweredEdit
from playhead.reels.projects import Projects, cancel_jobs
from playhead.reels.snapshots import digest_of, snapshot_of
from playhead.reels.sources import gone_error, read_sources
from playhead.reels.step_titles import stitch_step_titles
from playhead.reels.surveys import reel_settings
from playhead.reels.tables import ProjectRow
from playhead.reels.views import PREVIEW
from playhead.reels.windows import LONGEST_S, small, window_of, window_start_s
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.render.plan import StitchPlan

KEPT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RenderedSpan:
    """A render that was requested.

    Attributes:
        start_s, end_s: Half-open span of the reel.
        is_kept: Whether its file is there.
    """

    job: JobRow
    start_s: float
    end_s: float
    is_kept: bool


class PreviewRenders:
    """Requests of renders, and their files."""

    def __init__(self, database: Database, store: Store, jobs: Jobs, projects: Projects) -> None:
        self._database, self._store = database, store
        self._jobs, self._projects = jobs, projects

    async def request(self, principal: Principal, project_id: str, start_s: float, end_s: float) -> JobRow:
        """Ask for a span of a project as it stands; the same one again gives the same job. Another one ends the last.

        Raises:
            ProjectNotFound: none, or a stranger's.
            ProjectEmpty, Conflict: it cannot be stitched.
            InvalidInput: no span, too long, or after the reel's end.
        """
        if not 0.1 <= end_s - start_s <= LONGEST_S + 1e-6:
            raise InvalidInput(
                f"A preview of {start_s:g} s to {end_s:g} s is not possible.",
                hint=f"End it after it starts, at most {LONGEST_S:g} s later.",
            )
        async with self._database.write() as session:
            project = await self._projects.find(session, principal, project_id, lock=True)
            videos = await check_clips(session, project, self._projects.takes)
            _check_within(start_s, total_duration(project.clips, videos))
            snapshot = await snapshot_of(session, project, videos)
            before = await _active(session, project_id)
            span = {"start_s": round(start_s, 3), "end_s": round(end_s, 3)}
            job = await self._record(session, project, snapshot | span)
            if job.state == "succeeded" and not _is_kept(job):  # it waits for the sweep
                await self._jobs.release_key(session, job.id)
                job = await self._record(session, project, snapshot | span)
        await cancel_jobs(self._jobs, [job_id for job_id in before if job_id != job.id])
        await self._jobs.submit(job.id)
        return job

    async def _record(self, session: AsyncSession, project: ProjectRow, args: dict[str, Any]) -> JobRow:
        span = f"{args['start_s']:.3f}:{args['end_s']:.3f}"
        return await self._jobs.record(
            session,
            kind=PREVIEW,
            owner_id=project.owner_id,
            title=project.title,
            args=args,
            project_id=project.id,
            dedupe_key=f"{PREVIEW}:{project.id}:{digest_of(args)[:32]}:{span}",
        )

    async def get(self, principal: Principal, project_id: str, job_id: str) -> RenderedSpan:
        """One render of a project.

        Raises:
            ProjectNotFound: none, or a stranger's.
            NotFound: it has no such render.
        """
        async with self._database.read() as session:
            await self._projects.find(session, principal, project_id)
            job = await session.get(JobRow, job_id) if is_id("job", job_id) else None
        if job is None or job.kind != PREVIEW or job.project_id != project_id:
            raise NotFound(f"Project {project_id} has no preview {job_id[:60]}.", code="preview_not_found")
        if job.is_active:
            await self._jobs.reconcile([job_id])
            job = await self._jobs.get(job_id)
        made = {**job.args, **job.args.get("made", {})}
        start_s, end_s = made["start_s"], made["end_s"]
        return RenderedSpan(job, start_s, end_s, _is_kept(job))

    async def file(self, job_id: str) -> MediaFile | None:
        """The MP4 of a render; None where it is not there yet, or any more."""
        async with self._database.read() as session:
            job = await session.get(JobRow, job_id) if is_id("job", job_id) else None
        if job is None or job.kind != PREVIEW or not _is_kept(job):
            return None
        written = job.args["made"]["written"]
        return MediaFile(
            key=keys.preview(job_id),
            size_bytes=written["size_bytes"],
            sha256=written["sha256"],
            content_type="video/mp4",
            filename="preview.mp4",
            modified_at=job.finished_at or job.created_at,
        )

    async def sweep(self) -> int:
        """Remove files that have been kept long enough; their number."""
        found = [item.key async for item in self._store.list(keys.PREVIEWS)]
        swept = 0
        for key in found:
            job_id = key.removeprefix(keys.PREVIEWS).removesuffix(".mp4")
            async with self._database.write() as session:
                job = await session.get(JobRow, job_id)
                if job is not None and (job.is_active or _is_kept(job)):
                    continue
                await self._jobs.release_key(session, job_id)
            await self._store.delete(key)
            swept += 1
        return swept


def _check_within(start_s: float, length_s: float) -> None:
    if start_s >= length_s:
        raise InvalidInput(
            f"The reel ends at {length_s:.2f} s, before {start_s:g} s.", hint="Choose a span within the reel."
        )


class PreviewJob:
    """A job that renders a span of a project's snapshot; what a stitch rendered in this size is reused."""

    def __init__(self, database: Database, indexes: Indexes, pipeline: Pipeline) -> None:
        self._database, self._indexes, self._pipeline = database, indexes, pipeline

    def kind(self) -> JobKind:
        """The kind of job, for the engine."""
        return JobKind(
            name=PREVIEW,
            title="Preview",
            doing="Rendering a preview",
            done="Rendered a preview",
            background=True,
            queue="media",
            run=self.run,
            step_titles=stitch_step_titles,
            parts={RENDER: self._render},
            on_succeeded=_note_result,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Render the span; gives its place in the reel and what was ``written``."""
        with in_words(args["clips"]):
            span = await context.step("span", self._span, args)
            maker = self._pipeline.maker(context, _wording(args), result=keys.preview(context.job_id))
            made = await maker.make(partial(self._plan, args, span))
        await self._pipeline.clean(context)
        return {"written": made.written, **span}

    async def _render(self, context: JobContext, args: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        return await self._pipeline.render(context, _wording(args), facts)

    async def _span(self, args: dict[str, Any]) -> dict[str, float]:
        """Where the render begins and ends in the reel."""
        lowered, _ = await self._lowered(args)
        length_s = sum(segment.length_s for segment in lowered.segments)
        start_s = window_start_s(lowered, args["start_s"])
        return {"start_s": round(start_s, 3), "end_s": round(min(args["end_s"], length_s), 3)}

    async def _plan(
        self, args: dict[str, Any], span: dict[str, float], forced: frozenset[str]
    ) -> "tuple[StitchPlan, dict[str, str]]":
        from playhead.media.render.format import resolve
        from playhead.media.render.surveyed import for_format, surveyed

        lowered, sources = await self._lowered(args)
        whole = surveyed(lowered.segments, await lowered.survey(self._indexes, sources))
        settings = reel_settings(lowered.settings)
        window = window_of(lowered, span["start_s"], span["end_s"])
        surveys = await window.survey(self._indexes, sources)
        reduced = small(settings, resolve(for_format(whole), settings))
        plan = await asyncio.to_thread(window.plan, surveys, sources, forced, reduced)
        return plan, sources.hashes

    async def _lowered(self, args: dict[str, Any]) -> "tuple[LoweredEdit, Any]":
        async with self._database.read() as session:
            sources = await read_sources(session, args, self._pipeline.tools.fonts)
        return await asyncio.to_thread(LoweredEdit.of, args, sources), sources


def _wording(args: dict[str, Any]) -> Wording:
    return Wording(gone=partial(gone_error, args), rephrase=partial(in_words, args["clips"]))


async def _note_result(session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:  # noqa: ARG001
    job.args = job.args | {"made": result}


def _is_kept(job: JobRow, now: datetime | None = None) -> bool:
    ended = job.finished_at
    return job.state == "succeeded" and ended is not None and (now or utc_now()) < ended + KEPT


async def _active(session: AsyncSession, project_id: str) -> list[str]:
    statement = select(JobRow.id).where(
        JobRow.project_id == project_id, JobRow.kind == PREVIEW, JobRow.state.in_(ACTIVE)
    )
    return list(await session.scalars(statement))
