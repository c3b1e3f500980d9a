"""What a render must know of its source's tracks: which are meant, what clock they have, how far they reach."""

from dataclasses import dataclass
from typing import Any

from playhead.media.probe import Probe
from playhead.media.transparency import ALPHA_DECODERS


@dataclass(frozen=True, slots=True)
class SourceTracks:
    """A source as its probe found it; the defaults mean "not known". Seconds count from the start of the file.

    Attributes:
        zero_s: What the file's own clock shows at its start.
        jumps: That clock does not run on: the file is read through `feed.conformed`.
        changes: The frame size or the pixel format changes on the way.
        video, audio: libav's index of the stream.
        fps: On average.
        video_start_s, video_end_s, audio_start_s, audio_end_s: What the tracks cover; an end of 0 is not known.
        hold_s, audio_hold_s: The longest time that one frame is shown, and from one audio packet to the next.
        video_delay_s: How much later than the file says libav presents the video.
        rotation, mirrored, alpha, aspects: As of a `VideoStream`.
        decoder: Of the video, where ffmpeg's first choice will not do.
    """

    zero_s: float | None = None
    jumps: bool = False
    changes: bool = False
    video: int = -1
    audio: int = -1
    fps: float = 0.0
    video_start_s: float = 0.0
    video_end_s: float = 0.0
    audio_start_s: float = 0.0
    audio_end_s: float = 0.0
    hold_s: float = 0.0
    audio_hold_s: float = 0.0
    video_delay_s: float = 0.0
    rotation: int = 0
    mirrored: bool = False
    alpha: bool = False
    decoder: str = ""
    aspects: tuple[tuple[float, float], ...] = ()

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "SourceTracks":
        """From JSON; what an older version did not know has its default."""
        return cls(**{**facts, "aspects": tuple((at_s, aspect) for at_s, aspect in facts.get("aspects", ()))})

    @classmethod
    def of(cls, probe: Probe) -> "SourceTracks":
        """Of a probe; an old one tells little."""
        video, audio = probe.video, probe.audio
        known = probe.zero_s is not None
        return cls(
            zero_s=probe.zero_s,
            jumps=bool(probe.jumps),
            changes=bool(video.changes),
            aspects=video.aspects,
            video=video.track if known else -1,
            audio=-1 if audio is None else audio.track,
            fps=float(video.fps),
            video_start_s=video.start_s,
            video_end_s=video.end_s,
            audio_start_s=0.0 if audio is None else audio.start_s,
            audio_end_s=0.0 if audio is None else audio.end_s,
            hold_s=video.hold_s,
            audio_hold_s=0.0 if audio is None else audio.hold_s,
            video_delay_s=video.delay_s,
            rotation=video.rotation,
            mirrored=video.mirrored,
            alpha=video.alpha,
            decoder=ALPHA_DECODERS.get(video.codec, "") if video.alpha else "",
        )

    def sounds(self, start_s: float, end_s: float) -> bool:
        """Whether the audio reaches into a span, as far as is known."""
        return self.audio_end_s <= 0 or (self.audio_start_s < end_s and start_s < self.audio_end_s)

    @property
    def video_stream(self) -> str:
        """As a filter graph of ffmpeg names it."""
        return "0:V:0" if self.video < 0 else f"0:{self.video}"

    @property
    def audio_stream(self) -> str:
        """The same of the audio."""
        return "0:a:0" if self.audio < 0 else f"0:{self.audio}"


NO_TRACKS = SourceTracks()
"""Of a source of which nothing is known."""
