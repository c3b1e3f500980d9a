"""Rendition ladder: which renditions a video gets, their sizes, bitrates and keyframes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from playhead.errors import InvalidInput
from playhead.media.playable import plays
from playhead.media.probe import Probe
from playhead.media.render.format import snap_rate

RenditionCodec = Literal["h264", "av1"]
RenditionKind = Literal["rendition", "download"]

SIDES = (1080, 720, 480, 360)
"""Short sides in pixels, so that an upright video has the same renditions as a wide one."""

MIN_SIDE, MAX_SIDE = 90, 2160

GOP_S = 2
"""Seconds between keyframes: a player can switch renditions at each of them."""

SPAN_S = 60
"""Seconds that are encoded in one go, about: what a worker that dies loses at most."""

MAX_FPS = 60

_BITS = {1080: 5_500_000, 720: 2_800_000, 480: 1_300_000, 360: 750_000}
"""Most bits a second of H.264 at 30 frames a second and 16:9; quality is constant below."""

_AV1_SHARE = 0.6
_FAST_SHARE = 1.5
"""Of bits, for more than 33 frames a second: neighbours are more alike than at 30."""

_LEAST_BITS = 150_000
_MP4 = ("mp4", "mov")


class TooSmall(InvalidInput):
    """The video has fewer lines than the requested rendition, or the size is impossible."""

    code = "rendition_too_large"
    title = "Rendition too large"


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """One rendition.

    Attributes:
        name: ``720p``; ``720pav1`` in AV1; ``download-720p``.
        width, height: Even, in pixels.
        max_bitrate: Bits per second of the video.
        has_audio: With AAC audio. A rendition for streaming is silent where players use the audio of the original,
            but the largest has its own where the original does not play.
    """

    name: str
    kind: RenditionKind
    codec: RenditionCodec
    width: int
    height: int
    fps: Fraction
    max_bitrate: int
    has_audio: bool

    @property
    def gop_frames(self) -> int:
        """Frames from keyframe to keyframe, the same in all renditions of a video."""
        return max(1, round(GOP_S * self.fps))

    @property
    def file_name(self) -> str:
        """As it is kept beside the video."""
        return f"{self.name}.mp4"

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; the frame rate as ``30000/1001``, the audio by its older name ``sound``."""
        facts = {**asdict(self), "fps": str(self.fps)}
        return {"sound": facts.pop("has_audio"), **facts}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "RenditionSpec":
        """The inverse of `to_dict`."""
        facts = {**facts, "fps": Fraction(facts["fps"])}
        return cls(has_audio=facts.pop("sound"), **facts)


@dataclass(frozen=True, slots=True)
class RenditionRequest:
    """Requested renditions.

    Attributes:
        codec: Of the specs; a download is always H.264, which plays everywhere.
        heights: Short sides; None for the usual ones.
        download: Short side of a file to download; None for none.
        ladder: Whether specs are wanted at all.
    """

    codec: RenditionCodec = "h264"
    heights: tuple[int, ...] | None = None
    download: int | None = None
    ladder: bool = True

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "RenditionRequest":
        """The inverse of `to_dict`."""
        heights = facts["heights"]
        return cls(**{**facts, "heights": None if heights is None else tuple(heights)})


def choose_renditions(source: Probe, wanted: RenditionRequest) -> tuple[RenditionSpec, ...]:
    """The renditions of a video, the largest first, then the download.

    A rendition is never larger than the source. Without *heights*, the source's own size is left out where browsers
    play the original, and a video smaller than every rendition gets one of its own size only where they do not.

    Raises:
        TooSmall: none of the requested sizes is as small as the source.
    """
    requested = {*(wanted.heights or ()), *([wanted.download] if wanted.download else [])}
    if odd := [side for side in requested if side % 2 or not MIN_SIDE <= side <= MAX_SIDE]:
        raise TooSmall(f"A rendition has an even number of lines from {MIN_SIDE} to {MAX_SIDE}, not {odd[0]}.")
    sides = _sides(source, wanted) if wanted.ladder else ()
    specs = [_spec(source, side, wanted.codec, "rendition") for side in sides]
    if specs and source.audio is not None and not plays(source):
        specs[0] = replace(specs[0], has_audio=True)  # the file that plays instead of the original
    if wanted.download is not None:
        specs.append(_spec(source, min(wanted.download, _even(_short(source))), "h264", "download"))
    if requested and not specs:
        raise TooSmall(
            f"The video has {_short(source)} lines; a rendition of {min(requested)} would be larger than it."
        )
    return tuple(specs)


def spans(spec: RenditionSpec, frames: int) -> Iterator[tuple[int, int]]:
    """Half-open spans of frames, each beginning on a keyframe of every rendition, about `SPAN_S` long."""
    step = spec.gop_frames * max(1, round(SPAN_S * spec.fps / spec.gop_frames))
    starts = list(range(0, max(1, frames), step))
    if len(starts) > 1 and frames - starts[-1] < spec.gop_frames:
        starts.pop()
    yield from zip(starts, [*starts[1:], frames], strict=True)


def frames_of(source: Probe, fps: Fraction) -> int:
    """How many frames a rendition has."""
    return max(1, round(Fraction(source.duration_s).limit_denominator(1_000_000) * fps))


def _sides(source: Probe, wanted: RenditionRequest) -> Sequence[int]:
    own = _short(source)
    if wanted.heights is not None:
        return sorted({side for side in wanted.heights if side <= own}, reverse=True)
    playable = wanted.codec == "h264" and _plays(source)
    sides = [side for side in SIDES if side < own or (side == own and not playable)]
    return sides or ([] if playable else [max(2, _even(own))])


def _plays(source: Probe) -> bool:
    """Whether every browser plays the original as it is."""
    video = source.video
    return source.container in _MP4 and video.codec == "h264" and video.pix_fmt in ("yuv420p", "yuvj420p")


def _spec(source: Probe, side: int, codec: RenditionCodec, kind: RenditionKind) -> RenditionSpec:
    fps = _rate(source.video.fps)
    width, height = _size(source, side)
    suffix = "" if codec == "h264" else codec
    name = f"download-{side}p" if kind == "download" else f"{side}p{suffix}"
    has_audio = source.audio is not None and (kind == "download" or not _streams_audio(source))
    return RenditionSpec(
        name, kind, codec, width, height, fps, _most_bits(source, width, height, fps, codec), has_audio
    )


def _streams_audio(source: Probe) -> bool:
    """Whether the audio of the original can go with other video in HLS: AAC in an MP4."""
    return source.container in _MP4 and source.audio is not None and source.audio.codec == "aac"


def _rate(fps: Fraction) -> Fraction:
    """The source's own rate where it is a steady one, else the customary one nearest to it."""
    return fps if fps.denominator in (1, 2, 1001) and 1 <= fps <= MAX_FPS else snap_rate(fps)


def _size(source: Probe, side: int) -> tuple[int, int]:
    width, height = source.video.width, source.video.height
    long = max(2, _even(round(side * max(width, height) / min(width, height))))
    return (long, side) if width >= height else (side, long)


def _most_bits(source: Probe, width: int, height: int, fps: Fraction, codec: RenditionCodec) -> int:
    side = min(width, height)
    spec = next((spec for spec in reversed(SIDES) if spec >= side), SIDES[0])
    bits = _BITS[spec] * (width * height) / (spec * spec * 16 / 9)
    bits *= (_FAST_SHARE if fps > 33 else 1) * (_AV1_SHARE if codec == "av1" else 1)
    own = source.size_bytes * 8 / max(source.duration_s, 0.1)
    return round(max(_LEAST_BITS, min(bits, own)))


def _short(source: Probe) -> int:
    return min(source.video.width, source.video.height)


def _even(number: int) -> int:
    return number // 2 * 2
