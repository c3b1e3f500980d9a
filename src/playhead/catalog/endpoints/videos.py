"""``/videos``: the routes of the catalog."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute, compared_by
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.endpoints.filters import Filters
from playhead.catalog.resources import VideoResources
from playhead.catalog.shapes import ProjectReference, ProjectReferences, Video, VideoChanges, VideoPage
from playhead.catalog.trash import Trash
from playhead.catalog.uploads.body import FILE_OR_FORM, FileBody, digest_of
from playhead.catalog.videos import Videos
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now

router = APIRouter(prefix="/videos", tags=["videos"], route_class=IdempotentRoute)

Sort = Literal[
    "-created_at",
    "created_at",
    "title",
    "-title",
    "duration_s",
    "-duration_s",
    "size_bytes",
    "-size_bytes",
    "height",
    "-height",
    "video_codec",
    "-video_codec",
    "origin",
    "-origin",
    "state",
    "-state",
    "watched_at",
    "-watched_at",
]
Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=Video,
    responses=problem_responses(400, 401, 403, 413, 415, 507),
    openapi_extra=FILE_OR_FORM,
)
@compared_by(digest_of)
async def upload_video(
    request: Request,
    response: Response,
    principal: Writer,
    videos: Needs[Videos],
    resources: Needs[VideoResources],
    title: Annotated[str | None, Query(description="Without it the filename gives one.")] = None,
    filename: Annotated[str | None, Query(description="For display alone.")] = None,
) -> Video:
    """Upload a video: as the body of the request, or as the one file of a form.

    Large files are better sent to `/uploads`, which resumes.
    """
    body = FileBody(request, "video", title=title, filename=filename)
    body.check_length(videos.upload_max)
    row = await videos.receive(principal, body.chunks(), size=body.size, named=body.named)
    request.state.body_digest = body.digest(row.sha256)
    response.headers["Location"] = f"/api/v1/videos/{row.id}"
    return await resources.resource(row, principal)


@router.get("", response_model=VideoPage, responses=problem_responses(400, 401, 403))
async def list_videos(
    principal: Reader,
    videos: Needs[Videos],
    resources: Needs[VideoResources],
    query: Filters,
    sort: Sort = "-created_at",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> VideoPage:
    """List your videos; for an admin, with `owner=all`, those of everybody."""
    page = await videos.page(replace(query, sort=sort, limit=limit, cursor=cursor))
    return VideoPage(items=await resources.resources(page.items, principal), next_cursor=page.next_cursor)


@router.get("/{video_id}", response_model=Video, responses=problem_responses(401, 403, 404))
async def get_video(
    video_id: str, response: Response, principal: Reader, videos: Needs[Videos], resources: Needs[VideoResources]
) -> Video:
    """Read one video."""
    row = await videos.get(principal, video_id)
    response.headers["ETag"] = f'"{row.version}"'
    return await resources.resource(row, principal)


@router.patch("/{video_id}", response_model=Video, responses=problem_responses(400, 401, 403, 404, 409, 412))
async def change_video(
    video_id: str,
    changes: VideoChanges,
    response: Response,
    principal: Writer,
    videos: Needs[Videos],
    resources: Needs[VideoResources],
    if_match: IfMatch = None,
) -> Video:
    """Rename a video, tag it, choose the audio track that is played, or have retention keep it."""
    row = await videos.change(
        principal,
        video_id,
        title=changes.title,
        audio_track=changes.audio_track,
        keep=changes.keep,
        tags=changes.tags,
        if_match=read_if_match(if_match),
    )
    response.headers["ETag"] = f'"{row.version}"'
    return await resources.resource(row, principal)


@router.delete("/{video_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404, 409))
async def delete_video(
    video_id: str,
    principal: Writer,
    videos: Needs[Videos],
    trashed: Needs[Trash],
    force: Annotated[bool, Query(description="Delete although projects hold clips of it.")] = False,
    trash: Annotated[bool, Query(description="Move it to the trash: it can be restored for a while.")] = False,
) -> None:
    """Delete a video with its bytes for good. Clips of it stay in their projects and say that the video is gone."""
    if trash:
        await trashed.put(principal, video_id, force=force)
    else:
        await videos.delete(principal, video_id, force=force)


@router.get("/{video_id}/projects", response_model=ProjectReferences, responses=problem_responses(401, 403, 404))
async def list_projects_of_video(video_id: str, principal: Reader, videos: Needs[Videos]) -> ProjectReferences:
    """List the projects that hold a clip of this video."""
    found = await videos.projects_of(principal, video_id)
    return ProjectReferences(items=[ProjectReference(**project) for project in found])


@router.post(
    "/{video_id}/retry",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(401, 403, 404, 409),
)
async def retry_video(video_id: str, response: Response, principal: Writer, videos: Needs[Videos]) -> Job:
    """Prepare an errored video once more."""
    job = await videos.retry(principal, video_id)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job_resource(job, utc_now())
