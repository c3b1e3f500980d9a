"""The pipeline that renders: plan, render what is missing, merge, verify, and encode the copies that do not join.

One class for the command line, for reels and for renditions; see `workspace` for what differs between them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from playhead.media.errors import VerifyFailed
from playhead.media.probe import Probe
from playhead.media.progress import Progress
from playhead.media.render.audio import render_audio, render_music
from playhead.media.render.audio_track import render_track
from playhead.media.render.blueprint import Blueprint, batches
from playhead.media.render.costs import Phases, Work
from playhead.media.render.merge import merge_in_thread
from playhead.media.render.parts import BadJoin, MergeParts
from playhead.media.render.plan import ClipPlan, StitchPlan
from playhead.media.render.tasks import TEXT, RenderTask, own_source
from playhead.media.render.verify import verify_reel
from playhead.media.render.video import render_video
from playhead.media.render.workspace import Batch, PiecesGone, Steps, Workspace
from playhead.media.text.identity import text_identity
from playhead.media.tools import MediaTools

ROUNDS = 3
"""Merges of a reel at most: the second encodes the clips that did not join, the last one all."""

Verify = Literal["joins", "packets"]

Planner = Callable[[frozenset[str]], Awaitable[tuple[StitchPlan, Mapping[str, str]]]]
"""Plans a reel in which some clips are encoded in any case; with the identity of each video's bytes, by its id."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished reel.

    Attributes:
        written: Facts of `Workspace.publish`.
        probe: Probe of the reel, JSON-safe.
        planned: Facts of the last plan: ``blueprint`` (its name), ``summary``, ``encoded_s``, ``work``
        forced: Clips that were encoded although their packets fitted, since the copy did not join.
        end: Progress that was reached.
    """

    written: dict[str, Any]
    probe: dict[str, Any]
    planned: dict[str, Any]
    forced: list[str]
    end: float


class Maker:
    """Makes reels and renditions.

    Args:
        prefix: First part of the names of blueprints.
        verify: ``packets`` compares the index with the plan and walks through every copied frame; ``joins`` also
            compares all bytes with their sources, and decodes where the result could be wrong.

    Attributes:
        timings: Seconds by phase: ``plan``, ``render``, ``merge``, ``verify``.
    """

    def __init__(
        self, workspace: Workspace, steps: Steps, tools: MediaTools, *, prefix: str = "", verify: Verify = "joins"
    ) -> None:
        self._workspace, self._steps, self._tools = workspace, steps, tools
        self._prefix, self._joins = prefix, verify == "joins"
        self.timings: dict[str, float] = {}

    async def make(self, planner: Planner, *, after_s: float = 0.0) -> Made:
        """Make a reel.

        Args:
            after_s: Estimated seconds of what the caller does afterwards.

        Raises:
            VerifyFailed: the reel is not what was planned, however much of it is encoded.
        """
        forced: list[str] = []
        for number in range(1, ROUNDS + 1):
            again = "" if number == 1 else f" {number}"
            with self._timed("plan"):
                planned = await self._steps.step(f"plan{again}", self._plan, planner, number, forced, after_s)
            with self._timed("render"):
                await self._render_missing(planned, again)
            result = await self._join(planned, again)
            if "probe" in result:
                return Made(result["written"], result["probe"], planned, forced, _phases(planned).end)
            self._steps.rejoin(result["bad"], result["reason"], number)
            forced = _force(planned["copied"], forced, result["bad"], last=number == ROUNDS - 1)
        raise VerifyFailed(result["reason"])

    async def prepare(self, name: str, plan: StitchPlan, hashes: Mapping[str, str]) -> list[RenderTask]:
        """Save the blueprint of a plan, and find what is missing of it."""
        fonts = {} if self._tools.fonts is None else {TEXT: text_identity(self._tools.fonts)}
        blueprint = Blueprint.of(plan, {**fonts, **hashes})
        await self._workspace.save(name, blueprint)
        return blueprint.missing(await self._workspace.held(set(blueprint.digests.values())))

    async def render(self, batch: Batch, progress: Progress) -> None:
        """Render a batch, each piece in a step of its own."""
        blueprint = await self._workspace.load(batch.blueprint)
        tasks = [blueprint.tasks[name] for name in batch.tasks]
        done, total = 0.0, sum(task.weight for task in tasks) or 1.0
        async with AsyncExitStack() as stack:
            sources = _Sources(self._workspace, stack)
            for task in tasks:
                share = _between(progress, done / total, (done + task.weight) / total)
                await self._steps.step(batch.label + task.name, self._render, blueprint, task, sources, share)
                done += task.weight

    async def render_all(self, step: str, todo: Sequence[Batch], progress: Progress) -> None:
        """Render batches side by side, as one step."""
        if todo:
            await self._steps.fan_out(step, todo, self.render, progress)

    async def merge(self, name: str, progress: Progress | None = None) -> Path:
        """Merge the pieces of a blueprint into one file; its path.

        Raises:
            BadJoin: a clip cannot be copied as planned.
            PiecesGone: pieces are not there any more.
        """
        blueprint = await self._workspace.load(name)
        with self._timed("merge"):
            async with self._parts(blueprint) as parts:
                await merge_in_thread(blueprint.plan, parts, self._workspace.reel, progress)
        return self._workspace.reel

    async def verify(self, name: str, path: Path, progress: Progress | None = None, *, compare: bool = True) -> Probe:
        """Verify a merged file against its blueprint.

        Args:
            compare: Compare its bytes with the files that it was merged from.

        Raises:
            BadJoin: copies do not decode after what stands before them.
            VerifyFailed: it is wrong in a way that encoding a clip does not help.
        """
        blueprint = await self._workspace.load(name)
        with self._timed("verify"):
            async with self._parts(blueprint) if compare and self._joins else nullcontext() as parts:
                return await verify_reel(
                    path,
                    blueprint.plan,
                    parts=parts,
                    progress=progress,
                    threads=self._tools.threads,
                    ffmpeg=self._tools.ffmpeg(),
                    decode=self._joins,
                )

    async def _plan(self, planner: Planner, number: int, forced: list[str], after_s: float) -> dict[str, Any]:
        plan, hashes = await planner(frozenset(forced))
        name = f"{self._prefix}{number}.json"
        missing = await self.prepare(name, plan, hashes)
        work = Work.of(plan, missing, after_s)
        await self._steps.expect(plan, missing, work)
        pieces = [task for task in missing if task.kind != "track"]
        parts = self.batches(name, pieces, "render " if number == 1 else f"render {number}.")
        return {
            "blueprint": name,
            "forced": forced,
            "work": asdict(work),
            "phases": asdict(Phases.of(plan, missing, after_s)),
            "summary": plan.summary,
            "clips": len({clip.clip_id for clip in plan.clips}),
            "copied": list(dict.fromkeys(clip.clip_id for clip in plan.clips if clip.action != "encode")),
            "encoded_s": round(sum(clip.encoded_s for clip in plan.clips), 3),
            "parts": [asdict(batch) for batch in parts],
            "rendered": len({plan.clips[task.clip or 0].clip_id for task in pieces if task.kind == "video"}),
            "track": len(pieces) < len(missing),
            **_owners(plan),
        }

    def batches(self, blueprint: str, pieces: Sequence[RenderTask], prefix: str, label: str = "") -> list[Batch]:
        """Batches of tasks, named by *prefix* and their number."""
        found = []
        for number, tasks in enumerate(batches(pieces, self._steps.batch_s), start=1):
            weight = round(sum(task.weight for task in tasks), 3)
            found.append(Batch(f"{prefix}{number}", blueprint, [task.name for task in tasks], weight, label))
        return found

    async def _render_missing(self, planned: dict[str, Any], again: str) -> None:
        phases = _phases(planned)
        if planned["parts"]:
            some = f"Rendering {planned['rendered']} of {_clips(planned['clips'])}"
            words = some if planned["rendered"] else "Rendering the audio"
            words += ": a copy did not join cleanly" if planned["forced"] else ""
            await self._steps.report(phases.render, words)
            todo = [Batch(**facts) for facts in planned["parts"]]
            progress = _between(self._steps.report, phases.render, phases.track)
            await self.render_all(f"render{again}", todo, progress)
        if planned["track"]:
            await self._steps.report(phases.track, "Encoding the audio")
            progress = _between(self._steps.report, phases.track, phases.join)
            await self._steps.step(f"sound{again}", self._render_track, planned["blueprint"], progress)

    async def _join(self, planned: dict[str, Any], again: str) -> dict[str, Any]:
        """``written`` and ``probe``; or ``bad``, the clips that do not join (none: pieces are gone), and ``reason``."""
        phases, name = _phases(planned), planned["blueprint"]
        await self._steps.report(phases.join, f"Joining {_clips(planned['clips'])}")
        progress = _between(self._steps.report, phases.join, phases.verify)
        written = await self._steps.step(f"join{again}", self._merge_and_publish, name, progress)
        if "bad" in written:
            return dict(written)
        await self._steps.report(phases.verify, "Verifying the reel")
        progress = _between(self._steps.report, phases.verify, phases.end)
        return {"written": written, **await self._steps.step(f"verify{again}", self._verify, name, written, progress)}

    async def _merge_and_publish(self, name: str, progress: Progress) -> dict[str, Any]:
        try:
            await self.merge(name, progress)
        except BadJoin as error:
            return _bad(error)
        except PiecesGone as error:
            return {"bad": [], "reason": error.detail}
        return await self._workspace.publish()

    async def _verify(self, name: str, written: dict[str, Any], progress: Progress) -> dict[str, Any]:
        async with self._workspace.published(written) as path:
            try:
                probe = await self.verify(name, path, progress)
            except BadJoin as error:
                return _bad(error)
        return {"probe": probe.to_dict()}

    async def _render(
        self, blueprint: Blueprint, task: RenderTask, sources: "_Sources", progress: Progress
    ) -> dict[str, Any]:
        digest, out = blueprint.digests[task.name], self._workspace.folder / task.file_name
        if digest in await self._workspace.held([digest]):  # another job was quicker
            return {"held": True}
        plan = blueprint.plan
        own = own_source(plan, task)
        others = [one for one in task.others if one != TEXT]
        paths = await sources.of([*own, *others])
        tools: dict[str, Any] = {"threads": self._tools.threads, "ffmpeg": self._tools.ffmpeg(), "progress": progress}
        if task.kind == "video":
            tools |= {"others": {name: paths[name] for name in others}, "fonts": self._tools.fonts}
            await render_video(task, plan, paths[own[0]] if own else None, out, **tools)
        elif task.kind == "music":
            await render_music(task, plan, paths[others[0]], out, **tools)
        else:
            before = paths[others[0]] if others else None
            await render_audio(task, plan, paths[own[0]] if own else Path(), out, before=before, **tools)
        await self._workspace.keep(digest, out)
        return {"held": False}

    async def _render_track(self, name: str, progress: Progress) -> dict[str, Any]:
        """Encode the audio of a whole reel from the samples of its clips and of its music."""
        blueprint = await self._workspace.load(name)
        wanted = {blueprint.tasks[task].clip: digest for task, digest in blueprint.pieces("samples", "music").items()}
        track = next(task for task in blueprint.tasks.values() if task.kind == "track")
        out = self._workspace.folder / track.file_name
        async with self._workspace.pieces(set(wanted.values())) as paths:
            samples = [paths[wanted[index]] if index in wanted else None for index in range(len(blueprint.plan.clips))]
            music = paths[wanted[None]] if None in wanted else None
            tools: dict[str, Any] = {"progress": progress, "ffmpeg": self._tools.ffmpeg()}
            await render_track(blueprint.plan, samples, out, music=music, **tools)
        await self._workspace.keep(blueprint.digests[track.name], out)
        return {"pieces": 1}

    @asynccontextmanager
    async def _parts(self, blueprint: Blueprint) -> AsyncIterator[MergeParts]:
        """All files of a blueprint; none is open."""
        digests = blueprint.pieces("video", "audio", "track")
        async with AsyncExitStack() as stack:
            paths = await stack.enter_async_context(self._workspace.pieces(set(digests.values())))
            sources: dict[str, Path] = {}
            for clip in filter(_is_copied, blueprint.plan.clips):
                if clip.video_id not in sources:
                    source = self._workspace.source(clip.video_id)
                    sources[clip.video_id] = await stack.enter_async_context(source)
            made = {name: paths[digest] for name, digest in digests.items()}
            yield MergeParts.of(blueprint.plan, blueprint.tasks, sources, made)

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        started = monotonic()
        try:
            yield
        finally:
            self.timings[phase] = self.timings.get(phase, 0.0) + monotonic() - started


class _Sources:
    """The sources of the latest piece, kept open since the pieces of a clip follow each other."""

    def __init__(self, workspace: Workspace, stack: AsyncExitStack) -> None:
        self._workspace, self._stack = workspace, stack
        self._paths: dict[str, Path] = {}

    async def of(self, wanted: Sequence[str]) -> Mapping[str, Path]:
        """Paths of sources by their ids."""
        if not self._paths.keys() >= set(wanted):
            await self._stack.aclose()
            self._paths = {}
            for source_id in dict.fromkeys(wanted):
                self._paths[source_id] = await self._stack.enter_async_context(self._workspace.source(source_id))
        return self._paths


def _owners(plan: StitchPlan) -> dict[str, list[int]]:
    """Number of the clip of each segment, from 0, where some clips have several; tasks are named by segments."""
    numbers = {clip_id: number for number, clip_id in enumerate(dict.fromkeys(clip.clip_id for clip in plan.clips))}
    return {"owners": [numbers[clip.clip_id] for clip in plan.clips]} if len(numbers) < len(plan.clips) else {}


def _phases(planned: dict[str, Any]) -> Phases:
    return Phases(**planned["phases"])


def _force(copied: list[str], forced: list[str], bad: list[str], *, last: bool) -> list[str]:
    """Clips to encode in the next round: those that do not join; all, where none of these was copied or at last."""
    if not bad:
        return forced
    return sorted({*forced, *(copied if last or not set(bad) & set(copied) else bad)})


def _bad(error: BadJoin) -> dict[str, Any]:
    return {"bad": sorted(error.clip_ids), "reason": error.detail}


def _is_copied(clip: ClipPlan) -> bool:
    audio = clip.audio is not None and clip.audio.kind == "copy"
    return audio or any(piece.kind == "copy" for piece in clip.video)


def _between(progress: Progress, start: float, end: float) -> Progress:
    async def report(fraction: float) -> None:
        await progress(start + (end - start) * fraction)

    return report


def _clips(count: int) -> str:
    return "1 clip" if count == 1 else f"{count} clips"
