"""Rendering the pieces of a blueprint: on any worker, each piece a step, each found again by the next stitch."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from playhead.jobs.context import JobContext
from playhead.reels.blueprint import Blueprint
from playhead.reels.errors import ClipVideoGone, PieceGone
from playhead.reels.in_words import in_words
from playhead.reels.renders import Renders
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.ffmpeg import Ffmpeg
    from playhead.media.stitch.tasks import RenderTask


@dataclass(frozen=True, slots=True)
class MediaTools:
    """How jobs run ffmpeg.

    Args:
        binary: In place of the bundled one; None uses that.
        threads: Of one process.
    """

    binary: Path | None = None
    threads: int = 2

    def ffmpeg(self) -> "Ffmpeg":
        """Find it.

        Raises:
            FfmpegMissing: it is not there.
        """
        from playhead.media.ffmpeg import find_ffmpeg

        return find_ffmpeg(self.binary)


class Rendering:
    """Renders over one store."""

    def __init__(self, store: Store, renders: Renders, tools: MediaTools) -> None:
        self._store = store
        self._renders = renders
        self._tools = tools

    async def part(self, context: JobContext, args: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """Do one part of a stitch.

        Args:
            facts: ``blueprint``: the key of the object; ``tasks``: the names of what to render.
        """
        blueprint = await Blueprint.read(self._store, facts["blueprint"])
        tasks = [blueprint.tasks[name] for name in facts["tasks"]]
        done, total = 0.0, sum(task.weight for task in tasks) or 1.0
        async with _Sources(self._store, context.work) as sources:
            for task in tasks:
                span = (done / total, (done + task.weight) / total)
                await context.step(task.name, self._render, context, blueprint, task, sources, span)
                done += task.weight
        return {"pieces": len(tasks)}

    @in_words
    async def track(
        self, context: JobContext, blueprint_key: str, tell: Callable[[float], Awaitable[None]]
    ) -> dict[str, Any]:
        """Encode the sound of a whole reel from the samples of its clips."""
        from playhead.media.stitch.sound import render_track

        blueprint = await Blueprint.read(self._store, blueprint_key)
        task = next(task for task in blueprint.tasks.values() if task.kind == "track")
        out = context.work / task.file_name
        async with self.pieces(blueprint, context.work, "samples") as samples:
            of_clips = {blueprint.tasks[name].clip: path for name, path in samples.items()}
            paths = [of_clips.get(index) for index in range(len(blueprint.plan.clips))]
            await render_track(blueprint.plan, paths, out, progress=tell, ffmpeg=self._tools.ffmpeg())
        await self._renders.keep(blueprint.digests[task.name], out)
        return {"pieces": 1}

    @asynccontextmanager
    async def pieces(self, blueprint: Blueprint, folder: Path, *kinds: str) -> AsyncIterator[dict[str, Path]]:
        """Paths of rendered pieces of some kinds, by task; no file is open.

        Raises:
            PieceGone: some are not there; they count as not rendered now.
        """
        wanted = {name: blueprint.digests[name] for name, task in blueprint.tasks.items() if task.kind in kinds}
        paths: dict[str, Path] = {}
        missing = []
        async with AsyncExitStack() as copies:
            for digest in dict.fromkeys(wanted.values()):
                try:
                    copy = self._store.local_copy(keys.render(digest), folder)
                    paths[digest] = await copies.enter_async_context(copy)
                except ObjectNotFound:
                    missing.append(digest)
            if missing:
                await self._renders.forget(missing)
                raise PieceGone(len(missing))
            yield {name: paths[digest] for name, digest in wanted.items()}

    @in_words
    async def _render(
        self,
        context: JobContext,
        blueprint: Blueprint,
        task: "RenderTask",
        sources: "_Sources",
        span: tuple[float, float],
    ) -> dict[str, Any]:
        from playhead.media.stitch.render import render

        assert task.clip is not None
        digest, out = blueprint.digests[task.name], context.work / task.file_name
        if digest in await self._renders.held([digest]):  # another stitch was quicker
            return {"held": True}

        async def progress(fraction: float) -> None:
            await context.progress(span[0] + (span[1] - span[0]) * fraction)

        try:
            source = await sources.path(blueprint.plan.clips[task.clip].video_id)
        except ObjectNotFound as error:
            raise ClipVideoGone(task.clip + 1) from error
        await render(
            task,
            blueprint.plan,
            source,
            out,
            progress=progress,
            threads=self._tools.threads,
            ffmpeg=self._tools.ffmpeg(),
        )
        await self._renders.keep(digest, out)
        return {"held": False}


class _Sources:
    """The video that was asked for last, on local disk: the pieces of a clip follow each other."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._video_id = ""
        self._path: Path | None = None
        self._copy: AbstractAsyncContextManager[Path] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave()

    async def path(self, video_id: str) -> Path:
        """The original of a video.

        Raises:
            ObjectNotFound: it was deleted.
        """
        if video_id != self._video_id or self._path is None:
            await self._leave()
            copy = self._store.local_copy(keys.original(video_id), self._folder)
            self._path = await copy.__aenter__()
            self._copy, self._video_id = copy, video_id
        return self._path

    async def _leave(self) -> None:
        copy, self._copy, self._path = self._copy, None, None
        if copy is not None:
            await copy.__aexit__(None, None, None)
