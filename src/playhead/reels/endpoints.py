"""``/projects``: the routes of the edit and the stitch."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.errors import PreconditionRequired
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now
from playhead.kit.text import one_line
from playhead.reels.plans import Plans
from playhead.reels.preview_renders import PreviewRenders
from playhead.reels.projects import Projects
from playhead.reels.shapes import (
    Aspect,
    ClipInput,
    DuplicateInput,
    PreviewRenderInput,
    Project,
    ProjectChanges,
    ProjectInput,
    ProjectPage,
    ProjectPlan,
    StitchInput,
)
from playhead.reels.stitch import Stitch

router = APIRouter(prefix="/projects", tags=["projects"], route_class=IdempotentRoute)

Sort = Literal["-updated_at", "updated_at", "-created_at", "created_at", "title", "-title"]
Reader = Annotated[Principal, Depends(requires("projects:read"))]
Writer = Annotated[Principal, Depends(requires("projects:write"))]


@router.get("", response_model=ProjectPage, responses=problem_responses(400, 401, 403))
async def list_projects(
    principal: Reader,
    projects: Needs[Projects],
    search: Annotated[str | None, Query(max_length=200, description="Part of a title.")] = None,
    campaign_id: Annotated[str | None, Query(max_length=40, description="Of one campaign alone.")] = None,
    sort: Sort = "-updated_at",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ProjectPage:
    """List your projects."""
    words = one_line(search) if search else None
    page = await projects.page(principal, search=words, campaign_id=campaign_id, sort=sort, limit=limit, cursor=cursor)
    return ProjectPage(items=list(page.items), next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=Project,
    responses=problem_responses(400, 401, 403),
)
async def create_project(
    wanted: ProjectInput, response: Response, principal: Writer, projects: Needs[Projects]
) -> Project:
    """Make a project."""
    project = await projects.create(principal, wanted)
    response.headers["Location"] = f"/api/v1/projects/{project.id}"
    return _tagged(response, project)


@router.get("/{project_id}", response_model=Project, responses=problem_responses(401, 403, 404))
async def get_project(project_id: str, response: Response, principal: Reader, projects: Needs[Projects]) -> Project:
    """Read a project as it truly stands; a stitch in progress is compared with the job engine."""
    return _tagged(response, await projects.get(principal, project_id))


@router.patch("/{project_id}", response_model=Project, responses=problem_responses(400, 401, 403, 404, 412, 428))
async def change_project(
    project_id: str,
    changes: ProjectChanges,
    response: Response,
    principal: Writer,
    projects: Needs[Projects],
    if_match: IfMatch = None,
) -> Project:
    """Change the title or the settings."""
    return _tagged(response, await projects.change(principal, project_id, changes, _version(if_match)))


@router.put("/{project_id}/clips", response_model=Project, responses=problem_responses(400, 401, 403, 404, 412, 428))
async def replace_clips(
    project_id: str,
    clips: list[ClipInput],
    response: Response,
    principal: Writer,
    projects: Needs[Projects],
    if_match: IfMatch = None,
) -> Project:
    """Replace all clips: reorder, trim, add and remove are this one call."""
    return _tagged(response, await projects.replace_clips(principal, project_id, clips, _version(if_match)))


@router.post(
    "/{project_id}/duplicate",
    status_code=status.HTTP_201_CREATED,
    response_model=Project,
    responses=problem_responses(400, 401, 403, 404),
)
async def duplicate_project(
    project_id: str,
    response: Response,
    principal: Writer,
    projects: Needs[Projects],
    wanted: DuplicateInput | None = None,
) -> Project:
    """Make another project of the same edit, without its takes and reels."""
    project = await projects.duplicate(principal, project_id, wanted.title if wanted else None)
    response.headers["Location"] = f"/api/v1/projects/{project.id}"
    return _tagged(response, project)


@router.delete("/{project_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404))
async def delete_project(project_id: str, principal: Writer, projects: Needs[Projects]) -> None:
    """Delete a project and stop its stitch. Its reels stay in the library."""
    await projects.delete(principal, project_id)


@router.post(
    "/{project_id}/stitch",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses={
        200: {"model": Job, "description": "This version was stitched before; its job."},
        **problem_responses(400, 401, 403, 404, 409, 412),
    },
)
async def stitch_project(
    project_id: str,
    response: Response,
    principal: Writer,
    stitch: Needs[Stitch],
    wanted: StitchInput | None = None,
) -> Job:
    """Stitch a project into its reel, or one in another shape. Asking again for the same version gives the same job."""
    options = wanted or StitchInput()
    requested = await stitch.request(principal, project_id, options.version, options.aspect)
    response.headers["Location"] = f"/api/v1/jobs/{requested.job.id}"
    response.headers["Retry-After"] = "1"
    if not requested.job.is_active:
        response.status_code = status.HTTP_200_OK
    return job_resource(requested.job, utc_now())


@router.get("/{project_id}/plan", response_model=ProjectPlan, responses=problem_responses(400, 401, 403, 404, 409))
async def plan_project(
    project_id: str,
    principal: Reader,
    plans: Needs[Plans],
    aspect: Annotated[Aspect | None, Query(description="Of the reel in another shape.")] = None,
) -> ProjectPlan:
    """Preview a stitch: what it would copy, what it would encode and why, and an estimate of its duration."""
    return await plans.of(principal, project_id, aspect)


@router.post(
    "/{project_id}/preview-render",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses={
        200: {"model": Job, "description": "This span was rendered within the last hour; its job."},
        **problem_responses(400, 401, 403, 404, 409),
    },
)
async def render_preview(
    project_id: str, response: Response, principal: Writer, renders: Needs[PreviewRenders], wanted: PreviewRenderInput
) -> Job:
    """Render a span of a project as it stands, in low resolution and with everything on.

    `GET /projects/{project_id}/preview-render/{job_id}` gives a link to it. A request for another span cancels it.
    """
    job = await renders.request(principal, project_id, wanted.start_s, wanted.end_s)
    response.headers["Location"] = f"/api/v1/projects/{project_id}/preview-render/{job.id}"
    response.headers["Retry-After"] = "1"
    if not job.is_active:
        response.status_code = status.HTTP_200_OK
    return job_resource(job, utc_now())


@router.post("/{project_id}/reconcile", response_model=Project, responses=problem_responses(401, 403, 404))
async def reconcile_project(
    project_id: str, response: Response, principal: Writer, projects: Needs[Projects]
) -> Project:
    """Compare the project with the job engine now, and return its state."""
    return _tagged(response, await projects.get(principal, project_id))


def _tagged(response: Response, project: Project) -> Project:
    response.headers["ETag"] = f'"{project.version}"'
    return project


def _version(if_match: str | None) -> int:
    version = read_if_match(if_match)
    if version is None:
        raise PreconditionRequired(
            "The request has no If-Match header.",
            hint='Send the ETag of the project that you changed, such as "7".',
        )
    return version
