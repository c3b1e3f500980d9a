"""The HLS capture: our own fetcher, which takes each segment once, under its media sequence number.

Segments go through a spool on disk into a muxer. The manifest names a segment only when its last frame is in the part,
so a capture that is killed anywhere is followed by one that goes on with the next: within the source's window and the
spool no frame is lost. What both have is on one clock, and the join cuts it.
"""

import asyncio
import errno
import time
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from playhead.api.outgoing import Outgoing
from playhead.live.capture.capture import Ended, Opened
from playhead.live.capture.continuity import Place, break_between, unwrapped
from playhead.live.capture.fetching import FetchFailed, Fetching
from playhead.live.capture.follow import LOST_S, CountsAnew, Follower, NeedsTool, SourceLost
from playhead.live.capture.muxer import FRAGMENT_MS, Input, Muxer, muxing
from playhead.live.capture.spool import Spool, Spooled
from playhead.live.capture.tool import ToolCapture, streamlink_of_hls
from playhead.live.parts import Cause, PartManifest, manifests_in
from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegMissing
from playhead.media.first_time import WRAP_S
from playhead.media.hls.choose import choose_audio, choose_variant
from playhead.media.hls.read import MediaPlaylist, MultivariantPlaylist, PlaylistUnreadable
from playhead.media.mp4.growing import GrowingFile
from playhead.media.tools import MediaTools

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NEAR_WRAP_S = 60.0
"""Seconds before the clock begins again at 0 in which ffmpeg, when it starts there, counts from below 0."""

PAUSE_S = 1.0
"""Time between two segments from which on the source was away, by the playlist's wall times."""

PAUSE_GUESSED_S = 4.0
"""The same by the times at which segments were listed."""

_AUDIO_LEAD_S = 1.0
_AUDIO_BEHIND = 3.0  # target durations that separate audio may lag at the end of a part


@dataclass(frozen=True, slots=True)
class _Track:
    """A media playlist that is followed: the stream itself, or its separate audio."""

    name: str
    url: str
    first: MediaPlaylist | None


class HlsCapture:
    """A capture of an HLS stream.

    Args:
        streamlink: Command of streamlink, for streams that must be decrypted; None without it.
    """

    def __init__(
        self,
        opened: Opened,
        outgoing: Outgoing,
        tools: MediaTools,
        *,
        fragment_ms: int = FRAGMENT_MS,
        streamlink: Sequence[str] | None = None,
    ) -> None:
        self._opened, self._outgoing, self._tools = opened, outgoing, tools
        self._fragment_ms, self._streamlink = fragment_ms, streamlink
        self._stopping = asyncio.Event()
        self._by_tool: ToolCapture | None = None

    async def run(self, folder: Path, manifest: PartManifest) -> Ended:
        """Write the part until the source or `stop` ends it, or it must begin anew."""
        part = _Part(folder, manifest)
        try:
            ended = await self._run(part)
        except NeedsTool as error:
            if not part.begun:
                return await self._with_tool(folder, manifest, str(error))
            ended = Ended("changed", "source", str(error))
        except (SourceLost, PlaylistUnreadable, FetchFailed) as error:
            ended = Ended("failed", "source", str(error))
        except DiskFull as error:
            ended = Ended("disk_full", "disk", error.detail)
        except (FfmpegFailed, FfmpegMissing) as error:
            ended = Ended("failed", "capture", error.detail)
        except OSError as error:
            full = error.errno in _FULL
            words = f"The recording's folder cannot be written: {error.strerror}."
            ended = Ended("disk_full" if full else "failed", "disk", words)
        part.close(ended)
        return ended

    async def stop(self) -> None:
        """End after the segment that is being written."""
        self._stopping.set()
        if self._by_tool is not None:
            await self._by_tool.stop()

    async def _with_tool(self, folder: Path, manifest: PartManifest, why: str) -> Ended:
        if self._streamlink is None:
            return Ended("failed", "source", f"{why} Install the extra 'sites': streamlink can record it.")
        config = folder / f"{manifest.capture_id}.config"
        try:
            argv = streamlink_of_hls(self._streamlink, self._opened, config)
            self._by_tool = ToolCapture(argv, self._tools, fragment_ms=self._fragment_ms)
            if self._stopping.is_set():
                await self._by_tool.stop()
            return await self._by_tool.run(folder, manifest)
        finally:
            config.unlink(missing_ok=True)

    async def _run(self, part: "_Part") -> Ended:
        async with self._outgoing.client(follow_redirects=True) as client:
            fetching = Fetching(client, self._opened.headers)
            tracks = await self._tracks(fetching)
            followers = [part.follower(fetching, track) for track in tracks]
            async with aclosing(followers[0].segments()) as segments:
                try:
                    return await self._capture(part, segments, followers[1] if len(followers) > 1 else None)
                except CountsAnew as error:
                    part.forget()
                    return Ended("changed", "source", str(error))

    async def _tracks(self, fetching: Fetching) -> list[_Track]:
        """What is followed. A source that is not there yet is asked again for a while."""
        deadline = time.monotonic() + LOST_S
        while True:
            try:
                found, url = await fetching.playlist(self._opened.url)
                break
            except FetchFailed as error:
                if time.monotonic() > deadline or self._stopping.is_set():
                    raise SourceLost(f"The playlist cannot be read: {error}.") from None
            await asyncio.sleep(1.0)
        if isinstance(found, MediaPlaylist):
            return [_Track("main", url, found)]
        return _chosen(found, self._opened.quality)

    async def _capture(self, part: "_Part", segments: AsyncGenerator[Spooled], audio: Follower | None) -> Ended:
        first = await self._next(segments)
        if first is None:
            return self._over()
        shift_s = part.begin(first)
        if audio is None:
            inputs = [part.input(first, shift_s)]
            async with muxing(self._tools.ffmpeg(), part.path, inputs, fragment_ms=self._fragment_ms) as muxer:
                return await self._pump(part, muxer, first, segments, None)
        async with aclosing(audio.segments()) as audio_segments:
            heard = await self._next_audio(audio_segments, part.last.time_s - _AUDIO_LEAD_S - shift_s)
            if heard is None:
                return self._over()
            inputs = [part.input(first, shift_s), part.input(heard, shift_s)]
            async with muxing(self._tools.ffmpeg(), part.path, inputs, fragment_ms=self._fragment_ms) as muxer:
                feed = _AudioFeed(part, muxer, shift_s)
                feeding = asyncio.create_task(feed.run(heard, audio_segments))
                try:
                    return await self._pump(part, muxer, first, segments, feed)
                finally:
                    feeding.cancel()  # before the muxer closes its pipes
                    await asyncio.gather(feeding, return_exceptions=True)

    async def _pump(
        self,
        part: "_Part",
        muxer: Muxer,
        first: Spooled,
        segments: AsyncGenerator[Spooled],
        audio: "_AudioFeed | None",
    ) -> Ended:
        """Feed the muxer until something ends the part; then everything fed is written."""
        if first.facts.init:
            await muxer.pour(0, part.spool.init_path(first.facts.init))
        await muxer.pour(0, first.path, first.offset)
        broken: str | None = None
        failed: Exception | None = None
        try:
            while broken is None and (spooled := await self._next(segments)):
                place = part.placed(spooled)
                broken = _broken(part.last, place, audio)
                if broken is None:
                    await muxer.pour(0, spooled.path, spooled.offset)
                    part.fed(place)
        except (SourceLost, CountsAnew, NeedsTool) as error:
            failed = error
        if audio is not None:
            ended = broken is None and failed is None and not self._stopping.is_set()
            await audio.end(float("inf") if ended else part.last.end_s)
        await muxer.finish()
        part.written()
        if failed is not None:
            raise failed
        return Ended("changed", "source", f"A new part begins: {broken}.") if broken else self._over()

    async def _next(self, segments: AsyncGenerator[Spooled]) -> Spooled | None:
        """The segment that comes; None at the end, or when this is stopped."""
        if self._stopping.is_set():
            return None
        coming = asyncio.ensure_future(anext(segments, None))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({coming, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not coming.done():
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
        return None if coming.cancelled() else coming.result()

    async def _next_audio(self, segments: AsyncGenerator[Spooled], from_s: float) -> Spooled | None:
        """The first audio segment that reaches to a time of the source."""
        while spooled := await self._next(segments):
            if spooled.time_s is None or spooled.time_s + spooled.facts.duration_s > from_s:
                return spooled
        return None

    def _over(self) -> Ended:
        if self._stopping.is_set():
            return Ended("stopped", "capture", "It was stopped.")
        return Ended("end", "source", "The playlist has ended.")


def _chosen(playlist: MultivariantPlaylist, quality: str) -> list[_Track]:
    variant = choose_variant(playlist, quality)
    audio = choose_audio(playlist, variant)
    tracks = [_Track("main", variant.url, None)]
    return [*tracks, _Track("audio", audio.url, None)] if audio and audio.url else tracks


class _Part:
    """The part that is written: its manifest, and which of the segments that were fed are whole in it.

    Attributes:
        last: The segment that was fed last; before the first, the one where the capture before ended.
    """

    last: Place

    def __init__(self, folder: Path, manifest: PartManifest) -> None:
        self.path = folder / f"{manifest.capture_id}.mp4"
        self._folder = folder
        earlier = [each for each in manifests_in(folder, manifest.lane) if each.capture_id != manifest.capture_id]
        self._before = earlier[-1] if earlier else None
        self._place = _place(self._before)
        self._manifest = manifest.but(place=asdict(self._place) if self._place else None)
        self.spool = Spool(folder, manifest.lane, "main")
        self.audio = Spool(folder, manifest.lane, "audio")
        self._fed: deque[Place] = deque()
        self._growing = GrowingFile(self.path)
        if self._place is None:
            self.spool.clear()
            self.audio.clear()

    @property
    def begun(self) -> bool:
        """Whether it has media."""
        return self._manifest.began_at is not None

    @property
    def whole_s(self) -> float:
        """Time of the last segment that is whole in a part."""
        return self._place.time_s if self._place else float("-inf")

    def follower(self, fetching: Fetching, track: _Track) -> Follower:
        """Follow a track from where the capture before ended."""
        if track.name == "main":
            last = (self._place.sequence, self._place.discontinuity) if self._place else None
            return Follower(fetching, track.url, self.spool, first=track.first, last=last)
        held = [spooled for sequence in self.audio.held()[:1] if (spooled := self.audio.find(sequence))]
        last = (held[0].facts.sequence - 1, held[0].facts.discontinuity) if held else None
        return Follower(fetching, track.url, self.audio, first=track.first, last=last)

    def begin(self, first: Spooled) -> float:
        """Begin with a segment; returns what is added to the times of the source."""
        raw_s = first.time_s or 0.0
        clock, cause, place = self._continued(first, raw_s)
        if self._place is None:
            self._place = _before(place)  # so that one that is killed before any segment is whole is followed, too
        self._manifest = self._manifest.but(
            place=asdict(self._place),
            clock=clock,
            cause=cause,
            began_at=datetime.fromtimestamp(place.wall_s, UTC).isoformat(),
            ad=place.ad,
        )
        self._manifest.write(self._folder)
        self.last = place
        self._fed.append(place)
        return place.time_s - raw_s if first.time_s is not None else 0.0

    def _continued(self, first: Spooled, raw_s: float) -> tuple[str, Cause | None, Place]:
        """Clock, cause of the hole before it, and place of the first segment, after what the last capture left."""
        new, cause = self._placed(first, raw_s), self._manifest.cause
        if self._before is None or self._place is None:
            return self._manifest.capture_id, cause, new
        following = self._placed(first, self._time_of(first, self._place))
        broken = break_between(self._place, following)
        if broken is None:
            return self._before.clock, None, _with_wall(following, self._place)
        clock, place = (self._manifest.capture_id, new) if broken.new_clock else (self._before.clock, following)
        missing = broken.missing
        if not missing:
            place, missing = _after_break(place, self._place)
        return clock, (cause or "source") if missing else None, place

    def input(self, spooled: Spooled, shift_s: float) -> Input:
        """How the muxer reads a track."""
        if spooled.facts.init:
            return Input("mp4", shift_s)
        near_wrap = (spooled.time_s or 0.0) > WRAP_S - _NEAR_WRAP_S
        return Input("mpegts", shift_s + (WRAP_S if near_wrap else 0.0), spooled.adts)

    def placed(self, spooled: Spooled) -> Place:
        """Where a segment stands on the clock of this part."""
        return self._placed(spooled, self._time_of(spooled, self.last))

    def fed(self, place: Place) -> None:
        """Note that the muxer has a segment, and which ones are whole in the file by now.

        The muxer may hold what it has of a segment until the next one, and audio may come up to a segment late. So a
        segment counts as whole when the file reaches to the second one after it.
        """
        self.last = _with_wall(place, self.last)
        self._fed.append(self.last)
        self._growing.scan()
        whole: Place | None = None
        while len(self._fed) > 2 and self._fed[2].time_s <= self._growing.end_s:
            whole = self._fed.popleft()
        if whole is not None:
            self._confirm(whole)

    def written(self) -> None:
        """Note that the muxer has written all it had."""
        if self._fed:
            self._confirm(self._fed[-1])
            self._fed.clear()

    def forget(self) -> None:
        """Forget where the source stood: it counts anew. The manifest before says so too, should this part be empty."""
        self.spool.clear()
        self.audio.clear()
        self._manifest = self._manifest.but(place=None)
        if self._before is not None:
            self._before.but(place=None).write(self._folder)

    def close(self, ended: Ended) -> None:
        """Write the end into the manifest; without a part it still names the place for the next capture."""
        self._manifest = self._manifest.but(ended_at=datetime.now(UTC).isoformat(), end=ended.detail)
        self._manifest.write(self._folder)

    def _confirm(self, place: Place) -> None:
        self._place = place
        self._manifest = self._manifest.but(sequence=place.sequence, place=asdict(place))
        self._manifest.write(self._folder)
        self.spool.drop(place.sequence)

    def _time_of(self, spooled: Spooled, last: Place) -> float:
        if spooled.time_s is None:
            return last.end_s
        return spooled.time_s if spooled.facts.init else unwrapped(spooled.time_s, last.end_s)

    @staticmethod
    def _placed(spooled: Spooled, time_s: float) -> Place:
        return Place(**asdict(spooled.facts), time_s=time_s)


def _before(place: Place) -> Place:
    """Where a segment before the first one would stand."""
    return replace(
        place,
        sequence=place.sequence - 1,
        time_s=place.time_s - place.duration_s,
        wall_s=place.wall_s - place.duration_s,
    )


def _after_break(place: Place, last: Place) -> tuple[Place, bool]:
    """A segment that is next in number after a break, with its wall time; and whether the source was away between.

    Small differences are the playlist's: then it begins when the last one ended.
    """
    end_s = last.wall_s + last.duration_s
    slack_s = PAUSE_S if place.exact else max(PAUSE_GUESSED_S, 2 * place.duration_s)
    if place.wall_s > end_s + slack_s:
        return place, True
    return replace(place, wall_s=end_s), False


def _with_wall(place: Place, last: Place) -> Place:
    """A guessed wall time made to run with the clock of the part."""
    return place if place.exact else replace(place, wall_s=last.wall_s + place.time_s - last.time_s)


class _AudioFeed:
    """Feeds the separate audio of a stream, beside its video."""

    def __init__(self, part: _Part, muxer: Muxer, shift_s: float) -> None:
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
        wait_s = _AUDIO_BEHIND * self._part.last.duration_s
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


def _broken(last: Place, place: Place, audio: "_AudioFeed | None") -> str | None:
    """Why a segment begins a new part, in words."""
    if found := break_between(last, place):
        return found.words
    return "the separate audio breaks off" if audio is not None and audio.lost(place) else None


def _follows(last: Spooled, following: Spooled) -> bool:
    before, after = last.facts, following.facts
    return (after.sequence, after.discontinuity, after.init) == (
        before.sequence + 1,
        before.discontinuity,
        before.init,
    )


def _place(manifest: PartManifest | None) -> Place | None:
    """Where a capture ended; a manifest that was damaged begins afresh."""
    try:
        return Place(**manifest.place) if manifest and manifest.place else None
    except TypeError:
        return None
