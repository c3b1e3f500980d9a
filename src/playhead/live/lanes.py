"""Lanes of a recording: each is one capture after the other, with a part from each.

A recording has one lane, or two that record the same redundantly. A lane reopens its source until it is ended; what
ends a recording is the supervisor's to decide.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import structlog

from playhead.db.reserve import FULL
from playhead.errors import PlayheadError
from playhead.kit.ids import new_id
from playhead.live.capture.capture import Capture, Ended, Opened
from playhead.live.parts import Cause, Part, PartManifest
from playhead.media.mp4.growing import GrowingFile
from playhead.media.recording.gaps import Gap, add_ad

log = structlog.get_logger(__name__)

LOOK_S: Final = 0.5
"""Between two looks at the size of a part."""

QUIET_S: Final = 5.0
"""A part that does not grow for so long is shown as stalled."""

YOUNG_S: Final = 4.0
"""The manifest of a part may change as long as the part is shorter."""

FIRST_WAIT_S: Final = 0.2
LONGEST_WAIT_S: Final = 1.5
"""Of a source that is opened by its URL: it is back within two seconds."""

LONGEST_SITE_WAIT_S: Final = 10.0
"""Of one that a site has to be asked for."""

HARD_STOP_S: Final = 4.5
"""Time for a capture to end in order; less than a worker has to hand over."""

Open = Callable[[], Awaitable[Opened]]
Connect = Callable[[Opened], Capture]


class Growth:
    """The growth of one part: bytes for health, and fragments for durations."""

    def __init__(self, path: Path) -> None:
        self.file = GrowingFile(path)
        self.grew_at = time.monotonic()
        self._size = 0

    def look(self) -> bool:
        """Whether it has grown since the last look."""
        with suppress(OSError):
            self.file.scan()
        if self.file.size_bytes <= self._size:
            return False
        self._size, self.grew_at = self.file.size_bytes, time.monotonic()
        return True

    @property
    def quiet_s(self) -> float:
        """Seconds without a new byte."""
        return time.monotonic() - self.grew_at

    @property
    def duration_s(self) -> float:
        """Length of its media."""
        return self.file.end_s - self.file.start_s if self.file.fragments else 0.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A part that has media, with the length of it."""

    part: Part
    start_s: float
    end_s: float
    size_bytes: int

    @classmethod
    def read(cls, part: Part) -> "Recorded | None":
        """Read a part with its manifest; None without a whole fragment."""
        file = GrowingFile(part.path)
        file.scan()
        return cls(_with_manifest(part), file.start_s, file.end_s, file.size_bytes) if file.fragments else None


class Lane:
    """One lane. ``run`` it until ``end``.

    Args:
        open_source: Resolves the source; its errors are tried again.
        connect: Makes a capture of what it gave.
        cause: What the hole before its first part comes from: ``host`` where another worker recorded before.
        before: The lane's earlier parts.
        believes_end: Whether it is over when the source says so.

    Attributes:
        bytes_at: Monotonic time of the last new byte.
        connected: Whether a capture has brought bytes in this attempt.
        last_error: Why the source could not be opened.
        last_words: How the last capture ended.
        disk_full: The last capture ended for lack of room.
        source_ended: The source said that it was over.
    """

    def __init__(
        self,
        number: int,
        folder: Path,
        open_source: Open,
        connect: Connect,
        *,
        stall_s: float,
        longest_wait_s: float,
        cause: Cause | None,
        before: list[Recorded],
        believes_end: bool = True,
    ) -> None:
        self._believes_end = believes_end
        self.number, self._folder = number, folder
        self._open, self._connect = open_source, connect
        self._stall_s, self._longest_wait_s = stall_s, longest_wait_s
        self._cause = cause
        self.recorded = before
        self.growth: Growth | None = None
        self._part: Part | None = None
        self._ending = asyncio.Event()
        self.bytes_at = time.monotonic()
        self.connected = False
        self.reconnecting = False
        self.last_error: PlayheadError | None = None
        self.last_words: str | None = None
        self.disk_full = self.source_ended = False

    @property
    def receives(self) -> bool:
        """Whether its part grows."""
        return self.growth is not None and not self.reconnecting and self.connected and self.growth.quiet_s < QUIET_S

    @property
    def size_bytes(self) -> int:
        """Bytes of all its parts."""
        return sum(each.size_bytes for each in self.recorded) + (self.growth.file.size_bytes if self.growth else 0)

    @property
    def duration_s(self) -> float:
        """Length of all its parts."""
        past = sum(each.end_s - each.start_s for each in self.recorded)
        return past + (self.growth.duration_s if self.growth else 0.0)

    def gaps(self) -> list[dict[str, Any]]:
        """What is missing between its parts, as far as it is known while it records."""
        return gaps_between([*self.recorded, *([now] if (now := self._current()) else [])])

    def end(self) -> None:
        """End the lane; ``run`` returns when its capture has written what it received."""
        self._ending.set()

    async def run(self) -> None:
        """Capture, again and again."""
        wait_s = FIRST_WAIT_S
        while not self._ending.is_set():
            capture_id, had_bytes = new_id("cap"), False
            try:
                opened = await self._open()
                self.last_error = None
                had_bytes = await self._capture(capture_id, opened)
            except PlayheadError as error:
                self.last_error = error
                log.info("capture_not_opened", lane=self.number, code=error.code, detail=error.detail)
            except Exception as error:  # the recording outlives it
                log.warning("capture_failed", error=repr(error), exc_info=error)
            if self.disk_full or (self.source_ended and self._believes_end):
                return
            self.reconnecting = True
            wait_s = FIRST_WAIT_S if had_bytes else min(wait_s * 2, self._longest_wait_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), wait_s)

    async def _capture(self, capture_id: str, opened: Opened) -> bool:
        """Write one part; whether it has media."""
        manifest = PartManifest(capture_id=capture_id, lane=self.number, cause=self._cause)
        part = Part(manifest, self._folder / f"{capture_id}.mp4")
        capture = self._connect(opened)
        self._part, self.growth = part, Growth(part.path)
        log.info("capture_started", capture_id=capture_id, lane=self.number)
        ended = await self._follow(capture, manifest)
        self.growth.look()
        size_bytes = self.growth.file.size_bytes
        log.info("capture_ended", capture_id=capture_id, why=ended.why, detail=ended.detail, size_bytes=size_bytes)
        if ended.why == "changed":  # the part was cut where the change is
            return self._close(part, ended, await asyncio.to_thread(Recorded.read, part))
        return self._close(part, ended, self._current())

    async def _follow(self, capture: Capture, manifest: PartManifest) -> Ended:
        """Run a capture, and end it when it stalls or the lane ends."""
        running = asyncio.create_task(capture.run(self._folder, manifest), name=f"capture {manifest.capture_id}")
        ending = asyncio.create_task(self._ending.wait())
        try:
            while not running.done():
                await asyncio.wait({running, ending}, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                self._look()
                stalled = self.growth is not None and self.growth.quiet_s > self._stall_s
                if running.done():
                    break
                if stalled or self._ending.is_set():
                    await _stop(capture, running)
                    if stalled:
                        return Ended("stalled", "source", f"No byte came for {self._stall_s:.0f} s.")
            return _result(running)
        finally:
            ending.cancel()
            if not running.done():  # this worker stops: what was received is written first
                await asyncio.shield(asyncio.ensure_future(_stop(capture, running)))

    def _look(self) -> None:
        if self.growth is not None and self.growth.look():
            self.bytes_at, self.connected, self.reconnecting = time.monotonic(), True, False

    def _close(self, part: Part, ended: Ended, found: Recorded | None) -> bool:
        """Keep a part that has media, and remove one that has none."""
        self.growth = self._part = None
        self.source_ended, self.disk_full = ended.why == "end", ended.why == "disk_full"
        self.last_words = ended.detail
        if found is None:
            if not part.is_worth_keeping:
                _remove(part)
            return False
        self.recorded.append(found)
        self._cause = ended.cause
        return True

    def _current(self) -> Recorded | None:
        if self.growth is None or self._part is None or not self.growth.file.fragments:
            return None
        file = self.growth.file
        if self._part.manifest.began_at is None or self.growth.duration_s < YOUNG_S:
            self._part = _with_manifest(self._part)
        return Recorded(self._part, file.start_s, file.end_s, file.size_bytes)


def _with_manifest(part: Part) -> Part:
    return Part(PartManifest.read(part.path.with_suffix(".json")), part.path)


def gaps_between(parts: list[Recorded]) -> list[dict[str, Any]]:
    """The holes between parts, by timestamp on the same clock, by wall clock otherwise; and the advertisements."""
    gaps, at_s = list[Gap](), 0.0
    for before, after in zip_longest(parts, parts[1:]):
        if before.part.manifest.ad:
            add_ad(gaps, at_s, before.end_s - before.start_s)
        at_s += before.end_s - before.start_s
        if after is None:
            break
        if before.part.manifest.clock and before.part.manifest.clock == after.part.manifest.clock:
            length_s = after.start_s - before.end_s
        else:
            took_s = (after.part.recorded_at - before.part.recorded_at).total_seconds()
            length_s = took_s - (before.end_s - before.start_s)
        if length_s > 0.05:
            cause = after.part.manifest.cause or "source"
            gaps.append(Gap(round(at_s, 3), round(length_s, 3), cause))
    return [gap.to_dict() for gap in gaps]


async def _stop(capture: Capture, running: "asyncio.Task[Ended]") -> None:
    """End a capture in order, or by force."""
    with suppress(TimeoutError):
        await asyncio.wait_for(capture.stop(), HARD_STOP_S)
    await asyncio.wait({running}, timeout=HARD_STOP_S)
    if not running.done():
        running.cancel()
        await asyncio.wait({running}, timeout=HARD_STOP_S)


def _result(running: "asyncio.Task[Ended]") -> Ended:
    if running.cancelled():
        return Ended("failed", "capture", "The capture was canceled.")
    error = running.exception()
    if isinstance(error, OSError) and error.errno in FULL:
        return Ended("disk_full", "disk", "No room is left on the disk.")
    if error is not None:
        log.warning("capture_failed", error=repr(error), exc_info=error)
        return Ended("failed", "capture", f"The capture failed: {type(error).__name__}.")
    return running.result()


def _remove(part: Part) -> None:
    for path in (part.path, part.path.with_suffix(".json")):
        with suppress(OSError):
            path.unlink(missing_ok=True)
