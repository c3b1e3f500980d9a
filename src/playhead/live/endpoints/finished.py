"""``/recordings/{id}/repair`` and ``/sidecars``: what a finished recording can still get."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from pydantic import AwareDatetime, Field

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Payload
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now
from playhead.live.repairs import Filling, Repairs
from playhead.live.sidecars import Sidecars

router = APIRouter(prefix="/recordings", tags=["live"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("channels:read"))]
Writer = Annotated[Principal, Depends(requires("channels:write"))]


class RepairInput(Payload):
    """What gaps are filled from: a video or a URL."""

    video_id: Annotated[str | None, Field(max_length=40, description="A ready video of the same broadcast.")] = None
    url: Annotated[
        str | None,
        Field(max_length=2000, description="The platform's own video of the broadcast: its page, or its HLS playlist."),
    ] = None
    starts_at: Annotated[
        AwareDatetime | None,
        Field(description="When its first frame was broadcast; null: at the start of the broadcast."),
    ] = None


@router.post(
    "/{recording_id}/repair",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(400, 401, 403, 404, 409),
)
async def repair_recording(
    recording_id: str, wanted: RepairInput, response: Response, principal: Writer, repairs: Needs[Repairs]
) -> Job:
    """Fill the gaps of a recording from another video of the broadcast.

    The job makes a new video, and the recording points to it; the video without the filling stays until you delete it.
    """
    job = await repairs.request(principal, recording_id, Filling(wanted.video_id, wanted.url), wanted.starts_at)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job_resource(job, utc_now())


@router.get(
    "/{recording_id}/sidecars",
    response_class=Response,
    responses={
        200: {"content": {"application/zip": {}}, "description": "A ZIP."},
        **problem_responses(401, 403, 404, 409),
    },
)
async def download_sidecars(recording_id: str, principal: Reader, sidecars: Needs[Sidecars]) -> Response:
    """Download what media servers read beside a video: NFO, chapters, thumbnail; all names begin with the title."""
    name, archive = await sidecars.archive(principal, recording_id)
    return _download(name, archive, "application/zip")


def _download(name: str, content: bytes, content_type: str) -> Response:
    from urllib.parse import quote

    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=content_type, headers={**headers, "Cache-Control": "no-store"})
