"""How ffmpeg is given a source: from which place on, and which of its times is the wanted one."""

import math
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from playhead.media.errors import InputUnreadable, UnreadableVideo
from playhead.media.feed import LEAD_S, conformed
from playhead.media.ffmpeg import MAX_PIXELS, Source
from playhead.media.render.levels import ContentLost
from playhead.media.render.plan import SourceTracks
from playhead.media.sniff import DEMUXER_OPTIONS, HEAD_BYTES, MPEG_PS, MPEG_TS, sniff

_LOOSE = (MPEG_TS.demuxer, MPEG_PS.demuxer)
_LOOSE_LEAD_S = 20.0
"""How much earlier to start in a stream without an index, where a seek lands between keyframes and the video starts
at the next one, too late; broadcast keyframes are at most 10 s apart."""

_SAME_S = 0.001

BEFORE_S = 10
"""Audio and reordered frames may begin this much before their file does."""


@dataclass(frozen=True, slots=True)
class Input:
    """Arguments of `run_ffmpeg`.

    Attributes:
        sources: One, or none where a *feed* is.
        arguments: To stand before all others.
        stream: What a filter graph begins with.
        at_s: What ffmpeg's clock shows at the wanted start.
    """

    sources: tuple[Source, ...]
    arguments: tuple[str, ...]
    stream: str
    at_s: float
    feed: AsyncGenerator[bytes] | None = None


def input_of(
    path: Path, tracks: SourceTracks, *, video: bool, start_s: float, early_s: float = 0.0, threads: int = 0
) -> Input:
    """Have a track read from a time on; the frame that is still on screen there comes with it.

    ffmpeg counts from the first packet of the streams that are *used*, so the video of a file whose audio begins
    earlier would be early by as much. Where the file's own clock is known that is what counts.

    Args:
        video: Its video, else its audio.
        start_s: From the start of the file.
        early_s: How much earlier decoding has to begin at least.
    """
    stream = tracks.video_stream if video else tracks.audio_stream
    track = tracks.video if video else tracks.audio
    delay_s = tracks.video_delay_s if video else 0.0
    if tracks.jumps and track >= 0:
        feed = conformed(path, track, start_s - early_s)
        return Input((), _piped(tracks, threads), "0:0", LEAD_S + delay_s + start_s, feed)
    demuxer = _demuxer(path)
    named = tuple(chain.from_iterable((f"-{name}", value) for name, value in DEMUXER_OPTIONS.get(demuxer, {}).items()))
    named += ("-c:v", tracks.decoder) if video and tracks.decoder else ()
    last_s = tracks.video_end_s if video and tracks.video_end_s > 0 else math.inf  # behind it the last frame is held
    seek_s = max(0.0, min(start_s, last_s) - max(early_s, _LOOSE_LEAD_S if demuxer in _LOOSE else 0.0))
    if seek_s <= (tracks.video_start_s if video else tracks.audio_start_s) + _SAME_S:
        seek_s = 0.0  # nothing comes before it; not every file can be sought in
    if tracks.zero_s is None:
        seek_s, options = seek_to(seek_s)
        return Input((Source(path, (*named, *options)),), (), stream, start_s - seek_s)
    options = ("-seek_timestamp", "1", *seek_to(seek_s, tracks.zero_s + delay_s)[1]) if seek_s > 0 else ()
    return Input((Source(path, (*named, *options)),), ("-copyts",), stream, tracks.zero_s + delay_s + start_s)


async def read_again(work: Callable[[float], Awaitable[None]], start_s: float, early_s: float = 0.0) -> None:
    """Do work that reads a source from *early_s* before its start on; if nothing comes of that, from the beginning on.

    A seek may land behind a gap, or behind a keyframe that is further away than usual.

    Args:
        work: Takes how much earlier to begin.
    """
    try:
        await work(early_s)
    except (InputUnreadable, ContentLost):
        if start_s <= early_s:
            raise
        await work(math.inf)


def seek_to(start_s: float, zero_s: float = 0.0) -> tuple[float, tuple[str, ...]]:
    """Input options that start at the keyframe before a time, and the time that then counts as 0.

    Not "accurate": that drops the frame that is still on screen at the start. The filters cut instead.
    """
    text = f"{max(0.0, start_s):.6f}"
    if float(text) <= 0:
        return 0.0, ()
    return float(text), ("-noaccurate_seek", "-ss", f"{zero_s + float(text):.6f}")


def _piped(tracks: SourceTracks, threads: int) -> tuple[str, ...]:
    # NUT has no place for a display matrix. ffmpeg mirrors after it has turned, counter-clockwise.
    degrees = tracks.rotation if tracks.mirrored else -tracks.rotation
    turned = ("-display_rotation", str(degrees)) if degrees else ()
    flipped = ("-display_hflip",) if tracks.mirrored else ()
    guard = ("-protocol_whitelist", "pipe", "-max_pixels", str(MAX_PIXELS), "-threads", str(threads))
    return ("-copyts", "-f", "nut", *guard, *turned, *flipped, "-i", "pipe:0")


def _demuxer(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        return sniff(head).demuxer
    except UnreadableVideo:
        return ""  # ffmpeg will refuse it in its own words
