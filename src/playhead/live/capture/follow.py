"""Following one media playlist: each segment once, in order, a few of them on their way at a time."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace

import structlog

from playhead.live.capture.fetching import FetchFailed, Fetching
from playhead.live.capture.spool import Facts, Spool, Spooled
from playhead.media.hls.read import Init, MediaPlaylist, PlaylistUnreadable, Segment

AHEAD = 3
"""Segments that are fetched at a time."""

BACKLOG_S = 30.0
"""How far before the live edge a new recording begins; a broadcast that stays listed is taken from its start."""

LOST_S = 20.0
"""Seconds without a playlist after which the capture ends, so that its source is resolved anew."""

TRIES = 3
_BEHIND = 2.0  # target durations that a playlist may show an older state, as caches do

log = structlog.get_logger(__name__)


class SourceLost(Exception):
    """A source whose playlist cannot be read any more; the text names no URL."""


class CountsAnew(Exception):
    """A source that began to number its segments anew: it was started again."""


class NeedsTool(Exception):
    """A stream that our own fetcher cannot write; the text says why."""


class Follower:
    """Follows a media playlist.

    Args:
        first: The playlist if it has been read already.
        last: Sequence number and discontinuities of the segment to go on after; None to begin at the live edge.
    """

    def __init__(
        self,
        fetching: Fetching,
        url: str,
        spool: Spool,
        *,
        first: MediaPlaylist | None = None,
        last: tuple[int, int] | None = None,
    ) -> None:
        self._fetching, self._url, self._spool = fetching, url, spool
        self._first, self._last, self._shift = first, last, 0
        self._next = None if last is None else last[0] + 1
        self._inits: dict[Init, asyncio.Task[str]] = {}
        self._running: set[asyncio.Task[Spooled | None]] = set()
        self._behind_since: float | None = None
        self.target_s = first.target_s if first else 0.0

    async def segments(self) -> AsyncGenerator[Spooled]:
        """The segments from where the recording goes on, as they come; ends with the playlist's own end.

        Raises:
            SourceLost, CountsAnew, NeedsTool: as their names say; after all segments before.
            OSError: the disk.
        """
        for held in self._held():
            yield held
        queue: asyncio.Queue[asyncio.Task[Spooled | None] | None] = asyncio.Queue(AHEAD)
        polling = asyncio.create_task(self._poll(queue))
        try:
            while (coming := await queue.get()) is not None:
                if spooled := await coming:
                    yield spooled
                self._running.discard(coming)
            await polling
        finally:
            tasks = [polling, *self._running, *self._inits.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _held(self) -> Iterator[Spooled]:
        """What an earlier capture left, as far as it follows."""
        for sequence in self._spool.held():
            if sequence == self._next and (spooled := self._spool.find(sequence)):
                self._next, self._last = sequence + 1, (sequence, spooled.facts.discontinuity)
                yield spooled

    async def _poll(self, queue: asyncio.Queue[asyncio.Task[Spooled | None] | None]) -> None:
        try:
            await self._follow(queue)
        finally:
            if not asyncio.current_task().cancelling():  # type: ignore[union-attr]
                await queue.put(None)

    async def _follow(self, queue: asyncio.Queue[asyncio.Task[Spooled | None] | None]) -> None:
        seen = time.monotonic()
        while True:
            began = time.monotonic()
            try:
                playlist = await self._load()
            except (FetchFailed, PlaylistUnreadable) as error:
                if time.monotonic() - seen > LOST_S:
                    raise SourceLost(f"The playlist cannot be read: {error}.") from None
                await asyncio.sleep(max(0.5, self.target_s / 4))
                continue
            seen = time.monotonic()
            self.target_s = max(playlist.target_s, 0.2)
            new = self._new(playlist)
            for segment, facts in new:
                task = asyncio.create_task(self._fetched(segment, facts))
                self._running.add(task)
                await queue.put(task)
            if playlist.ended:
                return
            await asyncio.sleep(max(0.1, self._wait_s(playlist, changed=bool(new)) - (time.monotonic() - began)))

    def _wait_s(self, playlist: MediaPlaylist, *, changed: bool) -> float:
        """Time from one request to the next: a segment, where RFC 8216 section 6.3.4 has the target duration, which
        is three segments for Twitch. Half of it when nothing has come."""
        last_s = playlist.segments[-1].duration_s if playlist.segments else self.target_s
        wait_s = min(self.target_s, last_s or self.target_s)
        return wait_s if changed else wait_s / 2

    async def _load(self) -> MediaPlaylist:
        if self._first is not None:
            playlist, self._first = self._first, None
            return playlist
        found, _ = await self._fetching.playlist(self._url)
        if not isinstance(found, MediaPlaylist):
            raise PlaylistUnreadable("The address now gives a list of qualities where it gave segments.")
        return found

    def _new(self, playlist: MediaPlaylist) -> list[tuple[Segment, Facts]]:
        """The segments that come next, with their wall times: those of the playlist, or as if it ended just now."""
        segments = playlist.segments
        if not segments:
            return []
        if self._next is None:
            self._next = _beginning(playlist)
        self._look_behind(segments)
        self._shift = self._aligned(playlist)
        wall_s, found = time.time(), list[tuple[Segment, Facts]]()
        for segment in reversed(segments):
            if segment.sequence < self._next:
                break
            wall_s = segment.at.timestamp() if segment.at else wall_s - segment.duration_s
            if segment.encryption:
                raise NeedsTool(f"The segments are encrypted ({segment.encryption}).")
            if not segment.gap:
                found.append((segment, _facts(segment, wall_s, self._shift)))
        if segments[-1].sequence >= self._next:
            self._next = segments[-1].sequence + 1
            self._last = segments[-1].sequence, segments[-1].discontinuity + self._shift
        return found[::-1]

    def _aligned(self, playlist: MediaPlaylist) -> int:
        """What to add to the playlist's count of discontinuities, so that it goes on: many servers forget those that
        are not listed any more."""
        if self._last is None:
            return 0
        sequence, discontinuity = self._last
        for segment in playlist.segments:
            if segment.sequence == sequence:
                return discontinuity - segment.discontinuity
        return self._shift if playlist.counts else discontinuity

    def _look_behind(self, segments: tuple[Segment, ...]) -> None:
        """Notice a source that counts anew; a cache that lags by a few segments is no such source."""
        assert self._next is not None
        behind = self._next - 1 - segments[-1].sequence
        if behind <= 0:
            self._behind_since = None
            return
        now = time.monotonic()
        self._behind_since = self._behind_since or now
        if behind > len(segments) + AHEAD or now - self._behind_since > _BEHIND * self.target_s:
            raise CountsAnew(f"The source numbers its segments anew, from {segments[0].sequence}.")

    async def _fetched(self, segment: Segment, facts: Facts) -> Spooled | None:
        """Fetch a segment into the spool; None when it cannot be had."""
        if found := self._spool.find(segment.sequence):
            return found
        for tried in range(TRIES):
            try:
                return await self._fetch(segment, facts)
            except FetchFailed as error:
                if tried + 1 < TRIES:
                    await asyncio.sleep(0.5 * 2**tried)
                    continue
                log.warning("segment_not_fetched", sequence=segment.sequence, detail=str(error))
        return None

    async def _fetch(self, segment: Segment, facts: Facts) -> Spooled:
        init = await self._init(segment.init) if segment.init else None
        draft = self._spool.draft(replace(facts, init=init))
        await self._fetching.append(segment.url, segment.span, draft)
        return self._spool.keep(draft)

    async def _init(self, init: Init) -> str:
        """Name of an initialization section, fetched once."""

        async def fetched() -> str:
            return self._spool.add_init(await self._fetching.small(init.url, init.span))

        if init not in self._inits or (self._inits[init].done() and self._inits[init].exception()):
            self._inits = {init: asyncio.create_task(fetched())}
        return await self._inits[init]


def _beginning(playlist: MediaPlaylist) -> int:
    """Where a new recording begins: not before the last discontinuity, which may be an earlier broadcast."""
    segments = playlist.segments
    if playlist.grows or playlist.ended:
        return segments[0].sequence
    length_s, first = 0.0, segments[-1]
    for segment in reversed(segments):
        if segment.discontinuity != first.discontinuity or length_s + segment.duration_s > BACKLOG_S:
            break
        length_s, first = length_s + segment.duration_s, segment
    return first.sequence


def _facts(segment: Segment, wall_s: float, shift: int) -> Facts:
    return Facts(
        sequence=segment.sequence,
        discontinuity=segment.discontinuity + shift,
        duration_s=segment.duration_s,
        wall_s=wall_s,
        exact=segment.at is not None,
        ad=segment.ad,
        init=None,
    )
