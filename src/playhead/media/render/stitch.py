"""A whole stitch in this process: files in, one file out, nothing left behind when it fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from playhead.media.edit.model import Edit
from playhead.media.ffmpeg import Ffmpeg
from playhead.media.probe import Probe
from playhead.media.progress import Progress
from playhead.media.render.blueprint import Blueprint
from playhead.media.render.costs import Work
from playhead.media.render.edit_files import survey_edit, with_song
from playhead.media.render.files import FileClip, survey_files
from playhead.media.render.format import ReelSettings
from playhead.media.render.make import Maker, Verify
from playhead.media.render.music import MusicSource
from playhead.media.render.output import check_out, publish, work_folder
from playhead.media.render.plan import SoftCaptions, StitchPlan
from playhead.media.render.planner import ClipSurvey, plan_stitch
from playhead.media.render.tasks import RenderTask
from playhead.media.render.workspace import Batch, PiecesGone, Render
from playhead.media.tools import MediaTools

OnProgress = Callable[[float, str], None]
"""Called with the finished share, 0..1, and the current work in a few words; may raise, which ends the stitch."""


@dataclass(frozen=True, slots=True)
class StitchOptions:
    """How a stitch works.

    Attributes:
        verify: See `Maker`.
        jobs: Pieces rendered at once.
        threads: Threads of each of them; 0 lets ffmpeg choose.
        work: Folder for pieces in the meantime; the result's own without it.
        force: Replace an existing file.
        fonts: Folder of fonts for letters that the packaged one lacks.
    """

    verify: Verify = "joins"
    jobs: int = 1
    threads: int = 0
    work: Path | None = None
    force: bool = False
    ffmpeg: Ffmpeg | None = None
    fonts: Path | None = None


@dataclass(frozen=True, slots=True)
class Stitched:
    """A finished stitch.

    Attributes:
        probe: Probe of the finished file.
        timings: Seconds by phase: ``survey``, ``plan``, ``render``, ``merge``, ``verify``.
        forced: Clips (``1``, ``2``...) that were encoded although their packets fitted, since the copy did not join.
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
    progress: OnProgress | None = None,
) -> Stitched:
    """Stitch spans of files into one MP4, which appears under its name when it is whole and has passed its check.

    Raises:
        NotFound: a source is missing.
        Conflict: *out* is there already, or is a source.
        UnreadableVideo, InvalidSpan, FormatOutOfBounds, FfmpegFailed, VerifyFailed: as they say.
    """

    async def surveyed(folder: Path) -> _Surveyed:  # noqa: ARG001
        found = await survey_files(clips)
        return _Surveyed(found, {one.video_id: clip.path for one, clip in zip(found, clips, strict=True)})

    return await _stitch(surveyed, [clip.path for clip in clips], settings, out, options or StitchOptions(), progress)


async def stitch_edit(
    edit: Edit,
    files: Mapping[str, Path],
    settings: ReelSettings,
    out: Path,
    options: StitchOptions | None = None,
    *,
    progress: OnProgress | None = None,
) -> Stitched:
    """Stitch an edit of files into one MP4, as `stitch_files` does.

    Args:
        files: Paths by the ids of videos and images that the edit names.

    Raises:
        EditUnfit: a transition that its clips are too short for.
        NotFound, Conflict, UnreadableVideo, InvalidSpan, FormatOutOfBounds, FfmpegFailed, VerifyFailed: as they say.
    """

    async def surveyed(folder: Path) -> _Surveyed:
        sources = await with_song(edit, files, folder)
        found = await survey_edit(edit, sources)
        return _Surveyed(found.clips, sources, found.music, found.captions)

    return await _stitch(surveyed, list(files.values()), settings, out, options or StitchOptions(), progress)


@dataclass(frozen=True, slots=True)
class _Surveyed:
    """Clips or segments with their surveys, and the files by id."""

    clips: Sequence[ClipSurvey]
    sources: Mapping[str, Path]
    music: MusicSource | None = None
    captions: SoftCaptions | None = None


async def _stitch(
    survey: Callable[[Path], Awaitable[_Surveyed]],
    paths: Sequence[Path],
    settings: ReelSettings,
    out: Path,
    options: StitchOptions,
    progress: OnProgress | None,
) -> Stitched:
    check_out(paths, out, force=options.force)
    with work_folder(out, None) as folder, work_folder(out, options.work) as pieces:
        started = monotonic()
        found = await survey(pieces)
        survey_s = monotonic() - started

        async def planned(forced: frozenset[str]) -> tuple[StitchPlan, Mapping[str, str]]:
            hashes = {name: str(path) for name, path in found.sources.items()}
            plan = plan_stitch(found.clips, settings, forced=forced, music=found.music, captions=found.captions)
            return plan, hashes

        workspace = FolderWorkspace(pieces, folder / out.name, found.sources)
        tools = MediaTools(threads=options.threads, known=options.ffmpeg, fonts=options.fonts)
        maker = Maker(workspace, InProcess(options.jobs, progress), tools, verify=options.verify)
        made = await maker.make(planned)
        publish(workspace.reel, out, force=options.force)
    blueprint = await workspace.load(made.planned["blueprint"])
    timings = {"survey": survey_s, **maker.timings}
    return Stitched(out, blueprint.plan, Probe.from_dict(made.probe), timings, frozenset(made.forced))


@dataclass(frozen=True, slots=True)
class FolderWorkspace:
    """A `Workspace` in a folder of this machine, for one process.

    Attributes:
        sources: Path of each video and image, by its id.
    """

    folder: Path
    reel: Path
    sources: Mapping[str, Path]
    _blueprints: dict[str, Blueprint] = field(default_factory=dict)
    _pieces: dict[str, Path] = field(default_factory=dict)

    async def save(self, name: str, blueprint: Blueprint) -> None:
        self._blueprints[name] = blueprint

    async def load(self, name: str) -> Blueprint:
        return self._blueprints[name]

    async def held(self, digests: Collection[str]) -> set[str]:
        return self._pieces.keys() & set(digests)

    async def keep(self, digest: str, piece: Path) -> None:
        self._pieces[digest] = piece.replace(self.folder / digest)  # noqa: ASYNC240 - within one folder

    @asynccontextmanager
    async def pieces(self, digests: Collection[str]) -> AsyncIterator[Mapping[str, Path]]:
        if gone := set(digests) - self._pieces.keys():
            raise PiecesGone(len(gone))
        yield self._pieces

    @asynccontextmanager
    async def source(self, source_id: str) -> AsyncIterator[Path]:
        yield self.sources[source_id]

    async def publish(self) -> dict[str, Any]:
        return {}

    @asynccontextmanager
    async def published(self, facts: dict[str, Any]) -> AsyncIterator[Path]:  # noqa: ARG002
        yield self.reel


class InProcess:
    """`Steps` that run at once, with progress that never runs backwards.

    Args:
        jobs: Batches rendered at once.
    """

    batch_s = 0.0

    def __init__(self, jobs: int = 1, progress: OnProgress | None = None) -> None:
        self._slots = asyncio.Semaphore(max(1, jobs))
        self._progress = progress
        self._reached, self._words = 0.0, ""

    async def step(self, name: str, function: Callable[..., Awaitable[Any]], *args: Any) -> Any:  # noqa: ARG002
        return await function(*args)

    async def fan_out(self, name: str, batches: Sequence[Batch], render: Render, progress: Progress) -> None:  # noqa: ARG002
        """Render the heaviest batches first."""
        done: dict[str, float] = {}
        total = sum(batch.weight for batch in batches)

        async def one(batch: Batch) -> None:
            async def report(fraction: float) -> None:
                done[batch.name] = batch.weight * fraction
                await progress(sum(done.values()) / total)

            async with self._slots:
                await render(batch, report)
                await report(1.0)

        try:
            async with asyncio.TaskGroup() as group:
                for batch in sorted(batches, key=lambda batch: -batch.weight):
                    group.create_task(one(batch))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def expect(self, plan: StitchPlan, missing: Sequence[RenderTask], work: Work) -> None:
        pass

    def rejoin(self, clips: Sequence[str], reason: str, number: int) -> None:
        pass

    async def report(self, fraction: float, words: str | None = None) -> None:
        self._reached, self._words = max(self._reached, min(1.0, fraction)), words or self._words
        if self._progress is not None:
            self._progress(self._reached, self._words)
