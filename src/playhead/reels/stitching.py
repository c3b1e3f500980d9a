"""The steps of a stitch: survey, plan, render what cannot be copied on all workers, join, verify what the store holds.

Every step is recorded. What a later step needs lies in the store, so another worker on another host can go on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog

from playhead.catalog.jobs import make_poster_of
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import videos_by_id
from playhead.db.database import Database
from playhead.jobs.context import JobContext, Part
from playhead.jobs.tables import JobRow
from playhead.media.errors import VerifyFailed
from playhead.reels.blueprint import Blueprint, portions, read_json, write_json
from playhead.reels.errors import ClipVideoGone
from playhead.reels.in_words import in_words, spoken
from playhead.reels.joining import Joining
from playhead.reels.paces import Work, latest_paces, measured
from playhead.reels.rendering import MediaTools, Rendering
from playhead.reels.renders import Renders
from playhead.reels.surveys import Indexes, asked, survey_clips
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.stitch.plan import StitchPlan
    from playhead.media.stitch.tasks import RenderTask

log = structlog.get_logger(__name__)

ROUNDS = 3
"""How often a reel is joined: after the first time without the copies that did not decode, at last without any."""

SURVEYED = 0.02
JOINED_S, VERIFIED_S, POSTER_S = 0.01, 0.05, 1.0
"""Seconds of work for each second of the reel, about; and for the poster. The progress bar is divided by them."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Where on the progress bar the phases of one round begin, 0 to 1."""

    render: float
    track: float
    join: float
    verify: float
    poster: float

    @classmethod
    def of(cls, *, render_s: float, track_s: float, duration_s: float) -> "Shares":
        """Divide the bar by seconds of work."""
        ends = [render_s, track_s, *_rest_s(duration_s)]
        total, begin, starts = sum(ends), 0.0, []
        for seconds in ends:
            starts.append(SURVEYED + (1 - SURVEYED) * begin / total)
            begin += seconds
        return cls(*starts)


def _rest_s(duration_s: float) -> tuple[float, float, float]:
    """Seconds of work by the model to join, to verify, and for the poster."""
    return 0.2 + JOINED_S * duration_s, 0.5 + VERIFIED_S * duration_s, POSTER_S


def work_of(plan: "StitchPlan", missing: "Sequence[RenderTask]") -> Work:
    """The work of a stitch that renders only what is missing."""
    return Work(plan.format.codec, sum(task.weight for task in missing), sum(_rest_s(plan.duration_s)))


class Stitching:
    """Makes reels out of what one store holds."""

    def __init__(self, database: Database, store: Store, renders: Renders, indexes: Indexes, tools: MediaTools) -> None:
        self._database = database
        self._store = store
        self._renders = renders
        self._indexes = indexes
        self.rendering = Rendering(store, renders, tools)
        self._joining = Joining(store, self.rendering, tools)

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Make the reel of a snapshot and store it under its ``video_id``.

        Returns:
            ``written`` (size and hash), ``probe``, ``poster`` (or None), what the ``plan`` came to, and what it took
            (``measured``), for which all must have run in this attempt.
        """
        begun, render_s = monotonic(), 0.0
        video_id, count = str(args["video_id"]), len(args["clips"])
        await context.progress(0.0, f"Looking at {_clips(count)}")
        await context.step("survey", self._survey, context, args)
        forced: list[str] = []
        for number in range(1, ROUNDS + 1):
            again = "" if number == 1 else f" {number}"
            planned = await context.step(f"plan{again}", self._plan, context, args, number, forced)
            shares = Shares(**planned["shares"])
            rendering = monotonic()
            await self._render(context, planned, again)
            render_s += monotonic() - rendering
            made = await self._join(context, planned, video_id, again)
            if "probe" in made:
                break
            log.warning("reel_rejoined", clips=made["bad"], detail=made["reason"], round=number)
            forced = _force(planned["copied"], forced, made["bad"], last=number == ROUNDS - 1)
        else:
            raise VerifyFailed(spoken(made["reason"], args["clips"]))
        await context.progress(shares.poster, "Making the poster")
        poster = await context.step("poster", make_poster_of, self._store, context, video_id, made["probe"])
        told = {"summary": planned["summary"], "encoded_s": planned["encoded_s"], "fell_back": forced}
        rest_s = monotonic() - begun - render_s
        # A plan that an earlier version recorded tells nothing of its work.
        took = (
            {}
            if forced or "work" not in planned
            else measured(Work(**planned["work"]), render_s=render_s, rest_s=rest_s)
        )
        return {**made, "poster": poster, "plan": told, "measured": took}

    @in_words
    async def _survey(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """How each clip is coded, and where it may be cut; from the indexes of the stored videos."""
        videos = await self._videos(args)

        async def progress(fraction: float) -> None:
            await context.progress(SURVEYED * fraction)

        surveys = await survey_clips(self._indexes, args["clips"], videos, progress)
        facts = [survey.survey.to_dict() for survey in surveys]
        await write_json(self._store, keys.job_part(context.job_id, "surveys.json"), facts)
        return {"clips": len(facts)}

    @in_words
    async def _plan(self, context: JobContext, args: dict[str, Any], number: int, forced: list[str]) -> dict[str, Any]:
        """What is copied and what is rendered and why, and which of it an earlier stitch has rendered already."""
        from playhead.media.stitch.planner import ClipSurvey, plan_stitch
        from playhead.media.stitch.survey import Survey

        videos = await self._videos(args)
        facts = await read_json(self._store, keys.job_part(context.job_id, "surveys.json"))
        surveys = []
        for clip, known in zip(args["clips"], facts, strict=True):
            survey = Survey.from_dict(known)
            surveys.append(ClipSurvey(clip["clip_id"], clip["video_id"], survey, survey.start_s, survey.end_s))
        settings = asked(args["settings"])
        plan = await asyncio.to_thread(plan_stitch, surveys, settings, forced=frozenset(forced))
        blueprint = Blueprint.of(plan, {video.id: video.sha256 for video in videos.values()})
        key = keys.job_part(context.job_id, f"blueprint-{context.run}-{number}.json")
        await blueprint.write(self._store, key)
        missing = blueprint.missing(await self._renders.held(list(set(blueprint.digests.values()))))
        log.info("stitch_planned", summary=plan.summary, pieces=len(blueprint.tasks), missing=len(missing))
        work = work_of(plan, missing)
        await self._expect(context.job_id, work)
        told = {"forced": forced, "work": asdict(work), **_told(plan)}
        return {"blueprint": key, **told, **_work(plan, missing, key, number)}

    async def _expect(self, job_id: str, work: Work) -> None:
        """Write down how long the job will take, so that the time left need not be guessed from its first moments."""
        async with self._database.write() as session:
            job = await session.get(JobRow, job_id)
            if job is not None:
                paces = await latest_paces(session)
                job.args = job.args | {"expected_s": round(paces.estimate(work).likely_s, 1)}

    async def _render(self, context: JobContext, planned: dict[str, Any], again: str) -> None:
        shares = Shares(**planned["shares"])
        if planned["parts"]:
            some = f"Rendering {planned['rendered']} of {_clips(planned['clips'])}"
            words = some if planned["rendered"] else "Rendering the audio"
            words += ": a copy did not join cleanly" if planned["forced"] else ""
            await context.progress(shares.render, words)
            parts = [Part(part["name"], part["facts"], part["weight"]) for part in planned["parts"]]
            tell = _between(context, shares.render, shares.track)
            await context.spread(f"render{again}", "render", parts, progress=tell)
        if planned["track"]:
            await context.progress(shares.track, "Encoding the audio")
            tell = _between(context, shares.track, shares.join)
            await context.step(f"sound{again}", self.rendering.track, context, planned["blueprint"], tell)

    async def _join(self, context: JobContext, planned: dict[str, Any], video_id: str, again: str) -> dict[str, Any]:
        """Join and verify; gives ``written`` and ``probe``, or ``bad`` and ``reason``."""
        shares, blueprint = Shares(**planned["shares"]), planned["blueprint"]
        await context.progress(shares.join, f"Joining {_clips(planned['clips'])}")
        tell = _between(context, shares.join, shares.verify)
        written = await context.step(f"join{again}", self._joining.join, context, blueprint, video_id, tell)
        if "bad" in written:
            return dict(written)
        await context.progress(shares.verify, "Verifying the reel")
        tell = _between(context, shares.verify, shares.poster)
        checked = await context.step(
            f"verify{again}", self._joining.verify, context, blueprint, video_id, written, tell
        )
        return {"written": written, **checked}

    async def _videos(self, args: dict[str, Any]) -> dict[str, VideoRow]:
        async with self._database.read() as session:
            videos = await videos_by_id(session, {str(clip["video_id"]) for clip in args["clips"]})
        for number, clip in enumerate(args["clips"], start=1):
            video = videos.get(clip["video_id"])
            if video is None or video.probe is None:
                raise ClipVideoGone(number)
        return dict(videos)


def _told(plan: "StitchPlan") -> dict[str, Any]:
    return {
        "summary": plan.summary,
        "clips": len(plan.clips),
        "copied": [clip.clip_id for clip in plan.clips if clip.action != "encode"],
        "encoded_s": round(sum(clip.encoded_s for clip in plan.clips), 3),
    }


def _work(plan: "StitchPlan", missing: "list[RenderTask]", key: str, number: int) -> dict[str, Any]:
    pieces = [task for task in missing if task.kind != "track"]
    track = next((task for task in missing if task.kind == "track"), None)
    prefix = "render" if number == 1 else f"render {number}."
    parts = [
        {
            "name": f"{prefix} {place}" if number == 1 else f"{prefix}{place}",
            "facts": {"blueprint": key, "tasks": [task.name for task in tasks]},
            "weight": round(sum(task.weight for task in tasks), 3),
        }
        for place, tasks in enumerate(portions(pieces), start=1)
    ]
    shares = Shares.of(
        render_s=sum(task.weight for task in pieces),
        track_s=track.weight if track else 0.0,
        duration_s=plan.duration_s,
    )
    rendered = len({task.clip for task in pieces if task.kind == "picture"})
    return {"parts": parts, "rendered": rendered, "track": track is not None, "shares": asdict(shares)}


def _force(copied: list[str], forced: list[str], bad: list[str], *, last: bool) -> list[str]:
    """Clips to encode in the next round: those that do not decode; all, where none of these was copied or at last."""
    if not bad:
        return forced
    return sorted({*forced, *(copied if last or not set(bad) & set(copied) else bad)})


def _between(context: JobContext, start: float, end: float) -> Callable[[float], Awaitable[None]]:
    async def tell(fraction: float) -> None:
        await context.progress(start + (end - start) * fraction)

    return tell


def _clips(count: int) -> str:
    return "1 clip" if count == 1 else f"{count} clips"
