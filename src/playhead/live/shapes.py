"""What the API says of channels, broadcasts and recordings, and what it takes."""

from typing import Annotated, Literal

from pydantic import Field

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.live.sources import Platform

LiveState = Literal["unknown", "offline", "live"]
RecordingState = Literal["recording", "finalising", "ready", "errored"]
Health = Literal["starting", "receiving", "stalled", "reconnecting"]
GapCause = Literal["ad", "source", "capture", "disk", "host"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Such as `18:00`.")]
Word = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[list[Word], Field(max_length=50)]
Quality = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,32}$")]
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="A page of Twitch, YouTube and others; or a stream by `rtmp(s)://`, `rtsp(s)://`, `srt://`, or "
        "`http(s)://` for HLS and other HTTP. Without a scheme it is https.",
    ),
]


class WordFilter(Payload):
    """Words that decide, in either case, also within a word."""

    include: Annotated[Words, Field(description="At least one must occur; empty: no matter.", default_factory=list)]
    exclude: Annotated[Words, Field(description="None may occur.", default_factory=list)]


class Filters(Payload):
    """Which broadcasts of a channel are recorded."""

    title: Annotated[WordFilter, Field(default_factory=WordFilter)]
    category: Annotated[WordFilter, Field(default_factory=WordFilter)]


class Window(Payload):
    """Hours in which a channel is recorded; with an end not after the start it goes over midnight."""

    weekdays: Annotated[
        list[Weekday], Field(max_length=7, default_factory=list, description="Days it starts on; empty: every day.")
    ]
    start: TimeOfDay
    end: TimeOfDay


class ChannelInput(Payload):
    """A new channel."""

    url: Url
    platform: Annotated[
        Platform | None,
        Field(
            description="`url`: opened as it is. `site`: a page that streamlink or yt-dlp reads. `twitch`. Without it "
            "the URL decides."
        ),
    ] = None
    name: Annotated[str | None, Field(max_length=200, description="By default from the URL.")] = None
    enabled: bool = True
    auto_record: Annotated[bool, Field(description="Record when it goes live, within the schedule.")] = True
    qualities: Annotated[
        list[Quality],
        Field(
            min_length=1,
            max_length=2,
            default_factory=lambda: ["best"],
            description="Names of the source's qualities: `best`, `720p60`; two at once.",
        ),
    ]
    captures: Annotated[
        int, Field(ge=1, le=2, description="2: recorded twice at a time and joined, for sources that break off.")
    ] = 1
    filters: Annotated[Filters, Field(default_factory=Filters)]
    name_template: Annotated[
        str | None,
        Field(
            max_length=500,
            description="Name of its recordings: `{channel}`, `{title}`, `{category}`, `{date}`, `{time}`, `{id}`, "
            "`{quality}` and parts of dates such as `%Y`. Null: a plain one.",
        ),
    ] = None
    schedule: Annotated[list[Window], Field(max_length=50, default_factory=list, description="Empty: at any time.")]
    time_zone: Annotated[
        str, Field(max_length=64, description="Of the schedule and of names, such as `Europe/Oslo`.")
    ] = "UTC"


class ChannelChanges(Payload):
    """What can be changed of a channel; what is left out stays."""

    url: Annotated[str | None, Field(max_length=2000, description="The one that is shown changes nothing.")] = None
    platform: Platform | None = None
    name: Annotated[str | None, Field(max_length=200)] = None
    enabled: bool | None = None
    auto_record: bool | None = None
    qualities: Annotated[list[Quality] | None, Field(min_length=1, max_length=2)] = None
    captures: Annotated[int | None, Field(ge=1, le=2)] = None
    filters: Filters | None = None
    name_template: Annotated[str | None, Field(max_length=500, description="Null or empty: a plain one.")] = None
    schedule: Annotated[list[Window] | None, Field(max_length=50)] = None
    time_zone: Annotated[str | None, Field(max_length=64)] = None


class SourceFault(Shape):
    """Why a source could not be opened at the last check, in words."""

    code: str
    message: str


class RecordingFault(Shape):
    """Why a recording is errored, in words."""

    code: str
    message: str
    hint: str | None


class Gap(Shape):
    """A part of a broadcast that is missing."""

    start_s: Annotated[float, Field(description="Its place in the recording.")]
    length_s: Annotated[float, Field(description="How much is missing, by the wall clock.")]
    cause: GapCause
    shown: Annotated[
        bool, Field(description="The video shows an advertisement there, for as long. Else a gap takes no time in it.")
    ] = False


class Recording(Shape):
    """A recording, running or ended."""

    id: str
    channel_id: Annotated[str | None, Field(description="Null: recorded once by its URL, or of a deleted channel.")]
    broadcast_id: str | None
    title: str
    url: Annotated[str, Field(description="Without stream key, password and tokens.")]
    quality: str
    captures: int
    state: RecordingState
    health: Annotated[Health, Field(description="While it records.")]
    video_id: Annotated[str | None, Field(description="The video that it became.")]
    job_id: Annotated[str | None, Field(description="The job that records or finalises it.")]
    size_bytes: int
    duration_s: float
    bytes_per_s: Annotated[float, Field(description="What it receives now.")]
    gaps: list[Gap]
    error: RecordingFault | None
    stop_requested_at: Timestamp | None
    stop_reason: Annotated[
        str | None,
        Field(description="`requested`, `offline`, `schedule`, `disk_full` or `channel_deleted`, among others."),
    ]
    version: int
    started_at: Timestamp
    ended_at: Timestamp | None


class RecordingPage(PageShape[Recording]):
    """A page of recordings."""


class RecordingList(Shape):
    """Some recordings."""

    items: list[Recording]


class RecordingInput(Payload):
    """A URL to record once, now."""

    url: Url
    platform: Annotated[Platform | None, Field(description="As of a channel.")] = None
    title: Annotated[str | None, Field(max_length=500, description="By default from the URL.")] = None
    quality: Quality = "best"
    captures: Annotated[int, Field(ge=1, le=2)] = 1


class StartInput(Payload):
    """How to record a channel now."""

    quality: Annotated[Quality | None, Field(description="Without it, as the channel says.")] = None


class BroadcastChange(Shape):
    """Title and category from a time on."""

    at: Timestamp
    title: str | None
    category: str | None


class Broadcast(Shape):
    """One live session of a channel."""

    id: str
    channel_id: str
    title: Annotated[str | None, Field(description="The last one.")]
    category: str | None
    history: Annotated[list[BroadcastChange], Field(description="Titles and categories in order of time.")]
    detected_by: str
    started_at: Timestamp
    offline_at: Annotated[Timestamp | None, Field(description="When the platform said that it ended.")]
    ended_at: Annotated[Timestamp | None, Field(description="When the reconnect window had passed after that.")]
    recordings: list[Recording]


class BroadcastPage(PageShape[Broadcast]):
    """A page of broadcasts."""


class Channel(Shape):
    """A source that is recorded when it is live."""

    id: str
    name: str
    url: Annotated[str, Field(description="Without stream key, password and tokens.")]
    platform: Platform
    platform_id: str | None
    enabled: bool
    auto_record: bool
    qualities: list[str]
    captures: int
    filters: Filters
    name_template: str | None
    schedule: list[Window]
    time_zone: str
    live_state: LiveState
    checked_at: Timestamp | None
    error: SourceFault | None
    is_open: Annotated[bool, Field(description="Whether its schedule is open now.")]
    opens_at: Annotated[Timestamp | None, Field(description="When its schedule opens next, while it is closed.")]
    broadcast: Annotated[Broadcast | None, Field(description="The one that is live, without its recordings.")]
    recordings: Annotated[list[Recording], Field(description="Those that record or are finalised now.")]
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class ChannelPage(PageShape[Channel]):
    """A page of channels."""


class ImportInput(Payload):
    """A list of channels: a URL in each line, with a name after it; or JSON lines, each as a new channel."""

    text: Annotated[str, Field(max_length=1_000_000)]


class ImportLine(Shape):
    """What became of a line."""

    line: Annotated[int, Field(description="Its number, from 1.")]
    text: Annotated[str, Field(description="The URL or the beginning of the line, without secrets.")]
    outcome: Literal["added", "exists", "refused"]
    channel_id: str | None
    message: str | None


class ImportReport(Shape):
    """What became of a list."""

    added: int
    exists: int
    refused: int
    items: list[ImportLine]


class Probed(Shape):
    """What the first seconds of a source hold."""

    width: int | None
    height: int | None
    video_codec: str | None
    audio_codec: str | None


class ChannelTest(Shape):
    """What would be recorded now."""

    would_record: bool
    live: Annotated[bool | None, Field(description="Null: it could not be found out.")]
    reasons: Annotated[list[str], Field(description="Why it would not be recorded, in words.")]
    resolved_by: Annotated[str | None, Field(description="`streamlink`, `yt-dlp`, or the kind of stream.")]
    qualities: Annotated[list[str], Field(description="What the source offers, smallest first.")]
    chosen: Annotated[dict[str, str], Field(description="For each wanted quality the one that would be recorded.")]
    title: str | None
    category: str | None
    names: Annotated[list[str], Field(description="Names that its recordings would get.")]
    probed: Probed | None
    error: RecordingFault | None
