"""Segments: what an edit is lowered to. Runs of one clip's frames, with effects or without, in the order of the reel.

All times are seconds. A segment's own clock starts with its first frame; what began before has a negative start there.
"""

from dataclasses import dataclass, field
from typing import Literal

from playhead.media.edit.model import PLAIN, WHOLE, CaptionStyle, Card, Cue, Framing, Title, Watermark, Zoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A clip's picture as a segment shows it.

    Attributes:
        source_id: Its video or image; empty for a card.
        still: It is an image or a card.
        start_s: Time in the video of the segment's first frame.
        zoom_from, zoom_to: Share of the clip, 0..1, that has passed at the segment's ends; for the zoom of an image.
    """

    source_id: str
    card: Card | None = None
    still: bool = False
    start_s: float = 0.0
    speed: float = 1.0
    framing: Framing = WHOLE
    zoom: Zoom = "none"
    zoom_from: float = 0.0
    zoom_to: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """From (``in``) or to (``out``) a colour, on the segment's clock.

    Attributes:
        dip: Whether it is half of a dip.
    """

    kind: Literal["in", "out"]
    start_s: float
    duration_s: float
    colour: str = "#000000"
    dip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionLayer:
    """A cue as it is burned in; its times and those of its words count from its own start, in the reel's time."""

    cue: Cue
    style: CaptionStyle = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A still picture over the frames of the half-open span ``[start_s, end_s)``; it may reach beyond the segment."""

    content: Title | CaptionLayer | Watermark
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoEffects:
    """What is done to the picture of a segment, in this order: framing and speed, mix, fades, layers.

    Attributes:
        before: Picture of the clip before, which this one replaces by and by, as of the segment's first frame.
        mix_start_s, mix_s: When that begins and how long it takes; this clip's share is 0 before and 1 after.
    """

    shown: Shown
    before: Shown | None = None
    mix_start_s: float = 0.0
    mix_s: float = 0.0
    fades: tuple[Fade, ...] = ()
    layers: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A clip's audio as a segment plays it; the pitch is that of the source whatever the speed.

    Attributes:
        source_id: Empty: silence.
        audio_track: Index of the stream; None: the one that is played.
    """

    source_id: str
    start_s: float = 0.0
    speed: float = 1.0
    volume: float = 1.0
    audio_track: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioEffects:
    """What is done to the audio of a segment; the mix is as of the picture, with equal power."""

    heard: Heard
    before: Heard | None = None
    mix_start_s: float = 0.0
    mix_s: float = 0.0
    fades: tuple[Fade, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of a clip's frames.

    Attributes:
        clip_id: Of the clip that it belongs to; a crossfade belongs to the clip that comes.
        source_id: Of the clip: its video or image; empty for a card.
        start_s, end_s: Half-open span of the source, in the source's time (of an image or card, the clip's).
        length_s: In the reel.
        video, audio: None: untouched.
        reasons: Why the video is encoded even if it fits, in words such as "crossfade of 1 s"; empty where it can be
            copied. *video* may still say how it is framed if it does not fit.
        whole: All of the clip as one segment, for a clip of which nothing is copied.
    """

    clip_id: str
    source_id: str
    start_s: float
    end_s: float
    length_s: float
    video: VideoEffects | None = None
    audio: AudioEffects | None = None
    reasons: tuple[str, ...] = ()
    whole: "Segment | None" = field(default=None, compare=False, repr=False)
