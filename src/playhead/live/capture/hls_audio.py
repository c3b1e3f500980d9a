"""The separate audio of an HLS stream: a playlist of its own, which is fed to the muxer beside the video."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from playhead.live.capture.continuity import Place
from playhead.live.capture.hls_part import HlsPart
from playhead.live.capture.muxer import Muxer
from playhead.live.capture.spool import Spooled

BEHIND = 3.0  # target durations that separate audio may lag at the end of a part


class AudioFeed:
    """Feeds the separate audio of a stream, beside its video."""

    def __init__(self, part: HlsPart, muxer: Muxer, shift_s: float) -> None:
        self._part, self._muxer, self._shift_s = part, muxer, shift_s
        self._reached_s = float("-inf")
        self._over = False
        self._moved = asyncio.Event()
        self._pouring = asyncio.Lock()
        self._held: deque[tuple[int, float]] = deque()

    async def run(self, first: Spooled, segments: AsyncGenerator[Spooled]) -> None:
        """Feed the first segment and those that follow it without a break."""
        try:
            if first.facts.init:
                await self._muxer.pour(1, self._part.audio.init_path(first.facts.init))
            last, spooled = first, await self._fed(first, segments)
            while spooled is not None and not self._over and _follows(last, spooled):
                last, spooled = spooled, await self._fed(spooled, segments)
        finally:
            self._over = True
            self._moved.set()

    def lost(self, place: Place) -> bool:
        """Whether the audio has broken off well before a segment of the video."""
        return self._over and place.time_s > self._reached_s + 2 * place.duration_s

    async def end(self, to_s: float) -> None:
        """Wait until the audio reaches a time, or does not move for some seconds; then feed no more."""
        wait_s = BEHIND * self._part.last.duration_s
        while not self._over and self._reached_s < to_s:
            self._moved.clear()
            try:
                async with asyncio.timeout(wait_s):
                    await self._moved.wait()
            except TimeoutError:
                break
        async with self._pouring:
            self._over = True

    async def _fed(self, spooled: Spooled, segments: AsyncGenerator[Spooled]) -> Spooled | None:
        """Feed a segment; returns the next one. What lies well before the video's newest is not needed again."""
        async with self._pouring:
            if self._over:
                return None
            await self._muxer.pour(1, spooled.path, spooled.offset)
        start_s = (spooled.time_s or 0.0) + self._shift_s
        self._reached_s = start_s + spooled.facts.duration_s
        self._held.append((spooled.facts.sequence, start_s))
        while len(self._held) > 2 and self._held[1][1] < self._part.whole_s:
            self._part.audio.drop(self._held.popleft()[0])
        self._moved.set()
        return await anext(segments, None)


def _follows(last: Spooled, following: Spooled) -> bool:
    before, after = last.facts, following.facts
    return (after.sequence, after.discontinuity, after.init) == (
        before.sequence + 1,
        before.discontinuity,
        before.init,
    )
