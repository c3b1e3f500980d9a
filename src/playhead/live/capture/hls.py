"""The HLS capture: our own fetcher, which takes each segment once, under its media sequence number.

Segments go through a spool on disk into a muxer. The manifest names a segment only when its last frame is in the part,
so a capture that is killed anywhere is followed by one that goes on with the next: within the source's window and the
spool no frame is lost. What both have is on one clock, and the join cuts it.
"""

import asyncio
import errno
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from playhead.api.outgoing import Outgoing
from playhead.live.capture.capture import Ended, Opened
from playhead.live.capture.continuity import Place, break_between
from playhead.live.capture.fetching import FetchFailed, Fetching
from playhead.live.capture.follow import LOST_S, CountsAnew, Follower, NeedsTool, SourceLost
from playhead.live.capture.hls_audio import AudioFeed
from playhead.live.capture.hls_part import HlsPart
from playhead.live.capture.muxer import FRAGMENT_MS, Muxer, muxing
from playhead.live.capture.spool import Spooled
from playhead.live.capture.tool import ToolCapture, streamlink_of_hls
from playhead.live.parts import PartManifest
from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegMissing
from playhead.media.hls.choose import choose_audio, choose_variant
from playhead.media.hls.read import MediaPlaylist, MultivariantPlaylist, PlaylistUnreadable
from playhead.media.tools import MediaTools

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class _Track:
    """A media playlist that is followed; the stream itself comes first, then its separate audio.

    Attributes:
        first: The playlist if it has been read already.
    """

    url: str
    first: MediaPlaylist | None = None


_AUDIO_LEAD_S = 1.0


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
        part = HlsPart(folder, manifest)
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

    async def _run(self, part: HlsPart) -> Ended:
        async with self._outgoing.client(follow_redirects=True) as client:
            fetching = Fetching(client, self._opened.headers)
            tracks = await self._tracks(fetching)
            main = Follower(fetching, tracks[0].url, part.spool, first=tracks[0].first, last=part.last_main())
            audio = [Follower(fetching, each.url, part.audio, last=part.last_audio()) for each in tracks[1:]]
            async with aclosing(main.segments()) as segments:
                try:
                    return await self._capture(part, segments, audio[0] if audio else None)
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
            return [_Track(url, found)]
        return _chosen(found, self._opened.quality)

    async def _capture(self, part: HlsPart, segments: AsyncGenerator[Spooled], audio: Follower | None) -> Ended:
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
                feed = AudioFeed(part, muxer, shift_s)
                feeding = asyncio.create_task(feed.run(heard, audio_segments))
                try:
                    return await self._pump(part, muxer, first, segments, feed)
                finally:
                    feeding.cancel()  # before the muxer closes its pipes
                    await asyncio.gather(feeding, return_exceptions=True)

    async def _pump(
        self,
        part: HlsPart,
        muxer: Muxer,
        first: Spooled,
        segments: AsyncGenerator[Spooled],
        audio: AudioFeed | None,
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
    return [_Track(variant.url), *([_Track(audio.url)] if audio and audio.url else [])]


def _broken(last: Place, place: Place, audio: AudioFeed | None) -> str | None:
    """Why a segment begins a new part, in words."""
    if found := break_between(last, place):
        return found.words
    return "the separate audio breaks off" if audio is not None and audio.lost(place) else None
