"""``/videos/{id}/renditions``: smaller or other encodings of a video, for players and for download."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response, status
from pydantic import Field

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.catalog.ladders import Ladders, ListedRendition
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now

router = APIRouter(prefix="/videos", tags=["renditions"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


class RenditionsInput(Payload):
    """What is to be made. An empty body asks for the usual ladder."""

    codec: Annotated[
        Literal["h264", "av1"], Field(description="Of the renditions for players; AV1 is smaller, and slower to make.")
    ] = "h264"
    heights: Annotated[
        list[int] | None,
        Field(
            max_length=8,
            description="Lines of the renditions (columns of an upright video): even, 90 to 2160. Those larger than "
            "the video are left out. Null for those of 1080, 720, 480 and 360 that are smaller than it.",
        ),
    ] = None
    ladder: Annotated[
        bool | None,
        Field(description="Whether renditions for players are made; null: unless `download` is all that is requested."),
    ] = None
    download: Annotated[
        int | None,
        Field(description="Also make one file of at most this many lines, H.264 with AAC, to keep or pass on."),
    ] = None


class Rendition(Shape):
    """One encoding of a video besides its original."""

    name: Annotated[str, Field(description="`720p`, `720pav1`, `download-720p`.")]
    kind: Literal["rendition", "download"]
    state: Literal["ready", "making", "failed"]
    width: int
    height: int
    fps: float
    codec: Literal["h264", "av1"]
    codec_string: Annotated[str | None, Field(description="As in RFC 6381; null until it is ready.")]
    has_audio: Annotated[bool, Field(description="False: players take the sound of the original.")]
    bitrate: Annotated[int | None, Field(description="Bits a second, on average; null until it is ready.")]
    duration_s: float | None
    size_bytes: int | None
    job_id: Annotated[str | None, Field(description="The job that makes it, or failed to.")]
    created_at: Timestamp | None


class Renditions(Shape):
    """All of a video."""

    items: list[Rendition]


@router.post(
    "/{video_id}/renditions",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses={
        200: {"model": Job, "description": "All of them were made before; the job that did."},
        **problem_responses(400, 401, 403, 404, 409),
    },
)
async def make_renditions(
    video_id: str, response: Response, principal: Writer, ladders: Needs[Ladders], wanted: RenditionsInput | None = None
) -> Job:
    """Have renditions made. Asking again for the same ones gives the same job."""
    from playhead.media.render.ladder import RenditionRequest

    options = wanted or RenditionsInput()
    heights = None if options.heights is None else tuple(options.heights)
    ladder = heights is not None or (options.download is None if options.ladder is None else options.ladder)
    job = await ladders.request(principal, video_id, RenditionRequest(options.codec, heights, options.download, ladder))
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    response.headers["Retry-After"] = "1"
    if not job.is_active:
        response.status_code = status.HTTP_200_OK
    return job_resource(job, utc_now())


@router.get(
    "/{video_id}/renditions",
    response_model=Renditions,
    responses=problem_responses(401, 403, 404),
)
async def list_renditions(video_id: str, principal: Reader, ladders: Needs[Ladders]) -> Renditions:
    """List the renditions of a video, the largest first, then those that are being made or could not be made."""
    return Renditions(items=[_resource(found) for found in await ladders.page(principal, video_id)])


@router.delete(
    "/{video_id}/renditions/{name}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404, 409),
)
async def delete_rendition(video_id: str, name: str, principal: Writer, ladders: Needs[Ladders]) -> None:
    """Delete a rendition with its bytes. The original stays."""
    await ladders.delete(principal, video_id, name)


def _resource(found: ListedRendition) -> Rendition:
    row, facts = found.row, found.facts
    return Rendition(
        name=found.name,
        kind=found.kind,  # type: ignore[arg-type]
        state=found.state,
        width=facts["width"],
        height=facts["height"],
        fps=facts["fps"],
        codec=facts["codec"],
        codec_string=facts.get("codec_string"),
        has_audio=facts["has_audio"],
        bitrate=facts.get("bitrate"),
        duration_s=facts.get("duration_s"),
        size_bytes=row.size_bytes if row else None,
        job_id=found.job.id if found.job else None,
        created_at=row.created_at if row else None,
    )
