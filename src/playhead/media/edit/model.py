"""An edit as data, in the words and units of the API. Seconds; colours are ``#rrggbb``; sizes are shares of the reel's.

Three clocks: a *video's* starts with its file, a *clip's* with its first frame in the reel (so what is tied to a clip
moves with it), the *reel's* with the reel.
"""

from dataclasses import dataclass
from typing import Literal

TransitionKind = Literal["cut", "crossfade", "dip"]
Fit = Literal["fit", "fill", "blur"]
Zoom = Literal["none", "in", "out"]
Place = Literal["lower_third", "center", "top", "bottom"]
Motion = Literal["none", "fade", "slide"]
Corner = Literal["top_left", "top_right", "bottom_left", "bottom_right"]
CaptionMode = Literal["off", "soft", "burned", "both"]
CaptionPlace = Literal["bottom", "center", "top"]
CaptionBackground = Literal["none", "box", "outline"]

MIN_SPEED, MAX_SPEED = 0.25, 4.0
MAX_VOLUME = 2.0
MAX_TRANSITION_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """How a clip follows the one before.

    Attributes:
        kind: ``crossfade`` overlaps both clips, so the reel is shorter by it; in a ``dip`` the clip before fades to
            *colour* over the first half, and this one from it over the second: nothing overlaps.
        duration_s: At most half of each of the two clips.
    """

    kind: TransitionKind = "cut"
    duration_s: float = 0.0
    colour: str = "#000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """Part of the picture that is kept, as displayed: shares of its width and height, from its upper left corner."""

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How a picture of another shape is put into the reel's.

    Attributes:
        fit: ``fit`` shows all of it on the background, ``fill`` covers the reel and cuts what is over, ``blur`` shows
            all of it on an enlarged, blurred copy of itself.
        background: None: the reel's. Transparent pictures lie on it, too.
        crop: Before it is fitted.
    """

    fit: Fit = "fit"
    background: str | None = None
    crop: Crop | None = None


WHOLE = Framing()
"""The whole picture on the reel's background."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Title card: words on a plain colour, shown as a clip."""

    text: str
    subtitle: str = ""
    colour: str = "#ffffff"
    background: str = "#000000"
    align: Literal["left", "center"] = "center"


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Words over a clip, such as a lower third.

    Attributes:
        start_s, end_s: Half-open span on the clip's clock.
        size: Height of the letters, as a share of the reel's height.
        background: Colour of the plate behind the words; None: an outline alone.
    """

    text: str
    start_s: float
    end_s: float
    place: Place = "lower_third"
    size: float = 0.06
    colour: str = "#ffffff"
    background: str | None = "#000000"
    enter: Motion = "fade"
    exit: Motion = "fade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a cue, with its half-open span on the cue's clock."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A caption that is shown over a half-open span; a line feed begins a new line.

    Attributes:
        words: Empty where the times of the words are not known.
    """

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionStyle:
    """Look of captions that are burned in; None: as the preset has it.

    Attributes:
        preset: Its name.
        size: Height of the letters, as a share of the reel's height.
        highlight: Colour of the word that is spoken; empty: no word is highlighted.
    """

    preset: str = "standard"
    size: float | None = None
    place: CaptionPlace | None = None
    background: CaptionBackground | None = None
    colour: str | None = None
    highlight: str | None = None


PLAIN = CaptionStyle()
"""The standard preset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """Captions of the reel.

    Attributes:
        mode: ``soft``: a caption track that a player can hide; ``burned``: part of the picture.
        language: BCP 47 tag of the soft track.
        cues: On the reel's clock, beside those of the clips.
    """

    mode: CaptionMode = "off"
    language: str = "und"
    style: CaptionStyle = PLAIN
    cues: tuple[Cue, ...] = ()


NO_CAPTIONS = Captions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """Audio of a video under the whole reel.

    Attributes:
        start_s: Where it begins, on its video's clock.
        volume: 1 leaves it.
        loop: Repeat it to the end of the reel; otherwise it ends by itself.
        ducking_db: How much lower it is while the clips speak; 0: never.
        audio_track: Index of the stream; None: the one that is played.
        before_s, after_s: Length of a reel before and after the window of it that is rendered.
    """

    video_id: str
    start_s: float = 0.0
    volume: float = 0.5
    loop: bool = True
    fade_in_s: float = 1.0
    fade_out_s: float = 2.0
    ducking_db: float = 12.0
    audio_track: int | None = None
    before_s: float = 0.0
    after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """An image in a corner of the whole reel.

    Attributes:
        width: Share of the reel's width; its height follows.
        margin: Distance from both edges, as a share of the reel's shorter side.
    """

    image_id: str
    corner: Corner = "bottom_right"
    width: float = 0.12
    opacity: float = 0.8
    margin: float = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class EditClip:
    """A clip with its effects. It shows a video, an image or a card: exactly one of them is there.

    Attributes:
        start_s, end_s: Half-open span on the video's clock; *end_s* None is its end. An image or a card is shown
            from 0 to *end_s*.
        volume: 1 leaves it, 0 is mute.
        audio_track: Index of the stream; None: the one that is played.
        fade_in_s, fade_out_s: From and to black, the audio with it, in the reel's time.
        zoom: Slow zoom of an image.
        titles: On the clip's clock.
        cues: Captions on the video's clock.
    """

    clip_id: str
    video_id: str | None = None
    image_id: str | None = None
    card: Card | None = None
    start_s: float = 0.0
    end_s: float | None = None
    speed: float = 1.0
    volume: float = 1.0
    audio_track: int | None = None
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    transition_in: Transition | None = None
    framing: Framing = WHOLE
    zoom: Zoom = "none"
    titles: tuple[Title, ...] = ()
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A whole edit; the format and the loudness are of the `ReelSettings`."""

    clips: tuple[EditClip, ...]
    music: Music | None = None
    watermark: Watermark | None = None
    captions: Captions = NO_CAPTIONS
