"""What the API takes and gives of caption tracks."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.catalog.captions.tables import CaptionKind, CaptionOrigin, CaptionTrackRow
from playhead.catalog.captions.tracks import MAX_LABEL

CaptionFormatName = Literal["srt", "vtt", "json", "txt"]
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Language = Annotated[str, Field(max_length=45, description="BCP 47: `en`, `pt-BR`; `und` where it is not known.")]
Label = Annotated[str, Field(max_length=MAX_LABEL, description="Name in menus; empty: after the language.")]

MOST_CUES = 20_000
MOST_TEXT = 8_000_000


class CaptionWord(Payload):
    """One word of a cue, on the video's clock."""

    start_s: Seconds
    end_s: Seconds
    text: Annotated[str, Field(max_length=200)]


class CaptionCue(Payload):
    """A caption that is shown over a half-open span, on the video's clock."""

    start_s: Seconds
    end_s: Seconds
    text: Annotated[str, Field(max_length=1000, description="A line feed begins a new line.")]
    words: list[CaptionWord] = Field(
        default_factory=list, max_length=500, description="Empty where the times of the words are not known."
    )


class NewCaptionTrack(Payload):
    """A caption track to add: a text in one of the formats, or cues."""

    language: Language = "und"
    label: Label = ""
    kind: CaptionKind = "captions"
    default: Annotated[
        bool | None, Field(description="Players show it without being asked. Null: if it is the first of the video.")
    ] = None
    text: Annotated[
        str | None,
        Field(
            max_length=MOST_TEXT,
            description="SRT, WebVTT, word timings as JSON (also Whisper's, Vosk's, Deepgram's), or plain text, which "
            "is spread over the video.",
        ),
    ] = None
    format: Annotated[CaptionFormatName | None, Field(description="Of the text; null: found out.")] = None
    cues: Annotated[list[CaptionCue] | None, Field(max_length=MOST_CUES)] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "NewCaptionTrack":
        if (self.text is None) == (self.cues is None):
            raise ValueError("give either text or cues")
        return self


class CaptionTrackChanges(Payload):
    """Changes of a caption track; what is left out stays."""

    language: Language | None = None
    label: Label | None = None
    kind: CaptionKind | None = None
    default: bool | None = None


class CaptionCues(Payload):
    """All cues of a caption track."""

    cues: Annotated[list[CaptionCue], Field(max_length=MOST_CUES)]


class CaptionTrack(Shape):
    """Timed text of a video."""

    id: str
    video_id: str
    language: Language
    label: str
    kind: CaptionKind
    default: bool
    origin: CaptionOrigin
    cue_count: int
    engine: Annotated[str | None, Field(description="Speech engine and model that wrote it.")]
    cpu_s: Annotated[float | None, Field(description="Processor seconds that this took.")]
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class CaptionTrackList(Shape):
    """The caption tracks of a video, in the order of their making."""

    items: list[CaptionTrack]


class CaptionTrackWithCues(CaptionTrack):
    """A caption track with its text."""

    cues: list[CaptionCue]


class TranscriptionRequest(Payload):
    """How a video is to be transcribed."""

    engine: Annotated[
        Literal["auto", "faster-whisper", "pocketsphinx"] | None, Field(description="Null: as the server is set.")
    ] = None
    language: Annotated[
        str | None, Field(max_length=45, description="BCP 47: that is spoken; null: found out, where the engine can.")
    ] = None
    label: Label = ""


class SpeechEngine(Shape):
    """A speech engine, and what it would cost for a video."""

    name: str
    installed: bool
    install: Annotated[str, Field(description="Command that installs it, where Playhead's workers run.")]
    model: Annotated[str | None, Field(description="Null: it has one alone.")]
    languages: Annotated[list[str], Field(description="Empty: about a hundred, and it finds out which is spoken.")]
    note: str
    estimate_cpu_s: Annotated[float, Field(description="Processor seconds that this video would take, about.")]
    measured: Annotated[bool, Field(description="Whether the estimate is from transcriptions on this server.")]


class SpeechEngines(Shape):
    """The speech engines for a video."""

    items: list[SpeechEngine]
    chosen: Annotated[str | None, Field(description="Used where a request names none; null: none is installed.")]


class CaptionProblem(Shape):
    """Something that would not be drawn as it is written, were the captions burned in."""

    cue: Annotated[int, Field(description="Number of the cue, from 0.")]
    characters: Annotated[str, Field(description="Letters that no font has; empty where a script is not shaped.")]
    detail: str


class CaptionProblems(Shape):
    """What burning these captions in would lose; empty: nothing."""

    items: list[CaptionProblem]


def track_resource(row: CaptionTrackRow) -> CaptionTrack:
    """Put a row into the words of the API."""
    return CaptionTrack(**_facts(row))


def track_with_cues(row: CaptionTrackRow) -> CaptionTrackWithCues:
    """The same of a row that was read with its cues."""
    return CaptionTrackWithCues(**_facts(row), cues=[CaptionCue.model_validate(cue) for cue in row.cues])


def _facts(row: CaptionTrackRow) -> dict[str, Any]:
    same = ("id", "video_id", "language", "label", "kind", "origin", "cue_count", "engine", "cpu_s", "version")
    return {**{name: getattr(row, name) for name in (*same, "created_at", "updated_at")}, "default": row.is_default}
