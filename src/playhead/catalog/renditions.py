"""Job that makes renditions of a video: pieces on all workers, then each rendition joined, verified and recorded.

The row of a rendition is written when its bytes have passed their check, so it can be played while others are still
being made. A job that is run again finds its pieces in the render cache.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.artifacts import record_artifact
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.indexes import Indexes
from playhead.catalog.pipeline import RENDER, Pipeline, Wording
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.db.database import Database
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, StepRecord
from playhead.jobs.tables import JobRow
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.mp4.movie import Movie
    from playhead.media.render.make import Maker

RENDITIONS: Final = "renditions"
KINDS: Final = ("rendition", "download")
"""Of artifacts: for players, who choose among them; for people, who keep them."""

log = structlog.get_logger(__name__)

_ENCODED = 0.9
"""Share of the progress bar that encoding takes."""


class RenditionsJob:
    """A job that makes the renditions of a video with the render pipeline."""

    def __init__(self, database: Database, store: Store, indexes: Indexes, pipeline: Pipeline) -> None:
        self._database = database
        self._store = store
        self._indexes = indexes
        self._pipeline = pipeline

    def kind(self) -> JobKind:
        """The kind of job, for the engine."""
        return JobKind(
            name=RENDITIONS,
            title="Renditions",
            doing="Making renditions",
            done="Made renditions",
            of="of",
            folds="owner",
            things="videos",
            queue="media",
            goes_last=True,
            run=self.run,
            parts={RENDER: self._render},
            step_titles=rendition_step_titles,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Encode the missing pieces of all renditions, then join, verify and record one rendition after the other."""
        from playhead.media.render.workspace import Batch

        if "copy" in args:
            await context.progress(0.0, "Copying the video")
            await context.step("copy", self._copy, context, args)
        maker = self._pipeline.maker(context, WORDING)
        plan = await context.step("plan", self._plan, context, maker, args)

        async def encoding(fraction: float) -> None:
            await context.progress(_ENCODED * fraction, "Encoding")

        await context.progress(0.0, "Encoding")
        await maker.render_all("encode", [Batch(**facts) for facts in plan["batches"]], encoding)
        made = []
        for number, facts in enumerate(plan["specs"]):
            name, share = facts["spec"]["name"], (1 - _ENCODED) * number / len(plan["specs"])
            await context.progress(_ENCODED + share, f"Joining {_quality(name)}")
            made.append(await context.step(f"join {name}", self._join, maker, str(args["video_id"]), facts))
        await self._pipeline.clean(context)
        return {"made": made}

    async def _copy(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Make a rendition by copying the video into an MP4; what cannot be copied is encoded afterwards."""
        from playhead.media.errors import FfmpegFailed, UnreadableVideo, VerifyFailed
        from playhead.media.probe import Probe
        from playhead.media.remux import remux

        video_id, name = str(args["video_id"]), str(args["copy"])
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
            there = await names_of(session, video_id)
        if row is None or row.probe is None or name in there:
            return {"copied": False}
        out = context.work / f"{name}.mp4"
        try:
            async with self._store.local_copy(keys.original(video_id), context.work) as path:
                facts = await remux(path, out, Probe.from_dict(row.probe), self._pipeline.tools)
        except ObjectNotFound as error:
            raise VideoNotFound(video_id) from error
        except (FfmpegFailed, VerifyFailed, UnreadableVideo) as error:
            if error.retry == "backoff":
                raise
            log.warning("rendition_not_copied", video_id=video_id, name=name, code=error.code, detail=error.detail)
            return {"copied": False}
        await self._keep(video_id, name, "rendition", out, facts)
        return {"copied": True}

    async def _plan(self, context: JobContext, maker: "Maker", args: dict[str, Any]) -> dict[str, Any]:
        """Renditions that are still to be made, and batches of their pieces that are still to be encoded."""
        from playhead.media.probe import Probe
        from playhead.media.render.ladder import RenditionRequest, choose_renditions
        from playhead.media.render.renditions import rendition_plan, source_hints

        video_id = str(args["video_id"])
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
            there = await names_of(session, video_id)
        if row is None or row.probe is None:
            raise VideoNotFound(video_id)
        source = Probe.from_dict(row.probe)
        hints = source_hints(await self._movie(row), source)
        specs, batches = [], []
        for spec in choose_renditions(source, RenditionRequest.from_dict(args["wanted"])):
            if spec.name in there:
                continue
            plan, name = rendition_plan(source, hints, spec, video_id), f"blueprint-{context.run}-{spec.name}.json"
            missing = await maker.prepare(name, plan, {video_id: row.sha256})
            batches += maker.batches(name, missing, f"{spec.name} span ", label=f"{spec.name} ")
            specs.append({"spec": spec.to_dict(), "blueprint": name, "frames": plan.frames})
        return {"specs": specs, "batches": [asdict(batch) for batch in batches]}

    async def _movie(self, row: VideoRow) -> "Movie | None":
        from playhead.media.mp4.boxes import Mp4Unreadable

        try:
            return await self._indexes.movie(keys.original(row.id), row.sha256, row.size_bytes)
        except Mp4Unreadable:
            return None
        except ObjectNotFound as error:
            raise VideoNotFound(row.id) from error

    async def _render(self, context: JobContext, args: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        return await self._pipeline.render(context, WORDING, facts)

    async def _join(self, maker: "Maker", video_id: str, facts: dict[str, Any]) -> dict[str, Any]:
        """Merge a rendition, verify it, store it, and record it."""
        from playhead.media.render.ladder import RenditionSpec
        from playhead.media.render.renditions import rendition_facts

        spec = RenditionSpec.from_dict(facts["spec"])
        path = await maker.merge(facts["blueprint"])
        probe = await maker.verify(facts["blueprint"], path, compare=False)
        found = await asyncio.to_thread(rendition_facts, path, spec, facts["frames"], probe)
        return await self._keep(video_id, spec.name, spec.kind, path, found)

    async def _keep(self, video_id: str, name: str, kind: str, path: Path, facts: dict[str, Any]) -> dict[str, Any]:
        """Store a finished rendition and record it."""
        key = keys.artifact(video_id, f"{name}.mp4")
        written = await self._store.write_file(key, path)
        async with self._database.write() as session:
            row = await record_artifact(
                session,
                video_id,
                name,
                kind=kind,
                sha256=written.sha256,
                size_bytes=written.size_bytes,
                facts=facts,
            )
        if row is None:
            await self._store.delete(key)
            raise VideoNotFound(video_id)
        return {"name": name, "size_bytes": written.size_bytes}


WORDING = Wording(gone=VideoNotFound)


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
    if match := re.fullmatch(r"(\S+) clip0-video(\d+)", name):
        return f"Encode {_quality(match[1])}, part {int(match[2]) + 1}"
    if match := re.fullmatch(r"(\S+) (?:clip0-audio|sound)", name):
        return f"Encode the audio of {_quality(match[1])}"
    if match := re.fullmatch(r"join (\S+)", name):
        return f"Join {_quality(match[1])}"
    return {"copy": "Copy the video", "plan": "Choose the sizes", "encode": "Encode all sizes"}.get(
        name, name.capitalize()
    )


def _quality(name: str) -> str:
    """ "720p" of ``720p``, "720p AV1" of ``720pav1``, "720p download" of ``download-720p``."""
    kept = name.removeprefix("download-")
    words = re.sub(r"^(\d+p)av1$", r"\1 AV1", kept)
    return words if kept == name else f"{words} download"
