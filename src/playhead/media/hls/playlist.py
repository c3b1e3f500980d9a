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


@dataclass(frozen=True, slots=True)
class AudioRendition:
    """An audio track in a multivariant playlist; without a language the player leaves the choice to people."""

    uri: str
    name: str = "Sound"
    channels: int = 2
    language: str = "und"


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A subtitles rendition: a media playlist of WebVTT.

    Attributes:
        name: In menus.
        language: BCP 47 tag; ``und`` is left out.
        describes: Whether it also says what is heard besides speech, for those who do not hear it.
    """

    uri: str
    name: str
    language: str
    default: bool
    describes: bool


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


def subtitles_playlist(uri: str, duration_s: float) -> str:
    """Write the media playlist of captions: one segment of WebVTT as long as the video."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:3",
        f"#EXT-X-TARGETDURATION:{max(1, round(duration_s))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        f"#EXTINF:{max(duration_s, 0.001):.6f},",
        uri,
    ]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def multivariant_playlist(
    variants: Sequence[Variant], audio: Sequence[AudioRendition] = (), subtitles: Sequence[Subtitles] = ()
) -> str:
    """Write the playlist that a player opens.

    Args:
        audio: The audio tracks, the one that plays first; none for a silent video.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    group = ""
    if audio:
        group = ',AUDIO="sound"'
        lines += [_audio(each, is_first=not place) for place, each in enumerate(audio)]
    if subtitles:
        group += ',SUBTITLES="captions"'
        lines += map(_subtitles, subtitles)
    for variant in variants:
        lines += [
            f"#EXT-X-STREAM-INF:BANDWIDTH={variant.peak_bps},AVERAGE-BANDWIDTH={variant.average_bps},"
            f'CODECS="{variant.codecs}",RESOLUTION={variant.width}x{variant.height},'
            f"FRAME-RATE={variant.fps:.3f}{group}",
            variant.uri,
        ]
    return "\n".join([*lines, ""])


def _audio(each: AudioRendition, *, is_first: bool) -> str:
    name = each.name.replace('"', "'")  # a quoted string has no escapes (RFC 8216 section 4.2)
    language = "" if each.language in ("", "und") else f'LANGUAGE="{each.language}",'
    chosen = "DEFAULT=YES,AUTOSELECT=YES" if is_first else "DEFAULT=NO,AUTOSELECT=NO"
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="{name}",{language}{chosen},'
        f'CHANNELS="{each.channels}",URI="{each.uri}"'
    )


def _subtitles(each: Subtitles) -> str:
    name = each.name.replace('"', "'")  # a quoted string has no escapes (RFC 8216 section 4.2)
    language = "" if each.language == "und" else f'LANGUAGE="{each.language}",'
    chosen = "DEFAULT=YES,AUTOSELECT=YES" if each.default else "DEFAULT=NO,AUTOSELECT=YES"
    described = f'CHARACTERISTICS="{_DESCRIBES}",' if each.describes else ""
    return (
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="{name}",{language}{chosen},FORCED=NO,'
        f'{described}URI="{each.uri}"'
    )


_DESCRIBES = "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound"


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
