"""AAC packets of a clip, and the time of each."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from operator import sub
from typing import Any

from playhead.kit.names import codec_name
from playhead.media.mp4.aac import AacConfig, aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.presentation import Shown, packets_heard, shown, zero_s
from playhead.media.render.plan import AAC_FRAME

RATES = (44_100, 48_000)
"""Sample rates that a reel can have."""

_AAC_LC = 2  # audio object type: ISO/IEC 14496-3 table 1.17


@dataclass(frozen=True, slots=True)
class Packets:
    """AAC-LC packets of 1024 samples without a gap.

    Attributes:
        count: Up to the last one that is heard: the edit list may end before the track does.
        origin_s: When the first sample of packet 0 would be heard, from the start of the file; below 0 for priming.
        cut: The edit list hides packets behind the last one, which may hold some of what is hidden.
    """

    sample_rate: int
    channels: int
    count: int
    origin_s: Fraction
    cut: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return {**asdict(self), "origin_s": str(self.origin_s)}

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "Packets":
        """The inverse of `to_dict`."""
        return cls(**{**facts, "origin_s": Fraction(facts["origin_s"])})


def read_packets(movie: Movie, track: Track) -> tuple[Packets | None, str]:
    """Packets of an audio track, or why they cannot be copied, in words such as "Opus"."""
    try:
        config = aac_config(track.entry)
    except Mp4Unreadable:
        return None, "AAC that cannot be read"
    if config is None:
        return None, codec_name(track.entry.fourcc)
    span = shown(movie, track)
    blocker = _blocker(config, track, span)
    if blocker:
        return None, blocker
    _, count = packets_heard(track, span)
    first_s = _first_s(track, config.sample_rate) - Fraction(span.first, track.timescale)
    origin_s = span.start_s - zero_s(movie) + first_s
    return Packets(config.sample_rate, config.channels, count, origin_s, count < len(track.samples)), ""


def _blocker(config: AacConfig, track: Track, span: Shown) -> str:
    if config.object_type != _AAC_LC or config.sbr or config.frame_samples != AAC_FRAME:
        return "AAC of another kind than LC"
    if config.sample_rate not in RATES:
        return f"{config.sample_rate / 1000:g} kHz"
    if config.channels not in (1, 2):
        return f"{config.channels} channels"
    if track.mixed:
        return "changing sound"
    if not span.simple:
        return "an edit list of several parts" if span.edits else "nothing to be heard"
    return "" if _gapless(track, config.sample_rate) else "sound with gaps"


def _first_s(track: Track, rate: int) -> Fraction:
    """When packet 0 would have to begin for the others to follow it without a gap."""
    dts = track.samples.dts
    if len(track.samples) < 2:
        return Fraction(dts[0], track.timescale)
    return Fraction(dts[1], track.timescale) - Fraction(AAC_FRAME, rate)


def _gapless(track: Track, rate: int) -> bool:
    """Each packet follows the one before, to a tick or a millisecond.

    The last one may be cut short, and the first, which is priming, may last longer: FFmpeg without an edit list
    shifts the others by the delay of the video.
    """
    dts, count = track.samples.dts, len(track.samples)
    if track.timescale == rate and set(map(sub, dts[2:count], dts[1:])) <= {AAC_FRAME}:
        return count > 0
    bound = max(1, track.timescale // 1000)
    step = Fraction(AAC_FRAME * track.timescale, rate)
    return count > 0 and all(abs(dts[index] - dts[1] - step * (index - 1)) <= bound for index in range(1, count))
