"""What the API says of a video."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field

from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.catalog.library.tables import WatchMarkRow
from playhead.catalog.tables import UploadRow, VideoRow

if TYPE_CHECKING:
    from playhead.media.probe import AudioStream

Origin = Literal["upload", "generation", "recording", "reel"]
VideoState = Literal["preparing", "ready", "errored"]
Playable = Literal["original", "rendition", "preparing", "no"]


class VideoFault(Shape):
    """Why a video is errored, in words."""

    code: str
    message: str
    hint: str | None


class AudioTrack(Shape):
    """An audio track of a video."""

    track: Annotated[int, Field(description="Its index among all tracks of the file, as in FFmpeg.")]
    codec: str
    channels: int
    sample_rate: Annotated[int, Field(description="Hz.")]
    language: Annotated[str, Field(description="ISO 639-2, such as `eng`; empty or `und` where the file does not say.")]
    title: str
    default: Annotated[bool, Field(description="The file marks it as the one to play; many mark several or all.")]
    purpose: Annotated[
        str, Field(description="`commentary`, `hearing_impaired`, `audio_description`; empty for the normal sound.")
    ]
    silent: Annotated[bool | None, Field(description="Null: not known, as in a file with a single audio track.")]


class WatchMark(Shape):
    """How far you have watched a video."""

    position_s: Annotated[float, Field(description="Where to continue; 0 for the start.")]
    watched: Annotated[bool, Field(description="To 90 % or further, or marked as such.")]
    updated_at: Timestamp


class PosterChoice(Shape):
    """The poster that was chosen for a video."""

    at_s: Annotated[float | None, Field(description="Time of the frame. Null: an image.")]
    image_id: Annotated[str | None, Field(description="The image that it is a copy of, which may be gone.")]


class Video(Shape):
    """A catalog entry."""

    id: str
    owner_id: str
    title: str
    origin: Origin
    state: VideoState
    error: VideoFault | None
    duration_s: float | None
    width: Annotated[int | None, Field(description="As displayed: rotation applied. Pixels.")]
    height: int | None
    fps: float | None
    video_codec: str | None
    audio_codec: Annotated[str | None, Field(description="Null: the video has no sound.")]
    audio_tracks: Annotated[
        list[AudioTrack], Field(description="In file order. Empty for a video from before this was recorded.")
    ]
    audio_track: Annotated[
        int | None, Field(description="The `track` that is played, streamed and stitched. Null: the first, or none.")
    ]
    streamed_track: Annotated[
        int | None,
        Field(
            description="`audio_track` where it is not the file's first, which is what browsers play of kind `file`: "
            "kind `hls` plays this one."
        ),
    ]
    playable: Annotated[
        Playable | None,
        Field(
            description="What every browser plays: the `original`, or a `rendition`. `preparing`: the rendition is "
            "being made; `no`: none was requested, or it could not be made. Null: the video is not ready."
        ),
    ]
    playable_rendition: Annotated[
        str | None, Field(description="Name of the rendition that plays instead of the original.")
    ]
    remarks: Annotated[list[str], Field(description="Sentences about what is unusual in the file, for people.")]
    container: str | None
    size_bytes: int
    sha256: Annotated[str, Field(description="Of the original, hexadecimal.")]
    filename: str | None
    has_poster: bool
    poster: Annotated[PosterChoice | None, Field(description="Null: it was found by itself.")]
    poster_url: Annotated[str | None, Field(description="Signed, relative to this server, ready for an img tag.")]
    storyboard_url: Annotated[
        str | None, Field(description="Signed, relative: WebVTT of kind metadata for a player. Null: none was made.")
    ]
    preview_url: Annotated[
        str | None, Field(description="Signed, relative: a WebP that moves, for an img tag. Null: none was made.")
    ]
    job_id: Annotated[str | None, Field(description="The ingest that is preparing it.")]
    project_id: Annotated[str | None, Field(description="The project that a reel was stitched from.")]
    keep: Annotated[bool, Field(description="Retention leaves it alone, whatever its policies say.")]
    tags: Annotated[list[str], Field(description="In lower case and alphabetical order.")]
    watch: Annotated[WatchMark | None, Field(description="Yours. Null: not watched yet, or not by you.")]
    watched_at: Annotated[
        Timestamp | None, Field(description="When bytes of it were last sent to anybody, to the minute.")
    ]
    open_comments: Annotated[int, Field(description="Number of comments that are not resolved.")]
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class VideoPage(PageShape[Video]):
    """A page of videos."""


class VideoChanges(Payload):
    """What can be changed of a video."""

    title: Annotated[str | None, Field(description="At most 500 characters; folded to one line.")] = None
    audio_track: Annotated[
        int | None,
        Field(
            description="The `track` of one of `audio_tracks`, for streams, previews, stitches and renditions made "
            "from now on; those that exist keep their sound."
        ),
    ] = None
    keep: Annotated[bool | None, Field(description="Whether retention leaves it alone.")] = None
    tags: Annotated[
        list[str] | None,
        Field(
            max_length=200,
            description="Instead of those that it has: at most 50, each of at most 50 characters, without case.",
        ),
    ] = None


class ProjectReference(Shape):
    """A project by its name."""

    id: str
    title: str


class ProjectReferences(Shape):
    """Projects that hold a clip of a video."""

    items: list[ProjectReference]


class Upload(Shape):
    """A resumable upload that is not finished."""

    id: str
    filename: str | None
    title: str
    size_bytes: Annotated[int | None, Field(description="Null while the length is deferred.")]
    offset_bytes: int
    concat: Annotated[
        Literal["partial", "final"] | None,
        Field(description="A part of a file that is sent in several uploads, or the whole of it. Null: neither."),
    ]
    url: str
    created_at: Timestamp
    expires_at: Timestamp


class UploadPage(PageShape[Upload]):
    """A page of the caller's unfinished uploads."""


class Playback(NamedTuple):
    """What plays in every browser, and the name of the rendition if it is one."""

    state: Playable
    rendition: str | None = None


class ImageUrls(NamedTuple):
    """Signed addresses, relative to the server; None for what there is not."""

    poster: str | None
    storyboard: str | None = None
    preview: str | None = None


def video_resource(
    row: VideoRow,
    urls: ImageUrls,
    playback: Playback | None = None,
    *,
    tags: Sequence[str] = (),
    watch: WatchMarkRow | None = None,
    open_comments: int = 0,
) -> Video:
    """Put a row into the words of the API.

    Args:
        playback: None for a video that is not ready.
    """
    error = (
        VideoFault(code=row.error_code, message=row.error_message or "", hint=row.error_hint)
        if row.error_code
        else None
    )
    from playhead.media.audio_tracks import streamed_track
    from playhead.media.probe import Probe

    probe = None if row.probe is None else Probe.from_dict(row.probe)
    audio = None if probe is None or probe.audio is None or probe.audio.track < 0 else probe.audio
    return Video(
        id=row.id,
        owner_id=row.owner_id,
        title=row.title,
        origin=row.origin,  # type: ignore[arg-type]
        state=row.state,  # type: ignore[arg-type]
        error=error,
        duration_s=row.duration_s,
        width=row.width,
        height=row.height,
        fps=row.fps,
        video_codec=row.video_codec,
        audio_codec=row.audio_codec,
        audio_tracks=[] if probe is None else list(map(_audio_track, probe.audio_tracks)),
        audio_track=None if audio is None else audio.track,
        streamed_track=None if probe is None else streamed_track(probe),
        playable=playback.state if playback else None,
        playable_rendition=playback.rendition if playback else None,
        remarks=[] if probe is None else list(probe.remarks),
        container=row.container,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        filename=row.filename,
        has_poster=row.has_poster,
        poster=None if row.poster_choice is None else PosterChoice.model_validate(row.poster_choice),
        poster_url=urls.poster,
        storyboard_url=urls.storyboard,
        preview_url=urls.preview,
        job_id=row.job_id,
        project_id=row.project_id,
        keep=row.keep,
        tags=list(tags),
        watch=None if watch is None else WatchMark.model_validate(watch),
        watched_at=row.watched_at,
        open_comments=open_comments,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _audio_track(track: "AudioStream") -> AudioTrack:
    return AudioTrack(**{name: getattr(track, name) for name in AudioTrack.model_fields})


def upload_resource(row: UploadRow, offset: int) -> Upload:
    """Put an upload into the words of the API."""
    return Upload(
        id=row.id,
        filename=row.filename,
        title=row.title,
        size_bytes=row.size_bytes,
        offset_bytes=offset,
        concat=row.concat,  # type: ignore[arg-type]
        url=f"/api/v1/uploads/{row.id}",
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
