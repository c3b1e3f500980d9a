"""Playlists (RFC 8216, and draft-pantos-hls-rfc8216bis for version 7 with fragmented MP4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class SegmentList:
    """Segments that share an init segment.

    Attributes:
        init: URI of the init segment.
        segments: URIs of the segments.
        bounds_s: Starts of the segments within the list, and the end of the last one.
    """

    init: str
    segments: Sequence[str]
    bounds_s: Sequence[Fraction]


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant stream: a media playlist of video.

    Attributes:
        peak_bps, average_bps: Bits per second with its audio: of the heaviest segment, and of all.
        codecs: RFC 6381 names of video and audio, comma-separated.
    """

    uri: str
    peak_bps: int
    average_bps: int
    codecs: str
    width: int
    height: int
    fps: float


def media_playlist(lists: Sequence[SegmentList], *, start_s: Fraction = Fraction(0)) -> str:
    """Write a media playlist that has ended; between two lists is a discontinuity.

    Args:
        start_s: Default start of playback: behind the hidden frames of the first list.
    """
    longest = max(round(after - at) for each in lists for at, after in pairwise(each.bounds_s))
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, longest)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]
    if start_s:
        lines.append(f"#EXT-X-START:TIME-OFFSET={float(start_s):.6f},PRECISE=YES")
    clock = _Clock()
    for number, each in enumerate(lists):
        if number:
            lines.append("#EXT-X-DISCONTINUITY")
        lines.append(f'#EXT-X-MAP:URI="{each.init}"')
        for (at, after), uri in zip(pairwise(each.bounds_s), each.segments, strict=True):
            lines += [f"#EXTINF:{clock.duration(after - at)},", uri]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def multivariant_playlist(variants: Sequence[Variant], audio: str | None, channels: int = 2) -> str:
    """Write the playlist that a player opens.

    Args:
        audio: URI of the media playlist of audio; None for a silent video.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    group = ""
    if audio is not None:
        group = ',AUDIO="sound"'
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="{channels}",URI="{audio}"'
        )
    for variant in variants:
        lines += [
            f"#EXT-X-STREAM-INF:BANDWIDTH={variant.peak_bps},AVERAGE-BANDWIDTH={variant.average_bps},"
            f'CODECS="{variant.codecs}",RESOLUTION={variant.width}x{variant.height},'
            f"FRAME-RATE={variant.fps:.3f}{group}",
            variant.uri,
        ]
    return "\n".join([*lines, ""])


def bandwidth(sizes: Sequence[int], bounds_s: Sequence[Fraction]) -> tuple[int, int]:
    """Bits per second of the heaviest segment, and of all.

    Args:
        sizes: Bytes of each segment.
        bounds_s: As of a `SegmentList`.
    """
    rates = [
        8 * size / max(after - at, Fraction(1, 10)) for size, (at, after) in zip(sizes, pairwise(bounds_s), strict=True)
    ]
    return round(max(rates)), round(8 * sum(sizes) / max(bounds_s[-1], Fraction(1, 10)))


class _Clock:
    """A clock of durations in microseconds, whose sum never has more than one rounding error."""

    def __init__(self) -> None:
        self._exact = Fraction(0)
        self._written = 0

    def duration(self, exact: Fraction) -> str:
        self._exact += exact
        micros = round(self._exact * 1_000_000) - self._written
        self._written += micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
