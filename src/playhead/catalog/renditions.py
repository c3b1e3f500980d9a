"""The job that makes renditions of a video: spans on whatever workers are free, then each rung joined and recorded.

A rung's row is written when its bytes have passed their check, so one that is made can be played while others are not
finished. What a stopped job leaves are pieces under its own prefix, which are swept.
"""

import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.artifacts import record_artifact
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.indexes import Indexes
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.context import JobContext, Part
from playhead.jobs.kinds import JobKind, StepRecord
from playhead.jobs.tables import JobRow
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.ladder import Rung
    from playhead.media.mp4.movie import Movie
    from playhead.media.stitch.plan import StitchPlan

RENDITIONS: Final = "renditions"
KINDS: Final = ("rendition", "download")
"""Of artifacts: for players, who choose among them; for people, who keep them."""

_ENCODED = 0.9
"""Share of the progress bar that encoding takes."""

_SOUND_WEIGHT = 0.05
"""Of a second of sound against one of 720p."""

log = structlog.get_logger(__name__)


class RenditionsJob:
    """The steps, over one store.

    Args:
        ffmpeg: In place of the bundled one; None uses that.
        threads: Of one ffmpeg process.
    """

    def __init__(
        self, database: Database, store: Store, indexes: Indexes, *, ffmpeg: Path | None, threads: int
    ) -> None:
        self._database = database
        self._store = store
        self._indexes = indexes
        self._ffmpeg = ffmpeg
        self._threads = threads

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=RENDITIONS,
            title="Renditions",
            doing="Making renditions",
            done="Made renditions",
            queue="media",
            goes_last=True,
            run=self.run,
            parts={"piece": self._piece},
            step_titles=rendition_step_titles,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Encode the pieces of all rungs, then join, check and record one rung after the other."""
        plan = await context.step("plan", self._plan, args)
        pieces = _pieces(plan)

        async def encoding(fraction: float) -> None:
            await context.progress(_ENCODED * fraction, "Encoding")

        await context.progress(0.0, "Encoding")
        if pieces:
            await context.spread("encode", "piece", pieces, progress=encoding)
        made = []
        for number, rung in enumerate(plan["rungs"]):
            share = (1 - _ENCODED) * number / len(plan["rungs"])
            await context.progress(_ENCODED + share, f"Joining {_quality(rung['name'])}")
            made.append(await context.step(f"join {rung['name']}", self._join, context, plan, rung))
        await self._clean(context)
        return {"made": made}

    async def _plan(self, args: dict[str, Any]) -> dict[str, Any]:
        """The rungs that are still to be made, and what is known of the source."""
        from playhead.media.ladder import Wanted, choose_rungs
        from playhead.media.probe import Probe
        from playhead.media.renditions import look_at

        video_id = str(args["video_id"])
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
            there = await names_of(session, video_id)
        if row is None or row.probe is None:
            raise VideoNotFound(video_id)
        source = Probe.from_dict(row.probe)
        rungs = [rung for rung in choose_rungs(source, Wanted.from_dict(args["wanted"])) if rung.name not in there]
        look = look_at(await self._movie(row), source)
        return {
            "video_id": video_id,
            "source": row.probe,
            "look": look.to_dict(),
            "rungs": [rung.to_dict() for rung in rungs],
        }

    async def _movie(self, row: VideoRow) -> "Movie | None":
        from playhead.media.mp4.boxes import Mp4Unreadable

        try:
            return await self._indexes.movie(keys.original(row.id), row.sha256, row.size_bytes)
        except Mp4Unreadable:
            return None
        except ObjectNotFound as error:
            raise VideoNotFound(row.id) from error

    async def _piece(self, context: JobContext, args: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """One span of one rung, or the sound of one."""
        return await context.step(facts["name"], self._encode, context, facts)

    async def _encode(self, context: JobContext, facts: dict[str, Any]) -> dict[str, Any]:
        from playhead.media.ffmpeg import find_ffmpeg
        from playhead.media.renditions import encode_sound, encode_span

        rung, plan = _rung_plan(facts, facts["rung"])
        out = context.work / facts["file"]
        more: dict[str, Any] = {
            "progress": context.progress,
            "threads": self._threads,
            "ffmpeg": find_ffmpeg(self._ffmpeg),
        }
        try:
            async with self._store.local_copy(keys.original(facts["video_id"]), context.work) as source:
                if facts["span"] is None:
                    await encode_sound(plan, source, out, **more)
                else:
                    await encode_span(plan, rung, facts["span"], source, out, **more)
        except ObjectNotFound as error:
            raise VideoNotFound(facts["video_id"]) from error
        written = await self._store.write_file(keys.job_part(context.job_id, facts["file"]), out)
        return {"size_bytes": written.size_bytes}

    async def _join(self, context: JobContext, plan: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        """Make the file of a rung, prove it, store it, and write down that it is there."""
        from playhead.media.ffmpeg import find_ffmpeg
        from playhead.media.renditions import join_rung

        rung, stitch = _rung_plan(plan, facts)
        out = context.work / rung.file_name
        async with AsyncExitStack() as copies:

            async def part(name: str) -> Path:
                copy = self._store.local_copy(keys.job_part(context.job_id, name), context.work)
                return await copies.enter_async_context(copy)

            pictures = [await part(_span_file(rung.name, span)) for span in range(len(stitch.clips[0].picture))]
            sound = await part(_sound_file(rung.name)) if rung.sound else None
            found = await join_rung(
                stitch, rung, pictures, sound, out, threads=self._threads, ffmpeg=find_ffmpeg(self._ffmpeg)
            )
        written = await self._store.write_file(keys.artifact(plan["video_id"], rung.file_name), out)
        async with self._database.write() as session:
            row = await record_artifact(
                session,
                plan["video_id"],
                rung.name,
                kind=rung.kind,
                sha256=written.sha256,
                size_bytes=written.size_bytes,
                facts=found,
            )
        if row is None:
            await self._store.delete(keys.artifact(plan["video_id"], rung.file_name))
            raise VideoNotFound(plan["video_id"])
        return {"name": rung.name, "size_bytes": written.size_bytes}

    async def _clean(self, context: JobContext) -> None:
        try:
            await self._store.delete_prefix(keys.job_prefix(context.job_id))
        except PlayheadError as error:
            log.warning("pieces_left_for_the_sweep", job_id=context.job_id, code=error.code, detail=error.detail)


async def names_of(session: AsyncSession, video_id: str) -> set[str]:
    """The renditions that a video has."""
    return {row.name for row in await renditions_of(session, video_id)}


async def renditions_of(session: AsyncSession, video_id: str) -> list[ArtifactRow]:
    """Their rows, the largest first, downloads last."""
    statement = select(ArtifactRow).where(ArtifactRow.video_id == video_id, ArtifactRow.kind.in_(KINDS))
    rows = list(await session.scalars(statement))
    return sorted(rows, key=lambda row: (row.kind != KINDS[0], -int(row.facts["height"]), row.name))


async def rendition_step_titles(session: AsyncSession, job: JobRow, steps: Sequence[StepRecord]) -> list[str]:  # noqa: ARG001
    """Title the recorded steps; see `JobKind`."""
    return [_step_title(step.name) for step in steps]


def _step_title(name: str) -> str:
    if match := re.fullmatch(r"(\S+) span (\d+)", name):
        return f"Encode {_quality(match[1])}, part {match[2]}"
    if match := re.fullmatch(r"(\S+) sound", name):
        return f"Encode the audio of {_quality(match[1])}"
    if match := re.fullmatch(r"join (\S+)", name):
        return f"Join {_quality(match[1])}"
    return {"plan": "Choose the sizes", "encode": "Encode all sizes"}.get(name, name.capitalize())


def _quality(name: str) -> str:
    """ "720p" of ``720p``, "720p AV1" of ``720pav1``, "720p download" of ``download-720p``."""
    kept = name.removeprefix("download-")
    words = re.sub(r"^(\d+p)av1$", r"\1 AV1", kept)
    return words if kept == name else f"{words} download"


def _rung_plan(plan: dict[str, Any], facts: dict[str, Any]) -> "tuple[Rung, StitchPlan]":
    from playhead.media.ladder import Rung
    from playhead.media.probe import Probe
    from playhead.media.renditions import Look, rung_plan

    rung = Rung.from_dict(facts)
    return rung, rung_plan(Probe.from_dict(plan["source"]), Look.from_dict(plan["look"]), rung, plan["video_id"])


def _pieces(plan: dict[str, Any]) -> Sequence[Part]:
    """Everything to encode: the spans of each rung in order, and its sound."""
    parts = []
    for facts in plan["rungs"]:
        rung, stitch = _rung_plan(plan, facts)
        common = {"video_id": plan["video_id"], "source": plan["source"], "look": plan["look"], "rung": facts}
        for span, piece in enumerate(stitch.clips[0].picture):
            weight = float(piece.frames / rung.fps) * rung.width * rung.height / (1280 * 720)
            name = f"{rung.name} span {span + 1}"
            more = {"name": name, "span": span, "file": _span_file(rung.name, span)}
            parts.append(Part(name, common | more, weight))
        if rung.sound:
            name = f"{rung.name} sound"
            more = {"name": name, "span": None, "file": _sound_file(rung.name)}
            parts.append(Part(name, common | more, stitch.duration_s * _SOUND_WEIGHT))
    return parts


def _span_file(name: str, span: int) -> str:
    return f"{name}-{span}.mp4"


def _sound_file(name: str) -> str:
    return f"{name}.m4a"
