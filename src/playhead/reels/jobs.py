"""Job that stitches a project into a reel, and what else is true in the moment it ends.

The reel's bytes are stored under the id of a video that has no row yet: nobody sees it before the last transaction.
"""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.admission import Admitted, Stored
from playhead.catalog.captions.tracks import NewTrack, add_track
from playhead.catalog.deletions import Deletions
from playhead.catalog.indexes import Indexes
from playhead.catalog.jobs import make_poster_of
from playhead.catalog.pipeline import RENDER, Pipeline, Wording, read_json, write_json
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import is_id, new_id
from playhead.reels.in_words import in_words
from playhead.reels.paces import POSTER_S, latest_paces, measured
from playhead.reels.planning import LoweredEdit
from playhead.reels.sources import Sources, gone_error, read_sources
from playhead.reels.step_titles import stitch_step_titles
from playhead.reels.tables import ProjectRow, VariantRow
from playhead.reels.views import STITCH, VARIANT
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.render.costs import Work
    from playhead.media.render.plan import StitchPlan

SURVEYS = "surveys.json"


class StitchJob:
    """A job that makes the reel of a project's snapshot with the render pipeline.

    Every step is recorded, and what a later step needs is in the store, so another worker on another host can go on.
    """

    def __init__(
        self, database: Database, videos: Videos, deletions: Deletions, indexes: Indexes, pipeline: Pipeline
    ) -> None:
        self._database = database
        self._videos = videos
        self._deletions = deletions
        self._indexes = indexes
        self._pipeline = pipeline

    def kind(self, name: str = STITCH, title: str = "Stitch") -> JobKind:
        """The kind of job, for the engine."""
        return JobKind(
            name=name,
            title=title,
            doing="Stitching",
            done="Stitched",
            queue="media",
            run=self.run,
            step_titles=stitch_step_titles,
            parts={RENDER: self._render},
            on_succeeded=self._mark,
            on_failed=self._abandon,
            on_canceled=self._abandon,
            on_retried=_begin_anew,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Make the reel and store it under its ``video_id``; nothing else stays behind but the render cache.

        Returns:
            ``written`` (size and hash), ``probe``, ``poster`` (or None), facts of the ``plan``, and what it took
            (``measured``), for which all must have run in this attempt.
        """
        try:
            with in_words(args["clips"]):
                result = await self._stitch(context, args)
        except Exception:
            # Stopped attempts (canceled, taken over) pass by: another may still need it all; the sweep has the rest.
            await self._pipeline.clean(context, keys.video_prefix(str(args["video_id"])))
            raise
        await self._pipeline.clean(context)
        return result

    async def _stitch(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        from playhead.media.render.costs import Work

        begun, video_id, clips = monotonic(), str(args["video_id"]), args["clips"]
        await context.progress(0.0, f"Looking at {len(clips)} {'clip' if len(clips) == 1 else 'clips'}")
        await context.step("survey", self._survey, context, args)
        maker = self._pipeline.maker(
            context,
            _wording(args),
            result=keys.original(video_id),
            on_planned=partial(self._expect, context.job_id),
        )
        made = await maker.make(partial(self._plan, context, args), after_s=POSTER_S)
        await context.progress(made.end, "Making the poster")
        store = self._pipeline.store
        poster = await context.step("poster", make_poster_of, store, context, video_id, made.probe)
        render_s = maker.timings["render"]
        took = measured(Work(**made.planned["work"]), render_s=render_s, rest_s=monotonic() - begun - render_s)
        return {
            "written": made.written,
            "probe": made.probe,
            "poster": poster,
            "plan": {
                "summary": made.planned["summary"],
                "encoded_s": made.planned["encoded_s"],
                "fell_back": made.forced,
            },
            "measured": {} if made.forced else took,
            "captions": await context.step("captions", self._captions, args) if _has_captions(args) else None,
        }

    async def _captions(self, args: dict[str, Any]) -> dict[str, Any] | None:
        """The caption track of the reel's video, as in its file."""
        from playhead.media.captions.word_json import cue_facts

        sources = await self._sources(args)
        found = LoweredEdit.of(args, sources).soft_captions(sources)
        if found is None:
            return None
        return {"language": found.language, "cues": [cue_facts(cue) for cue in found.cues]}

    async def _render(self, context: JobContext, args: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        return await self._pipeline.render(context, _wording(args), facts)

    async def _survey(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Survey the segments of the edit from the indexes of the stored videos."""
        from playhead.media.render.costs import SURVEYED

        async def progress(fraction: float) -> None:
            await context.progress(SURVEYED * fraction)

        with in_words(args["clips"]):
            sources = await self._sources(args)
            lowered = await asyncio.to_thread(LoweredEdit.of, args, sources)
            surveys = await lowered.survey(self._indexes, sources, progress)
        facts = [survey.to_dict() for survey in surveys]
        await write_json(self._pipeline.store, keys.job_part(context.job_id, SURVEYS), facts)
        return {"clips": len(args["clips"]), "segments": len(facts)}

    async def _plan(
        self, context: JobContext, args: dict[str, Any], forced: frozenset[str]
    ) -> "tuple[StitchPlan, dict[str, str]]":
        from playhead.media.render.survey import Survey

        sources = await self._sources(args)
        known = await read_json(self._pipeline.store, keys.job_part(context.job_id, SURVEYS))
        surveys = [Survey.from_dict(facts) for facts in known]
        lowered = await asyncio.to_thread(LoweredEdit.of, args, sources)
        return await asyncio.to_thread(lowered.plan, surveys, sources, forced), sources.hashes

    async def _expect(self, job_id: str, work: "Work") -> None:
        """Record how long the job will take, so that the time left need not be extrapolated from its first moments."""
        async with self._database.write() as session:
            job = await session.get(JobRow, job_id)
            if job is not None:
                paces = await latest_paces(session)
                job.args = job.args | {"expected_s": round(paces.estimate(work).likely_s, 1)}

    async def _sources(self, args: dict[str, Any]) -> Sources:
        async with self._database.read() as session:
            return await read_sources(session, args, self._pipeline.tools.fonts)

    async def _mark(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        """The reel becomes a video, and the project's reel unless a later version was quicker; one transaction."""
        if job.attempts == 1:  # a later attempt finds done what it would measure
            job.args = job.args | {"measured": result.get("measured", {})}
        await self._videos.admit(
            session,
            Admitted(
                video_id=job.args["video_id"],
                owner_id=job.owner_id,
                title=job.args["title"],
                origin="reel",
                written=Stored.read(result["written"]),
                probe=result["probe"],
                poster=Stored.read(result["poster"]) if result["poster"] else None,
                project_id=job.args["project_id"],
            ),
        )
        if result.get("captions"):
            await _give_captions(session, job, result["captions"])
        await _give_reel(session, job)

    async def _abandon(self, session: AsyncSession, job: JobRow, *_: object) -> None:
        """Have the reel's bytes removed a minute from now, when also a stopped attempt has written its last."""
        await self._deletions.intend(session, keys.video_prefix(str(job.args["video_id"])))


def _wording(args: dict[str, Any]) -> Wording:
    return Wording(gone=partial(gone_error, args), rephrase=partial(in_words, args["clips"]))


async def sweep_parts(database: Database, store: Store) -> int:
    """Remove what stopped stitches left: parts, and bytes of reels that never came to be; of how many jobs."""
    found = {key.split("/")[1] async for key in _keys(store, "jobs/")}
    jobs = [job_id for job_id in found if is_id("job", job_id)]
    swept = 0
    for job_id in jobs:
        async with database.read() as session:
            job = await session.get(JobRow, job_id)
            video_id = str(job.args.get("video_id", "")) if job is not None else ""
            kept = bool(video_id) and await session.get(VideoRow, video_id) is not None
        if job is not None and job.is_active:
            continue
        await store.delete_prefix(keys.job_prefix(job_id))
        if job is not None and job.kind in (STITCH, VARIANT) and is_id("vid", video_id) and not kept:
            await store.delete_prefix(keys.video_prefix(video_id))
        swept += 1
    return swept


async def _keys(store: Store, prefix: str) -> AsyncIterator[str]:
    async for found in store.list(prefix):
        yield found.key


async def _begin_anew(session: AsyncSession, job: JobRow) -> None:
    """Another run stores its reel under another id: what is still to be removed of the last one cannot reach it."""
    if await session.get(ProjectRow, str(job.args["project_id"])) is None:
        raise Conflict(
            f"The project of job {job.id} was deleted.", code="stitch_project_gone", title="The project was deleted"
        )
    job.args = job.args | {"video_id": new_id("vid")}


async def _give_reel(session: AsyncSession, job: JobRow) -> None:
    """Make the video the reel of its project, unless a later version has one."""
    args = job.args
    project = await session.get(ProjectRow, args["project_id"])
    if project is not None and "aspect" in args:
        await _give_variant(session, job)
    elif project is not None and (project.reel_version or 0) <= args["version"]:
        project.reel_video_id, project.reel_job_id = args["video_id"], job.id
        project.reel_version, project.reel_fingerprint = args["version"], args["fingerprint"]
        project.reel_made_at = utc_now()


def _has_captions(args: dict[str, Any]) -> bool:
    return ((args.get("edit") or {}).get("captions") or {}).get("mode") in ("soft", "both")


async def _give_captions(session: AsyncSession, job: JobRow, captions: dict[str, Any]) -> None:
    """Give the reel's video the captions of the edit as a track, in its language."""
    from playhead.media.captions.word_json import cue_of

    cues = tuple(map(cue_of, captions["cues"]))
    # burned in as well, a player must not show them twice
    shown = job.args["edit"]["captions"]["mode"] == "soft"
    new = NewTrack(cues=cues, language=captions["language"], default=shown, origin="reel")
    await session.flush()
    await add_track(session, job.args["video_id"], new, utc_now())


async def _give_variant(session: AsyncSession, job: JobRow) -> None:
    """Make the video the project's reel in its shape, unless a later version has one."""
    args = job.args
    row = await session.get(VariantRow, (args["project_id"], args["aspect"]))
    if row is None:
        row = VariantRow(project_id=args["project_id"], aspect=args["aspect"], job_id=job.id)
        session.add(row)
    if (row.version or 0) <= args["version"]:
        row.video_id, row.job_id, row.made_at = args["video_id"], job.id, utc_now()
        row.version, row.fingerprint = args["version"], args["fingerprint"]
