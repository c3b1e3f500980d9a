"""What the API says of the effects of an edit: of one clip, and of the whole reel."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from playhead.api.shapes import Payload
from playhead.kit.languages import read_tag
from playhead.media.text.styles import PRESETS

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$"), AfterValidator(str.lower)]
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Words = Annotated[str, Field(max_length=500)]
Name = Annotated[str, Field(max_length=40)]
Source = Annotated[str, Field(max_length=500)]
"""An id; in an edit of local files a path."""

MOST_CUES = 5_000
MOST_WORDS = 200
MOST_TITLES = 20
MOST_MARKERS = 500


class Transition(Payload):
    """How a clip follows the one before."""

    kind: Annotated[
        Literal["cut", "crossfade", "dip"],
        Field(
            description="`crossfade` overlaps both clips: the reel is shorter by it. `dip`: the clip before fades to "
            "the colour over the first half, this one from it over the second; nothing overlaps."
        ),
    ] = "cut"
    duration_s: Annotated[
        float, Field(ge=0, le=10, allow_inf_nan=False, description="At most half of each of the two clips.")
    ] = 0.0
    colour: Colour = "#000000"


class Crop(Payload):
    """Part of the picture that is kept: shares of its width and height, from the upper left corner."""

    x: Share = 0.0
    y: Share = 0.0
    width: Annotated[float, Field(ge=0.01, le=1, allow_inf_nan=False)] = 1.0
    height: Annotated[float, Field(ge=0.01, le=1, allow_inf_nan=False)] = 1.0


class Framing(Payload):
    """How a picture of another shape is put into the reel's."""

    fit: Annotated[
        Literal["fit", "fill", "blur"],
        Field(
            description="`fit` shows all of it on the background, `fill` covers the reel and cuts what is over, "
            "`blur` shows all of it on an enlarged, blurred copy of itself."
        ),
    ] = "fit"
    background: Annotated[Colour | None, Field(description="Null: the background of the reel.")] = None
    crop: Annotated[Crop | None, Field(description="Before it is fitted.")] = None


class Card(Payload):
    """Title card: words on a plain colour, shown as a clip."""

    text: Annotated[Words, Field(min_length=1)]
    subtitle: Words = ""
    colour: Colour = "#ffffff"
    background: Colour = "#000000"
    align: Literal["left", "center"] = "center"


class _Span(Payload):
    """A half-open span of time."""

    start_s: Seconds
    end_s: Seconds

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end_s <= self.start_s:
            raise ValueError("end_s is after start_s")
        return self


class Title(_Span):
    """Words over a clip; times in seconds of the reel from the clip's start, so that they move with the clip."""

    text: Annotated[Words, Field(min_length=1)]
    start_s: Seconds = 0.0
    place: Literal["lower_third", "center", "top", "bottom"] = "lower_third"
    size: Annotated[
        float,
        Field(ge=0.02, le=0.4, allow_inf_nan=False, description="Height of the letters, as a share of the reel's."),
    ] = 0.06
    colour: Colour = "#ffffff"
    background: Annotated[Colour | None, Field(description="Of the plate behind the words; null: an outline.")] = (
        "#000000"
    )
    enter: Literal["none", "fade", "slide"] = "fade"
    exit: Literal["none", "fade", "slide"] = "fade"


class Word(Payload):
    """One word of a cue, on the clock of the cue."""

    start_s: Seconds
    end_s: Seconds
    text: Annotated[str, Field(max_length=100)]


class Cue(_Span):
    """A caption that is shown from *start_s* up to but not including *end_s*."""

    text: Words
    words: Annotated[
        list[Word],
        Field(default_factory=list, max_length=MOST_WORDS, description="Empty where their times are not known."),
    ]


class ClipCaptions(Payload):
    """Captions of a clip: a caption track of its video, or cues of its own, in seconds of the video."""

    track_id: Annotated[Name | None, Field(description="A caption track of the video.")] = None
    cues: Annotated[list[Cue], Field(default_factory=list, max_length=MOST_CUES)]


class Effects(Payload):
    """What is done to a clip. All of it is optional; the defaults change nothing, so that the clip can be copied."""

    speed: Annotated[
        float, Field(ge=0.25, le=4, allow_inf_nan=False, description="2 is twice as fast; the pitch is kept.")
    ] = 1.0
    volume: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False, description="0 is mute.")] = 1.0
    audio_track: Annotated[int | None, Field(ge=0, le=1000, description="Null: the one that is played.")] = None
    fade_in_s: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False, description="From black, with the audio.")] = (
        0.0
    )
    fade_out_s: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False, description="To black, with the audio.")] = 0.0
    transition_in: Transition | None = None
    framing: Annotated[Framing, Field(default_factory=Framing)]
    zoom: Annotated[Literal["none", "in", "out"], Field(description="Slow zoom of an image.")] = "none"
    titles: Annotated[list[Title], Field(default_factory=list, max_length=MOST_TITLES)]
    captions: ClipCaptions | None = None


class Music(Payload):
    """Audio of a video under the whole reel."""

    video_id: Source
    start_s: Annotated[Seconds, Field(description="Where it begins in its video.")] = 0.0
    volume: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] = 0.5
    loop: Annotated[bool, Field(description="Repeated to the end of the reel.")] = True
    fade_in_s: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 1.0
    fade_out_s: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 2.0
    ducking_db: Annotated[
        float, Field(ge=0, le=40, allow_inf_nan=False, description="How much lower while the clips speak; 0: never.")
    ] = 12.0
    audio_track: Annotated[int | None, Field(ge=0, le=1000)] = None


class Watermark(Payload):
    """An image in a corner of the whole reel."""

    image_id: Source
    corner: Literal["top_left", "top_right", "bottom_left", "bottom_right"] = "bottom_right"
    width: Annotated[
        float, Field(ge=0.01, le=1, allow_inf_nan=False, description="As a share of the reel's width.")
    ] = 0.12
    opacity: Share = 0.8
    margin: Annotated[
        float, Field(ge=0, le=0.5, allow_inf_nan=False, description="As a share of the reel's shorter side.")
    ] = 0.03


def _known_preset(name: str) -> str:
    names = [preset.name for preset in PRESETS]
    if name not in names:
        raise ValueError(f"there is no preset {name!r}; there are {', '.join(names)}")
    return name


def _language_tag(text: str) -> str:
    """The tag as the reel's caption track will have it, which takes no other."""
    tag = read_tag(text)
    if tag is None:
        raise ValueError(f"{text!r} is not a language tag; write it as in BCP 47: en, pt-BR, zh-Hant")
    return tag


class CaptionStyle(Payload):
    """Look of captions that are burned in; null: as the preset has it."""

    preset: Annotated[str, Field(max_length=40), AfterValidator(_known_preset)] = "standard"
    size: Annotated[float | None, Field(ge=0.02, le=0.2, allow_inf_nan=False)] = None
    place: Literal["bottom", "center", "top"] | None = None
    background: Literal["none", "box", "outline"] | None = None
    colour: Colour | None = None
    highlight: Annotated[
        Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] | None,
        Field(description="Colour of the word that is spoken; empty: none is highlighted."),
    ] = None


class Captions(Payload):
    """Captions of the reel."""

    mode: Annotated[
        Literal["off", "soft", "burned", "both"],
        Field(description="`soft`: a caption track that a player can hide; `burned`: part of the picture."),
    ] = "off"
    language: Annotated[str, Field(max_length=35, description="BCP 47 tag."), AfterValidator(_language_tag)] = "und"
    style: Annotated[CaptionStyle, Field(default_factory=CaptionStyle)]
    cues: Annotated[
        list[Cue],
        Field(
            default_factory=list, max_length=MOST_CUES, description="In seconds of the reel, beside those of the clips."
        ),
    ]


class Marker(Payload):
    """A named time of the reel, for the editor alone."""

    at_s: Seconds
    text: Annotated[str, Field(max_length=200)] = ""


class ReelEdit(Payload):
    """What lies over and under all clips."""

    music: Music | None = None
    watermark: Watermark | None = None
    captions: Annotated[Captions, Field(default_factory=Captions)]
    markers: Annotated[list[Marker], Field(default_factory=list, max_length=MOST_MARKERS)]
