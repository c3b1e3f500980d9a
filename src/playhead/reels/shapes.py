"""What the API says of a project."""

from typing import Annotated, Literal

from pydantic import Field

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.catalog.shapes import Playable
from playhead.jobs.shapes import Job
from playhead.jobs.tables import JobState
from playhead.reels.edit_shapes import MOST_MARKERS, Captions, Card, Effects, Marker, Music, ReelEdit, Watermark
from playhead.reels.prompt_shapes import Prompt, Take, TotalCost

ProjectStatus = Literal["draft", "generating", "ready", "stitching", "complete", "stale", "failed"]
ClipProblemCode = Literal[
    "video_deleted",
    "video_not_ready",
    "outside_video",
    "not_generated",
    "generating",
    "image_deleted",
    "captions_deleted",
    "audio_track_missing",
    "transition_too_long",
]
ReelProblemCode = Literal["music_deleted", "music_not_ready", "music_silent", "watermark_deleted"]
Codec = Literal["h264", "hevc", "av1"]
Timing = Literal["constant", "variable"]
Sound = Literal["copy", "encode"]
Aspect = Literal["9:16", "4:5", "1:1", "16:9"]

STATUS = (
    "By its clips, never stored. `draft`: no clip, or one without a usable video; `generating`: a take is under way; "
    "`ready`: every clip can be stitched; `stitching`; `complete`: the reel is up to date; `stale`: the edit changed "
    "after the reel; `failed`: the stitch of this edit failed, or the newest take of a clip without a video did."
)

Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class ProjectSettings(Payload):
    """What the reel should be; null means: as most of the clips are."""

    width: Annotated[int | None, Field(ge=16, le=4096)] = None
    height: Annotated[int | None, Field(ge=16, le=4096)] = None
    fps: Annotated[float | None, Field(ge=1, le=60, allow_inf_nan=False)] = None
    background: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="Around clips of another shape.")] = (
        "#000000"
    )
    codec: Annotated[
        Codec, Field(description="Of the picture. `hevc` is smaller and plays in fewer browsers, `av1` smaller still.")
    ] = "h264"
    timing: Annotated[
        Timing, Field(description="`variable` lets each clip keep the times of its own frames, so that more is copied.")
    ] = "constant"
    sound: Annotated[
        Sound, Field(description="`copy` keeps the sound of clips that fit; `encode` encodes the whole track anew.")
    ] = "copy"
    loudness_lufs: Annotated[
        float | None,
        Field(
            ge=-40,
            le=-5,
            allow_inf_nan=False,
            description="Integrated loudness (EBU R 128) that each clip is brought to, such as -16; needs `encode`.",
        ),
    ] = None


class ClipInput(Effects):
    """A span of a video, half-open: from *start_s* up to but not including *end_s*; or a prompt, an image or a card.

    Of a clip that the project has, the effects that are left out stay.
    """

    id: Annotated[
        str | None,
        Field(description="Of a clip that the project has, or had when takes were made for it; null: a new clip."),
    ] = None
    video_id: Annotated[
        str | None,
        Field(description="Null: the one that the clip has, or none yet for a new clip with a prompt."),
    ] = None
    prompt: Annotated[
        Prompt | None,
        Field(description="Left out: the one that the clip has. Null takes it from a clip that has a video."),
    ] = None
    image_id: Annotated[str | None, Field(description="A still image instead of a video, shown until *end_s*.")] = None
    card: Annotated[Card | None, Field(description="A title card instead of a video, shown until *end_s*.")] = None
    start_s: Seconds = 0.0
    end_s: Annotated[Seconds | None, Field(description="Null: to the end of the video; 4 s of an image or a card.")] = (
        None
    )


class ProjectInput(ReelEdit):
    """A new project."""

    title: Annotated[str, Field(description="At most 500 characters; folded to one line.")]
    settings: Annotated[ProjectSettings, Field(default_factory=ProjectSettings)]
    clips: Annotated[list[ClipInput], Field(max_length=2000, default_factory=list)]


class ProjectChanges(Payload):
    """What changes of a project; what is left out stays."""

    title: str | None = None
    settings: ProjectSettings | None = None
    music: Music | None = None
    watermark: Watermark | None = None
    captions: Captions | None = None
    markers: Annotated[list[Marker] | None, Field(max_length=MOST_MARKERS)] = None


class DuplicateInput(Payload):
    """How the copy is called; by default as the project, with `(copy)`."""

    title: str | None = None


class StitchInput(Payload):
    """Which version to stitch, and in which shape; by default the present one, in the project's own."""

    version: Annotated[int | None, Field(ge=1)] = None
    aspect: Annotated[
        Aspect | None,
        Field(
            description="Another shape: a reel of its own, listed in `variants`. Clips with the default framing fill "
            "it. Null: the project's reel."
        ),
    ] = None


class PreviewRenderInput(Payload):
    """A half-open span of the reel to render, at most 20 s."""

    start_s: Seconds
    end_s: Seconds


class ClipVideo(Shape):
    """The video of a clip, as far as an editor needs it."""

    id: str
    title: str
    state: str
    duration_s: float | None
    width: int | None
    height: int | None
    fps: float | None
    video_codec: str | None
    audio_codec: str | None
    streamed_track: Annotated[int | None, Field(description="As of a video.")]
    playable: Annotated[Playable | None, Field(description="As of a video.")]
    playable_rendition: Annotated[str | None, Field(description="As of a video.")]
    poster_url: str | None
    thumbnail_url: Annotated[
        str | None,
        Field(description="Signed, relative; with `&t=SECONDS&w=PIXELS` a picture of any moment. Null: not ready."),
    ]
    storyboard_url: Annotated[
        str | None, Field(description="Signed, relative; 404 until the storyboard is made. Null: not ready.")
    ]


class ClipProblem(Shape):
    """Why a clip cannot be stitched, in words."""

    code: ClipProblemCode
    message: str


class ReelProblem(Shape):
    """Why the reel cannot be stitched although its clips can, in words."""

    code: ReelProblemCode
    message: str


class Variant(Shape):
    """The reel of a project in another shape, and the stitch that makes it."""

    aspect: Aspect
    video_id: Annotated[str | None, Field(description="Null until it is there, or once it was deleted.")]
    version: Annotated[int | None, Field(description="Version of the project that it shows.")]
    stale: Annotated[bool, Field(description="The edit changed after it.")]
    made_at: Timestamp | None
    duration_s: float | None
    job_id: Annotated[str | None, Field(description="Of its latest stitch.")]
    job_state: JobState | None
    progress: Annotated[float | None, Field(description="0 to 1 while it is being stitched.")]
    error: Annotated[str | None, Field(description="Why its latest stitch failed.")]


class ClipImage(Shape):
    """The image of a clip."""

    id: str
    title: str
    width: int
    height: int
    url: Annotated[str, Field(description="Of its thumbnail, relative.")]


class Clip(Effects, Shape):
    """A clip in its place."""

    id: str
    video_id: Annotated[str | None, Field(description="Null until a take of its prompt is there.")]
    start_s: float
    end_s: float | None
    duration_s: Annotated[
        float | None, Field(description="In the reel, with its speed. Null while the video's length is not known.")
    ]
    problem: ClipProblem | None
    video: ClipVideo | None
    image_id: str | None
    image: ClipImage | None
    card: Card | None
    prompt: Prompt | None
    takes: Annotated[
        list[Take], Field(description="Newest first, at most 20; fewer of each clip in projects of hundreds of clips.")
    ]


class Reel(Shape):
    """The video that the project was last stitched into."""

    video_id: str
    job_id: str
    version: Annotated[int, Field(description="Version of the project that it shows.")]
    stale: Annotated[bool, Field(description="The clips or settings changed after it.")]
    changes: Annotated[
        list[str],
        Field(description="What changed after it, such as `1 clip added`; empty in lists."),
    ]
    made_at: Timestamp
    duration_s: float | None


class ReelFormat(Shape):
    """Size and frame rate of the reel, as far as the clips' videos show; the plan is exact."""

    width: int
    height: int
    fps: float


class PlannedFormat(ReelFormat):
    """How the reel will be coded; *sound* null: it has none."""

    codec: Codec
    timing: Timing
    sound: Sound | None


PlannedAction = Literal["copy", "boundary", "encode"]


class PlannedSpan(Shape):
    """A half-open span of the reel that is copied, or encoded."""

    start_s: float
    end_s: float
    action: Literal["copy", "encode"]
    reason: Annotated[str, Field(description="Why it is encoded; empty for a copy.")]


class PlannedClip(Shape):
    """What a stitch will do with a clip, and why, in words."""

    clip_id: str
    action: Annotated[
        PlannedAction,
        Field(description="`boundary`: copied but for the GOPs that a trim or an effect cuts."),
    ]
    reason: str
    encoded_s: Annotated[float, Field(description="Seconds of picture that are encoded.")]
    spans: Annotated[list[PlannedSpan], Field(description="In order; a crossfade belongs to the clip that follows it.")]


class ProjectPlan(Shape):
    """What a stitch of a project as it stands will do."""

    version: int
    summary: Annotated[str, Field(description="Such as `7 of 8 clips are copied; clip 3 is re-encoded: ...`.")]
    estimate_s: Annotated[
        float,
        Field(
            description="Seconds that a stitch takes here, about: by what the latest took, without what is rendered "
            "already and without a wait for other jobs."
        ),
    ]
    estimate_low_s: Annotated[float, Field(description="Most stitches take no less.")]
    estimate_high_s: Annotated[
        float, Field(description="Most stitches take no more. Far above the low one while none has been measured.")
    ]
    duration_s: float
    encoded_s: float
    remarks: Annotated[
        list[str],
        Field(description="What else to know before it is stitched, such as letters that no font has."),
    ]
    format: PlannedFormat
    clips: list[PlannedClip]


class Project(ReelEdit, Shape):
    """An ordered edit."""

    id: str
    title: str
    version: int
    status: Annotated[ProjectStatus, Field(description=STATUS)]
    settings: ProjectSettings
    format: Annotated[
        ReelFormat | None,
        Field(
            description="By what is known of the clips before their files are read: the plan may choose another. "
            "Null while no clip's format is known."
        ),
    ]
    clips: list[Clip]
    problems: Annotated[list[ReelProblem], Field(description="Of what lies over and under all clips.")]
    variants: Annotated[list[Variant], Field(description="Reels in other shapes that were asked for.")]
    duration_s: float
    cost: Annotated[TotalCost | None, Field(description="Of all takes; null for a project that never had any.")]
    active_job: Job | None
    last_job: Job | None
    reel: Reel | None
    campaign_id: str | None
    created_at: Timestamp
    updated_at: Timestamp


class ActiveJob(Shape):
    """The stitch that runs, in short."""

    id: str
    state: JobState
    progress: float


class ProjectSummary(Shape):
    """A project in a list."""

    id: str
    title: str
    version: int
    status: Annotated[ProjectStatus, Field(description=STATUS)]
    clip_count: int
    ready_count: Annotated[int, Field(description="Clips that can be stitched.")]
    campaign_id: str | None
    duration_s: float
    poster_url: str | None
    reel: Reel | None
    active_job: ActiveJob | None
    created_at: Timestamp
    updated_at: Timestamp


class ProjectPage(PageShape[ProjectSummary]):
    """A page of projects."""
