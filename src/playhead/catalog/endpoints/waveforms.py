"""``/videos/{id}/waveform``: peaks of an audio track, for timelines."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.catalog.waveforms import Waveforms

router = APIRouter(prefix="/videos", tags=["videos"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]

BYTES = "application/octet-stream"


class WaveformPending(Shape):
    """The waveform is being made; ask again."""

    job_id: str


@router.get(
    "/{video_id}/waveform",
    summary="Get the waveform of a video's audio",
    response_class=Response,
    responses={
        200: {
            "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}},
            "description": "One byte per 1/50 s: the loudest sample, from 0 (silence) to 255 (full scale).",
        },
        202: {"model": WaveformPending, "description": "It is being made. Ask again after `Retry-After` seconds."},
        **problem_responses(401, 403, 404, 409),
    },
)
async def get_waveform(
    video_id: str,
    principal: Reader,
    waveforms: Needs[Waveforms],
    track: Annotated[int | None, Query(ge=0, description="An audio track's index; by default the played one.")] = None,
) -> Response:
    """Peaks for drawing. The first request of a track starts the job that reads it."""
    found = await waveforms.get(principal, video_id, track)
    if found.peaks is None:
        pending = WaveformPending(job_id=found.job_id)
        headers = {"Retry-After": "1", "Cache-Control": "no-store"}
        return Response(pending.model_dump_json(), 202, headers, "application/json")
    return Response(found.peaks, headers={"Cache-Control": "private, max-age=300"}, media_type=BYTES)
