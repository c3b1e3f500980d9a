"""``/videos/{id}/technical``: what ``ffprobe`` says of an original, from what ingest has read of it."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.catalog.errors import VideoNotReady
from playhead.catalog.indexes import Indexes
from playhead.catalog.shapes import AudioTrack
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.errors import PlayheadError
from playhead.kit.names import level_name
from playhead.storage import keys

if TYPE_CHECKING:
    from playhead.media.probe import AudioStream, Probe, VideoStream

router = APIRouter(prefix="/videos", tags=["videos"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]


class ColourShape(Shape):
    """Colour by FFmpeg's names for the code points of ITU-T H.273. Null: the file does not say."""

    primaries: str | None
    transfer: str | None
    matrix: str | None
    range: Literal["full", "limited"] | None


class VideoTrack(Shape):
    """The video track that is played."""

    track: int = Field(description="Its index among all tracks of the file, as in FFmpeg.")
    codec: str
    profile: str | None
    level: str | None = Field(description="As people write it: `4.1`.")
    width: int = Field(description="As displayed: rotation and pixel aspect applied.")
    height: int
    rotation: int = Field(description="Degrees clockwise that a player turns the stored frame by.")
    mirrored: bool
    fps: float
    frame_rate: str = Field(description="Exact: `30000/1001`.")
    frame_rate_mode: Literal["constant", "variable"] | None
    frames: int | None
    start_s: float
    duration_s: float | None
    bitrate: int | None = Field(description="Bits a second, on average.")
    pixel_format: str = Field(description="FFmpeg's name: `yuv420p10le`.")
    bit_depth: int | None
    chroma: str | None = Field(description="`4:2:0`; null for RGB.")
    colour: ColourShape | None
    hdr: Literal["PQ", "HLG"] | None = Field(description="Null: standard dynamic range.")
    interlaced: bool
    alpha: bool
    keyframes: int | None
    keyframe_interval_s: float | None = Field(description="From one keyframe to the next, on average.")
    keyframe_interval_max_s: float | None = Field(description="The longest: no seek decodes more than this.")


class TechnicalAudioTrack(AudioTrack):
    """An audio track."""

    profile: str | None
    bitrate: int | None = Field(description="Bits a second, on average.")
    start_s: float
    duration_s: float | None
    played: bool = Field(description="The one that is played, streamed and stitched.")


class Technical(Shape):
    """Facts of an original. Null where the file does not say, or an older version did not record it."""

    container: str
    size_bytes: int
    duration_s: float
    bitrate: int | None = Field(description="Of the whole file: bits a second.")
    sha256: str
    video: VideoTrack
    audio_tracks: list[TechnicalAudioTrack]
    remarks: list[str] = Field(description="Sentences about what is unusual in the file, for people.")


@router.get(
    "/{video_id}/technical",
    summary="Read the technical facts of a video",
    response_model=Technical,
    responses=problem_responses(401, 403, 404, 409),
)
async def get_technical(video_id: str, principal: Reader, videos: Needs[Videos], indexes: Needs[Indexes]) -> Technical:
    """Codec, profile, colour, keyframes and bit rate of each track, as `ffprobe` would show them."""
    row = await videos.get(principal, video_id)
    if row.probe is None:
        raise VideoNotReady(f"Video {row.id} is {row.state}; its file was not read yet.")
    return technical(row, await _complete(row, indexes))


async def _complete(row: VideoRow, indexes: Indexes) -> "Probe":
    """What ingest has recorded; of a video from before it noted profiles, with what the index of its MP4 says."""
    from playhead.media.probe import Probe
    from playhead.media.render.files import probe_of
    from playhead.media.sniff import MP4, QUICKTIME

    probe = Probe.from_dict(row.probe or {})
    container = next((one for one in (MP4, QUICKTIME) if one.name == probe.container), None)
    if probe.video.keyframes or container is None:
        return probe
    try:
        movie = await indexes.movie(keys.original(row.id), row.sha256, row.size_bytes)
        found = await asyncio.to_thread(probe_of, movie, container)
    except PlayheadError:
        return probe
    return probe if found is None else _filled(probe, found)


def _filled(probe: "Probe", found: "Probe") -> "Probe":
    noted = ("profile", "level", "bitrate", "keyframes", "gop_s", "constant")
    new = {name: getattr(found.video, name) for name in noted}
    rates = {track.track: track.bitrate for track in found.audio_tracks}
    tracks = tuple(replace(track, bitrate=rates.get(track.track, 0)) for track in probe.audio_tracks)
    return replace(probe, video=replace(probe.video, **new), audio_tracks=tracks)


def technical(row: VideoRow, probe: "Probe") -> Technical:
    """Put a probe into the words of the API."""
    played = probe.audio.track if probe.audio is not None else None
    tracks = probe.audio_tracks or ((probe.audio,) if probe.audio is not None else ())
    return Technical(
        container=probe.container,
        size_bytes=row.size_bytes,
        duration_s=probe.duration_s,
        bitrate=round(row.size_bytes * 8 / probe.duration_s) if probe.duration_s > 0 else None,
        sha256=row.sha256,
        video=_video(probe.video, probe.duration_s),
        audio_tracks=[_audio(track, played=track.track == played) for track in tracks],
        remarks=list(probe.remarks),
    )


def _video(video: "VideoStream", duration_s: float) -> VideoTrack:
    from playhead.media import pixels

    length_s = _length_s(video)
    shown_s = duration_s if length_s is None else length_s
    return VideoTrack(
        track=video.track,
        codec=video.codec,
        profile=video.profile or None,
        level=level_name(video.codec, video.level) or None,
        width=video.width,
        height=video.height,
        rotation=video.rotation,
        mirrored=video.mirrored,
        fps=round(float(video.fps), 3),
        frame_rate=str(video.fps),
        frame_rate_mode=None if video.constant is None else "constant" if video.constant else "variable",
        frames=video.frames,
        start_s=video.start_s,
        duration_s=length_s,
        bitrate=video.bitrate or None,
        pixel_format=video.pix_fmt,
        bit_depth=pixels.bit_depth(video.pix_fmt),
        chroma=pixels.chroma(video.pix_fmt),
        colour=_colour(video),
        hdr=pixels.HDR.get(video.colour.transfer) if video.colour else None,  # type: ignore[arg-type]
        interlaced=video.interlaced,
        alpha=video.alpha,
        keyframes=video.keyframes or None,
        keyframe_interval_s=round(shown_s / video.keyframes, 3) if video.keyframes else None,
        keyframe_interval_max_s=round(video.gop_s, 3) or None,
    )


def _colour(video: "VideoStream") -> ColourShape | None:
    from playhead.media import pixels
    from playhead.media.colours import UNSPECIFIED

    colour = video.colour
    if colour is None:
        return None
    points = (colour.primaries, colour.transfer, colour.matrix)
    said = colour.full_range or any(point != UNSPECIFIED for point in points)
    return ColourShape(
        primaries=pixels.PRIMARIES.get(colour.primaries),
        transfer=pixels.TRANSFERS.get(colour.transfer),
        matrix=pixels.MATRICES.get(colour.matrix),
        range=("full" if colour.full_range else "limited") if said else None,
    )


def _audio(track: "AudioStream", *, played: bool) -> TechnicalAudioTrack:
    return TechnicalAudioTrack(
        **{name: getattr(track, name) for name in AudioTrack.model_fields},
        profile=track.profile or None,
        bitrate=track.bitrate or None,
        start_s=track.start_s,
        duration_s=_length_s(track),
        played=played,
    )


def _length_s(track: "VideoStream | AudioStream") -> float | None:
    return round(track.end_s - track.start_s, 6) if track.end_s > track.start_s else None
