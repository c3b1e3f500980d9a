"""``/videos/ids``, ``/videos/deletions`` and ``/videos/samples``: what concerns more than one video."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from pydantic import Field

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Payload, Shape
from playhead.catalog.endpoints.filters import Filters
from playhead.catalog.samples import Samples
from playhead.catalog.selections import MOST, Selections
from playhead.catalog.trash import Trash
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now

router = APIRouter(prefix="/videos", tags=["videos"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


class VideoIds(Shape):
    """Every video that a filter matches."""

    ids: Annotated[list[str], Field(description=f"Newest first, {MOST:,} at most.")]
    total: Annotated[int, Field(description="How many match, however many ids are given.")]


class DeletionRequest(Payload):
    """Videos of a deletion that is being considered."""

    ids: list[Annotated[str, Field(max_length=40)]] = Field(min_length=1, max_length=MOST)


class NamedVideo(Shape):
    """A video by name."""

    id: str
    title: str


class ProjectUse(Shape):
    """A project that holds clips of some of the videos."""

    id: str
    title: str
    video_ids: Annotated[list[str], Field(description="Those of the videos that it holds clips of.")]


class DeletionPreview(Shape):
    """What goes when videos are deleted."""

    videos: Annotated[int, Field(description="How many would be deleted.")]
    missing: Annotated[int, Field(description="How many are gone already, or not yours.")]
    size_bytes: Annotated[int, Field(description="What becomes free: originals and what was made from them.")]
    named: Annotated[list[NamedVideo], Field(description="The first few, those that projects use before the others.")]
    projects: list[ProjectUse]
    trash_window_s: Annotated[float, Field(description="How long the trash would keep them.")]


@router.get("/ids", response_model=VideoIds, responses=problem_responses(400, 401, 403))
async def list_video_ids(_: Reader, selections: Needs[Selections], query: Filters) -> VideoIds:
    """List the ids of all your videos that match, for a choice of them all."""
    return VideoIds.model_validate(await selections.ids(query))


@router.post("/deletions/preview", response_model=DeletionPreview, responses=problem_responses(400, 401, 403, 422))
async def preview_deletion(
    body: DeletionRequest, principal: Writer, selections: Needs[Selections], trash: Needs[Trash]
) -> DeletionPreview:
    """Say what would go with these videos, and which projects use them. Nothing is deleted."""
    found = await selections.preview_deletion(principal, body.ids)
    facts = {name: getattr(found, name) for name in ("videos", "missing", "size_bytes", "named", "projects")}
    return DeletionPreview.model_validate({**facts, "trash_window_s": trash.window.total_seconds()})


@router.post(
    "/samples",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(401, 403, 507),
)
async def add_samples(response: Response, principal: Writer, samples: Needs[Samples]) -> Job:
    """Put a few short sample clips into your library; asked again while they are being made, it is the same job."""
    job = await samples.request(principal)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job_resource(job, utc_now())
