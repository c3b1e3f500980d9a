"""Joining a reel from copied spans and rendered pieces, and proving what the store holds of it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playhead.catalog.jobs import verify_stored
from playhead.jobs.context import JobContext
from playhead.reels.blueprint import Blueprint
from playhead.reels.errors import ClipVideoGone, PieceGone
from playhead.reels.in_words import in_words
from playhead.reels.rendering import MediaTools, Rendering
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.stitch.parts import BadJoin, MergeParts
    from playhead.media.stitch.plan import ClipPlan, StitchPlan

Tell = Callable[[float], Awaitable[None]]

TELL_S = 0.25


class Joining:
    """Joins over one store."""

    def __init__(self, store: Store, rendering: Rendering, tools: MediaTools) -> None:
        self._store = store
        self._rendering = rendering
        self._tools = tools

    @in_words
    async def join(self, context: JobContext, blueprint_key: str, video_id: str, tell: Tell) -> dict[str, Any]:
        """Merge what a blueprint names and store it as the original of a video.

        Returns:
            Its ``size_bytes`` and ``sha256``; or ``bad``, the clips that cannot be copied as planned (none where
            rendered pieces are gone), and ``reason``.

        Raises:
            ClipVideoGone: a video is not in the store any more.
        """
        from playhead.media.stitch.merge import merge
        from playhead.media.stitch.parts import BadJoin

        blueprint = await Blueprint.read(self._store, blueprint_key)
        out = context.work / "reel.mp4"
        try:
            async with self._parts(blueprint, context.work) as parts:
                await _in_thread(lambda report: merge(blueprint.plan, parts, out, report), tell)
        except BadJoin as error:
            return _bad(error)
        except PieceGone as error:
            return {"bad": [], "reason": error.detail}
        written = await self._store.write_file(keys.original(video_id), out)
        return {"size_bytes": written.size_bytes, "sha256": written.sha256}

    @in_words
    async def verify(
        self, context: JobContext, blueprint_key: str, video_id: str, written: dict[str, Any], tell: Tell
    ) -> dict[str, Any]:
        """Read the stored reel back: the same bytes, and what was planned.

        Returns:
            ``probe``; or ``bad``, the clips whose copies do not decode after what stands before them, and ``reason``.

        Raises:
            BytesDiffer, VerifyFailed: it is wrong in a way that encoding a clip does not help.
        """
        from playhead.media.stitch.parts import BadJoin
        from playhead.media.stitch.verify import verify_reel

        blueprint = await Blueprint.read(self._store, blueprint_key)
        key = keys.original(video_id)
        await verify_stored(self._store, key, written["size_bytes"], written["sha256"])
        async with self._parts(blueprint, context.work) as parts, self._store.local_copy(key, context.work) as path:
            try:
                probe = await verify_reel(
                    path,
                    blueprint.plan,
                    parts=parts,
                    progress=tell,
                    threads=self._tools.threads,
                    ffmpeg=self._tools.ffmpeg(),
                )
            except BadJoin as error:
                return _bad(error)
        return {"probe": probe.to_dict()}

    @asynccontextmanager
    async def _parts(self, blueprint: Blueprint, folder: Path) -> "AsyncIterator[MergeParts]":
        """All files of a blueprint; none is open."""
        from playhead.media.stitch.parts import MergeParts

        tasks = blueprint.tasks
        async with (
            self._rendering.pieces(blueprint, folder, "picture", "sound", "track") as pieces,
            self._sources(blueprint.plan, folder) as sources,
        ):
            pictures, sounds, track = {}, {}, None
            for name, path in pieces.items():
                task = tasks[name]
                if task.clip is None:
                    track = path
                elif task.kind == "picture":
                    pictures[task.clip, task.piece] = path
                else:
                    sounds[task.clip] = path
            yield MergeParts(sources=sources, pictures=pictures, sounds=sounds, track=track)

    @asynccontextmanager
    async def _sources(self, plan: "StitchPlan", folder: Path) -> AsyncIterator[list[Path | None]]:
        """For each clip its video, if anything of it is copied; each video once."""
        found: dict[str, Path] = {}
        async with AsyncExitStack() as copies:
            for number, clip in enumerate(plan.clips, start=1):
                if clip.video_id not in found and _is_copied(clip):
                    copy = self._store.local_copy(keys.original(clip.video_id), folder)
                    try:
                        found[clip.video_id] = await copies.enter_async_context(copy)
                    except ObjectNotFound as error:
                        raise ClipVideoGone(number) from error
            yield [found.get(clip.video_id) for clip in plan.clips]


def _bad(error: "BadJoin") -> dict[str, Any]:
    return {"bad": sorted(error.clip_ids), "reason": error.detail}


def _is_copied(clip: "ClipPlan") -> bool:
    sound = clip.sound is not None and clip.sound.kind == "copy"
    return sound or any(piece.kind == "copy" for piece in clip.picture)


class _Stopped(Exception):
    """Ends the thread when nobody waits for it any more."""


async def _in_thread(work: Callable[[Callable[[float], None]], object], tell: Tell) -> None:
    """Run a function in a thread and tell its progress here; it has ended when this call has, canceled or not."""
    reached, stop = 0.0, threading.Event()

    def report(fraction: float) -> None:
        nonlocal reached
        reached = fraction
        if stop.is_set():
            raise _Stopped

    running = asyncio.ensure_future(asyncio.to_thread(work, report))
    try:
        while not running.done():
            await asyncio.wait([running], timeout=TELL_S)
            await tell(reached)
    finally:
        stop.set()
        with suppress(_Stopped):
            await running
