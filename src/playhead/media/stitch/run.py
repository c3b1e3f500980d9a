"""A whole stitch in this process: files in, one file out, nothing left behind when it fails."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from playhead.media.ffmpeg import Ffmpeg
from playhead.media.probe import Probe
from playhead.media.progress import Progress
from playhead.media.stitch.clips import FileClip, survey_files
from playhead.media.stitch.format import ReelSettings
from playhead.media.stitch.merge import merge
from playhead.media.stitch.output import check_out, publish, work_folder
from playhead.media.stitch.parts import BadJoin, MergeParts
from playhead.media.stitch.plan import StitchPlan
from playhead.media.stitch.planner import plan_stitch
from playhead.media.stitch.render import render
from playhead.media.stitch.sound import render_track
from playhead.media.stitch.tasks import RenderTask, render_tasks
from playhead.media.stitch.verify import verify_reel

Verify = Literal["joins", "packets"]

Tell = Callable[[float, str], None]
"""Told the part that is done, 0..1, and the step in words; may raise, which ends the stitch."""


@dataclass(frozen=True, slots=True)
class StitchOptions:
    """How a stitch works.

    Attributes:
        verify: ``packets`` compares the index with the plan and walks through every copied picture; ``joins`` also
            compares all bytes with their sources, and decodes around every cut and what was encoded.
        jobs: Pieces rendered at once.
        threads: Of each of them; 0 lets ffmpeg choose.
        work: Folder for pieces meanwhile; the result's own without it.
        force: Replace a file that is there already.
    """

    verify: Verify = "joins"
    jobs: int = 1
    threads: int = 0
    work: Path | None = None
    force: bool = False
    ffmpeg: Ffmpeg | None = None


@dataclass(frozen=True, slots=True)
class Stitched:
    """What came out.

    Attributes:
        probe: Of the finished file.
        timings: Seconds by step: ``survey``, ``render``, ``merge``, ``verify``.
        forced: Clips (``1``, ``2``...) that were encoded although their packets fitted, because the check found that
            they do not decode after what stands before them.
    """

    path: Path
    plan: StitchPlan
    probe: Probe
    timings: dict[str, float] = field(default_factory=dict)
    forced: frozenset[str] = frozenset()


async def stitch_files(
    clips: Sequence[FileClip],
    settings: ReelSettings,
    out: Path,
    options: StitchOptions | None = None,
    *,
    progress: Tell | None = None,
) -> Stitched:
    """Stitch spans of files into one MP4, which appears under its name when it is whole and has passed its check.

    A clip whose copy does not decode after the clip before it is encoded in a second round.

    Raises:
        NotFound: a source is missing.
        Conflict: *out* is there already, or is a source.
        UnreadableVideo, InvalidSpan, FormatOutOfBounds, FfmpegFailed, VerifyFailed: as they say.
    """
    options = options or StitchOptions()
    check_out([clip.path for clip in clips], out, force=options.force)
    with work_folder(out, None) as folder, work_folder(out, options.work) as pieces:
        stitched = await _Stitch(clips, settings, folder / out.name, options, pieces, _Telling(progress))()
        publish(stitched.path, out, force=options.force)
    return replace(stitched, path=out)


class _Telling:
    """Progress over a whole stitch, by the estimated seconds of its parts; it never runs backwards."""

    def __init__(self, tell: Tell | None) -> None:
        self._tell = tell
        self._total, self._shown = 1.0, 0.0
        self._parts: dict[str, float] = {}

    def expect(self, seconds: float) -> None:
        self._total = max(0.001, sum(self._parts.values()) + seconds)

    def part(self, name: str, weight: float, step: str) -> Progress:
        async def report(fraction: float) -> None:
            self._parts[name] = weight * fraction
            self(step)

        return report

    def __call__(self, step: str) -> None:
        self._shown = max(self._shown, min(1.0, sum(self._parts.values()) / self._total))
        if self._tell is not None:
            self._tell(self._shown, step)


class _Stitch:
    """One call of `stitch_files`."""

    def __init__(
        self,
        clips: Sequence[FileClip],
        settings: ReelSettings,
        reel: Path,
        options: StitchOptions,
        pieces: Path,
        telling: _Telling,
    ) -> None:
        self._clips, self._settings, self._reel = clips, settings, reel
        self._options, self._pieces, self._telling = options, pieces, telling
        self._slots = asyncio.Semaphore(max(1, options.jobs))
        self._made: dict[str, Path] = {}
        self._timings: dict[str, float] = {}

    async def __call__(self) -> Stitched:
        with self._timed("survey"):
            surveys = await survey_files(self._clips)
        forced: frozenset[str] = frozenset()
        while True:
            plan = plan_stitch(surveys, self._settings, forced=forced)
            try:
                probe = await self._make(plan)
            except BadJoin as error:
                if forced >= set(error.clip_ids):
                    raise
                forced |= set(error.clip_ids)
            else:
                return Stitched(self._reel, plan, probe, self._timings, forced)

    async def _make(self, plan: StitchPlan) -> Probe:
        tasks = render_tasks(plan)
        fresh = {self._key(task): task for task in tasks if self._key(task) not in self._made}
        self._telling.expect(sum(task.weight for task in fresh.values()) + _REST_S)
        with self._timed("render"):
            await self._render_all(plan, fresh)
        parts, reel = self._parts(plan, tasks), self._reel
        with self._timed("merge"):
            tell = self._telling.part("merge", _REST_S / 2, "Putting the clips together")
            await _in_thread(lambda stop: merge(plan, parts, reel, stop), tell)
        joins = self._options.verify == "joins"
        with self._timed("verify"):
            tell = self._telling.part("verify", _REST_S / 2, "Checking the result")
            return await verify_reel(
                reel,
                plan,
                parts=parts if joins else None,
                progress=tell,
                threads=self._options.threads,
                ffmpeg=self._options.ffmpeg,
                decode=joins,
            )

    async def _render_all(self, plan: StitchPlan, tasks: dict[str, RenderTask]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for key, task in sorted(tasks.items(), key=lambda item: -item[1].weight):
                    if task.kind != "track":
                        group.create_task(self._render(plan, key, task))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        for key, task in tasks.items():
            if task.kind == "track":
                await self._render_track(plan, key, task)

    async def _render(self, plan: StitchPlan, key: str, task: RenderTask) -> None:
        assert task.clip is not None
        async with self._slots:
            out = self._place(task)
            tell = self._telling.part(key, task.weight, f"Encoding clip {task.clip + 1} of {len(plan.clips)}")
            await render(
                task,
                plan,
                self._clips[task.clip].path,
                out,
                progress=tell,
                threads=self._options.threads,
                ffmpeg=self._options.ffmpeg,
            )
            await tell(1.0)
            self._made[key] = out

    async def _render_track(self, plan: StitchPlan, key: str, task: RenderTask) -> None:
        of_clips = {one.clip: self._made[self._key(one)] for one in render_tasks(plan) if one.kind == "samples"}
        samples = [of_clips.get(index) for index in range(len(plan.clips))]
        tell = self._telling.part(key, task.weight, "Encoding the audio")
        out = self._place(task)
        await render_track(plan, samples, out, progress=tell, ffmpeg=self._options.ffmpeg)
        await tell(1.0)
        self._made[key] = out

    def _parts(self, plan: StitchPlan, tasks: Sequence[RenderTask]) -> MergeParts:
        made = {(task.kind, task.clip, task.piece): self._made[self._key(task)] for task in tasks}
        return MergeParts(
            sources=[clip.path for clip in self._clips[: len(plan.clips)]],
            pictures={
                (clip, piece): path
                for (kind, clip, piece), path in made.items()
                if kind == "picture" and clip is not None
            },
            sounds={clip: path for (kind, clip, _), path in made.items() if kind == "sound" and clip is not None},
            track=made.get(("track", None, 0)),
        )

    def _key(self, task: RenderTask) -> str:
        """Two tasks of one key make the same file; a track is made anew whenever one of its clips changed."""
        source = None if task.clip is None else str(self._clips[task.clip].path)
        return json.dumps([source, task.profile()], sort_keys=True)

    def _place(self, task: RenderTask) -> Path:
        return self._pieces / f"{len(self._made)}-{task.file_name}"

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self._timings[step] = self._timings.get(step, 0.0) + time.monotonic() - started


_REST_S = 0.3
"""Of merge and check together, for their share of the progress."""


class _Stopped(Exception):
    """Ends the thread that merges when nobody waits for it any more."""


async def _in_thread(work: Callable[[Callable[[float], None]], object], tell: Progress) -> None:
    """Run a function that tells its progress in a thread, and let it end when this call is canceled."""
    stop = threading.Event()
    reached = 0.0

    def report(fraction: float) -> None:
        nonlocal reached
        reached = fraction
        if stop.is_set():
            raise _Stopped

    running = asyncio.ensure_future(asyncio.to_thread(work, report))
    try:
        while not running.done():
            await asyncio.wait([running], timeout=0.2)
            await tell(reached)
        running.result()
    finally:
        stop.set()
        with suppress(BaseException):
            await running
