"""``/videos/{id}/captions`` and ``/captions/{id}``: caption tracks; ``/caption-presets``: their looks."""

from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response, status
from pydantic import Field

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.catalog.captions.shapes import (
    CaptionCues,
    CaptionFormatName,
    CaptionProblem,
    CaptionProblems,
    CaptionTrack,
    CaptionTrackChanges,
    CaptionTrackList,
    CaptionTrackWithCues,
    NewCaptionTrack,
    SpeechEngines,
    TranscriptionRequest,
    track_resource,
    track_with_cues,
)
from playhead.catalog.captions.tracks import CaptionTracks, NewTrack, TrackChanges, cues_of
from playhead.catalog.captions.transcription import Transcriptions
from playhead.catalog.videos import Videos
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now
from playhead.settings import Settings

router = APIRouter(tags=["captions"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]

MOST_PROBLEMS = 200
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The captions", "content": {"text/vtt": {}, "text/plain": {}, "application/json": {}}}
}


class CaptionPreset(Shape):
    """Look of captions that are burned in. Lengths are shares of the em, but `size`."""

    name: str
    title: str
    size: Annotated[float, Field(description="Em, as a share of the frame's height.")]
    size_of_width: Annotated[float, Field(description="The em is at most this share of the frame's width.")]
    weight: int
    place: str
    background: str
    colour: str
    background_colour: str
    background_opacity: float
    padding: float
    radius: float
    outline_colour: str
    outline: float
    highlight: Annotated[str, Field(description="Colour of the spoken word; empty: none is highlighted.")]
    highlight_kind: str
    uppercase: bool
    max_lines: int
    line_height: float


class SafeArea(Shape):
    """Margins that captions keep in frames narrower than `below_ratio`, as shares of width and height."""

    name: str
    below_ratio: float
    left: float
    right: float
    top: float
    bottom: float


class CaptionPresets(Shape):
    """Numbers by which a browser draws captions as the reel has them."""

    items: list[CaptionPreset]
    safe_areas: Annotated[list[SafeArea], Field(description="The first that a frame is narrower than applies.")]
    font_family: str


@router.get("/caption-presets", response_model=CaptionPresets, responses=problem_responses(401, 403))
async def list_caption_presets(principal: Reader) -> CaptionPresets:  # noqa: ARG001
    """List the looks of captions."""
    from playhead.media.text.styles import PRESETS, SAFE_AREAS, WIDTH_FACTOR

    presets = [CaptionPreset(**asdict(one), size_of_width=round(one.size * WIDTH_FACTOR, 4)) for one in PRESETS]
    areas = [SafeArea(**asdict(area)) for area in SAFE_AREAS]
    return CaptionPresets(items=presets, safe_areas=areas, font_family="Noto Sans")


@router.get("/videos/{video_id}/captions", response_model=CaptionTrackList, responses=problem_responses(401, 403, 404))
async def list_caption_tracks(video_id: str, principal: Reader, tracks: Needs[CaptionTracks]) -> CaptionTrackList:
    """List the caption tracks of a video, without their text."""
    return CaptionTrackList(items=[track_resource(row) for row in await tracks.page(principal, video_id)])


@router.post(
    "/videos/{video_id}/captions",
    status_code=status.HTTP_201_CREATED,
    response_model=CaptionTrack,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422),
)
async def add_caption_track(
    video_id: str, wanted: NewCaptionTrack, response: Response, principal: Writer, tracks: Needs[CaptionTracks]
) -> CaptionTrack:
    """Add a caption track: SRT, WebVTT, word timings, plain text, or cues.

    400 `captions_unreadable` names the line that is wrong; nothing is kept then.
    """
    cues = await _cues(wanted, principal, video_id, tracks)
    new = NewTrack(cues=cues, language=wanted.language, label=wanted.label, kind=wanted.kind, default=wanted.default)
    row = await tracks.add(principal, video_id, new)
    response.headers["Location"] = f"/api/v1/captions/{row.id}"
    response.headers["ETag"] = f'"{row.version}"'
    return track_resource(row)


@router.get(
    "/videos/{video_id}/speech-engines", response_model=SpeechEngines, responses=problem_responses(401, 403, 404)
)
async def list_speech_engines(video_id: str, principal: Reader, transcriptions: Needs[Transcriptions]) -> SpeechEngines:
    """List what can transcribe a video, and about how much processor time each would take."""
    return SpeechEngines.model_validate(await transcriptions.engines(principal, video_id))


@router.post(
    "/videos/{video_id}/transcribe",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def transcribe_video(
    video_id: str,
    response: Response,
    principal: Writer,
    transcriptions: Needs[Transcriptions],
    wanted: TranscriptionRequest | None = None,
) -> Job:
    """Have the speech of a video written down as a caption track with word timings.

    409 `transcription_engine_missing` says how an engine is installed.
    """
    wanted = wanted or TranscriptionRequest()
    job = await transcriptions.request(
        principal, video_id, engine=wanted.engine, language=wanted.language, label=wanted.label
    )
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job_resource(job, utc_now())


@router.get("/captions/{track_id}", response_model=CaptionTrackWithCues, responses=problem_responses(401, 403, 404))
async def get_caption_track(
    track_id: str, response: Response, principal: Reader, tracks: Needs[CaptionTracks]
) -> CaptionTrackWithCues:
    """Read one caption track with its cues."""
    row = await tracks.get(principal, track_id)
    response.headers["ETag"] = f'"{row.version}"'
    return track_with_cues(row)


@router.patch(
    "/captions/{track_id}", response_model=CaptionTrack, responses=problem_responses(400, 401, 403, 404, 412, 422)
)
async def change_caption_track(
    track_id: str,
    changes: CaptionTrackChanges,
    response: Response,
    principal: Writer,
    tracks: Needs[CaptionTracks],
    if_match: IfMatch = None,
) -> CaptionTrack:
    """Change the language, the label or the kind of a caption track, or whether it is the default."""
    wanted = TrackChanges(**changes.model_dump())
    row = await tracks.change(principal, track_id, wanted, if_match=read_if_match(if_match))
    response.headers["ETag"] = f'"{row.version}"'
    return track_resource(row)


@router.put(
    "/captions/{track_id}/cues",
    response_model=CaptionTrackWithCues,
    responses=problem_responses(400, 401, 403, 404, 412, 413, 422),
)
async def set_caption_cues(
    track_id: str,
    wanted: CaptionCues,
    response: Response,
    principal: Writer,
    tracks: Needs[CaptionTracks],
    if_match: IfMatch = None,
) -> CaptionTrackWithCues:
    """Replace the cues of a caption track.

    Words of a cue whose text was edited keep their times where their number is the same; else they share its span.
    """
    cues = _read(wanted.cues)
    row = await tracks.set_cues(principal, track_id, cues, if_match=read_if_match(if_match))
    response.headers["ETag"] = f'"{row.version}"'
    return track_with_cues(row)


@router.delete(
    "/captions/{track_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404)
)
async def delete_caption_track(track_id: str, principal: Writer, tracks: Needs[CaptionTracks]) -> None:
    """Delete a caption track for good."""
    await tracks.delete(principal, track_id)


@router.get(
    "/captions/{track_id}/file",
    summary="Download a caption track",
    response_class=Response,
    responses={**FILE, **problem_responses(400, 401, 403, 404, 422)},
)
async def download_caption_track(
    track_id: str,
    principal: Reader,
    tracks: Needs[CaptionTracks],
    videos: Needs[Videos],
    form: Annotated[CaptionFormatName, Query(alias="format")] = "vtt",
) -> Response:
    """As a file: SRT, WebVTT, JSON with word timings, or the words alone."""
    from playhead.catalog.files import stem_of
    from playhead.media.captions.read import CONTENT_TYPES, write_captions

    row = await tracks.get(principal, track_id)
    name = f"{stem_of(await videos.get(principal, row.video_id))}.{row.language}.{form}"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(write_captions(cues_of(row), form), media_type=CONTENT_TYPES[form], headers=headers)


@router.get("/captions/{track_id}/problems", response_model=CaptionProblems, responses=problem_responses(401, 403, 404))
async def list_caption_problems(
    track_id: str, principal: Reader, tracks: Needs[CaptionTracks], settings: Needs[Settings]
) -> CaptionProblems:
    """List letters that no font has, and scripts that would not be shaped, if these captions were burned in."""
    from playhead.media.text.faces import faces_in
    from playhead.media.text.problems import text_problems

    row = await tracks.get(principal, track_id)
    faces = faces_in(settings.fonts)
    found = [
        CaptionProblem(cue=number, characters=each.characters, detail=each.detail)
        for number, cue in enumerate(cues_of(row))
        for each in text_problems([(f"caption {number + 1}", cue.text)], faces)
    ]
    return CaptionProblems(items=found[:MOST_PROBLEMS])


async def _cues(wanted: NewCaptionTrack, principal: Principal, video_id: str, tracks: CaptionTracks) -> Any:
    if wanted.text is not None:
        return await tracks.read(principal, video_id, wanted.text, wanted.format)
    from playhead.media.captions.errors import CaptionsUnreadable
    from playhead.media.captions.limits import checked

    cues = checked(_read(wanted.cues or []))
    if not cues:
        raise CaptionsUnreadable("There are no captions in this list.")
    return cues


def _read(cues: Any) -> list[Any]:
    from playhead.media.captions.word_json import cue_of

    return [cue_of(cue.model_dump()) for cue in cues]
