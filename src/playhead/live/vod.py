"""Spans of a finished HLS playlist, to repair the gaps of a recording from the platform's own recording."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from playhead.api.outgoing import Outgoing
from playhead.errors import PlayheadError
from playhead.live.capture.fetching import FetchFailed, Fetching
from playhead.live.capture.muxer import Input, Muxer, muxing
from playhead.live.capture.spool import Facts, Spool, Spooled
from playhead.media.hls.choose import choose_audio, choose_variant
from playhead.media.hls.read import MediaPlaylist, PlaylistUnreadable, Segment
from playhead.media.tools import MediaTools

TRIES = 3


class SpanNotAvailable(PlayheadError):
    """A span that the platform does not have, or does not give."""

    code = "vod_span_not_available"
    title = "This time is not in the platform's recording"
    status = 409
    fault = "destination"


@dataclass(frozen=True, slots=True)
class FetchedSpan:
    """A span as a fragmented MP4; it begins with a keyframe, at or before the time that was wanted.

    Attributes:
        start_s: Its first frame in the platform's recording, in seconds from that one's start.
        began_at: Wall clock of its first frame; None where the playlist does not say.
        duration_s: As the playlist has it.
    """

    path: Path
    start_s: float
    began_at: datetime | None
    duration_s: float


async def fetch_span(
    url: str,
    start: datetime | float,
    end: datetime | float,
    folder: Path,
    *,
    outgoing: Outgoing,
    tools: MediaTools,
    quality: str = "best",
    headers: dict[str, str] | None = None,
) -> FetchedSpan:
    """Fetch the segments that cover a span.

    Args:
        start, end: Wall clock, where the playlist has it (``EXT-X-PROGRAM-DATE-TIME``); or seconds from its start.
        folder: Scratch; the result is in it.

    Raises:
        SpanNotAvailable: the playlist does not cover it, has no wall clock, or a segment cannot be had.
        PlaylistUnreadable: the URL gives no playlist.
        FfmpegFailed: the segments cannot be read.
    """
    async with outgoing.client(follow_redirects=True) as client:
        fetching = Fetching(client, headers or {})
        try:
            tracks = await _tracks(fetching, url, quality)
            spans = [_covering(track, start, end) for track in tracks]
            spooled = [
                await _fetch_all(fetching, [segment for _, segment in span], Spool(folder, 0, f"track{number}"))
                for number, span in enumerate(spans)
            ]
        except FetchFailed as error:
            raise SpanNotAvailable(f"The platform's recording cannot be fetched: {error}.") from error
    path = folder / "span.mp4"
    await _mux(tools, path, spooled)
    (start_s, first), segments = spans[0][0], [segment for _, segment in spans[0]]
    return FetchedSpan(path, start_s, first.at, sum(segment.duration_s for segment in segments))


async def _tracks(fetching: Fetching, url: str, quality: str) -> list[MediaPlaylist]:
    found, _ = await fetching.playlist(url)
    if isinstance(found, MediaPlaylist):
        return [found]
    variant = choose_variant(found, quality)
    audio = choose_audio(found, variant)
    urls = [variant.url, *([audio.url] if audio and audio.url else [])]
    tracks = [(await fetching.playlist(each))[0] for each in urls]
    if not all(isinstance(track, MediaPlaylist) for track in tracks):
        raise PlaylistUnreadable("A quality of the playlist gives a list of qualities again.")
    return [track for track in tracks if isinstance(track, MediaPlaylist)]


def _covering(playlist: MediaPlaylist, start: datetime | float, end: datetime | float) -> list[tuple[float, Segment]]:
    """The segments of a span, each with its start in the playlist."""
    starts = accumulate((segment.duration_s for segment in playlist.segments), initial=0.0)
    found = [
        (start_s, segment)
        for start_s, segment in zip(starts, playlist.segments, strict=False)
        if _overlaps(segment, start_s, start, end)
    ]
    if not found:
        has_times = any(segment.at for segment in playlist.segments)
        why = "" if has_times or not isinstance(start, datetime) else " It has no times of day: name seconds instead."
        raise SpanNotAvailable(f"The platform's recording does not cover this time.{why}")
    if any(segment.encryption or segment.gap for _, segment in found):
        raise SpanNotAvailable("The platform's recording is encrypted there, or has a hole of its own.")
    return found


def _overlaps(segment: Segment, start_s: float, start: datetime | float, end: datetime | float) -> bool:
    if isinstance(start, datetime) and isinstance(end, datetime):
        at = segment.at
        return at is not None and at < end and at.astimezone(UTC) + timedelta(seconds=segment.duration_s) > start
    if isinstance(start, datetime) or isinstance(end, datetime):
        raise TypeError("a span has two times of day, or two offsets")
    return start_s < end and start_s + segment.duration_s > start


async def _fetch_all(fetching: Fetching, segments: Sequence[Segment], spool: Spool) -> list[Spooled]:
    inits = {segment.init for segment in segments if segment.init}
    names = {init: spool.add_init(await fetching.small(init.url, init.span)) for init in inits}
    if len(inits) > 1:
        raise SpanNotAvailable("The platform's recording changes its parameters within this time.")
    return [
        await _fetch(fetching, segment, spool, names[segment.init] if segment.init else None) for segment in segments
    ]


async def _fetch(fetching: Fetching, segment: Segment, spool: Spool, init: str | None) -> Spooled:
    wall_s = segment.at.timestamp() if segment.at else 0.0
    facts = Facts(
        sequence=segment.sequence,
        discontinuity=segment.discontinuity,
        duration_s=segment.duration_s,
        wall_s=wall_s,
        exact=segment.at is not None,
        ad=segment.ad,
        init=init,
    )
    for tried in range(TRIES):
        draft = spool.draft(facts)
        try:
            await fetching.append(segment.url, segment.span, draft)
            return spool.keep(draft)
        except FetchFailed:
            if tried + 1 == TRIES:
                raise
    raise AssertionError("unreachable")


async def _mux(tools: MediaTools, path: Path, tracks: Sequence[Sequence[Spooled]]) -> None:
    inputs = [Input("mp4") if track[0].facts.init else Input("mpegts", adts=track[0].adts) for track in tracks]
    async with muxing(tools.ffmpeg(), path, inputs) as muxer:
        await asyncio.gather(*(_feed(muxer, number, track) for number, track in enumerate(tracks)))
        await muxer.finish()


async def _feed(muxer: Muxer, number: int, track: Sequence[Spooled]) -> None:
    if (init := track[0].facts.init) is not None:
        await muxer.pour(number, track[0].path.parent / f"{init}.init")
    for spooled in track:
        await muxer.pour(number, spooled.path, spooled.offset)
        spooled.path.unlink()
