"""``/projects/{id}``: prompts that become its clips."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate.projects import ProjectGeneration
from playhead.generate.shapes.generations import (
    AddedPrompts,
    EstimateInput,
    Generated,
    GenerateInput,
    ProjectEstimate,
    PromptsInput,
)

router = APIRouter(prefix="/projects/{project_id}", tags=["generate"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("generate:read", "projects:read"))]
Writer = Annotated[Principal, Depends(requires("generate:write", "projects:write"))]


@router.post(
    "/generate",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Generated,
    responses=problem_responses(400, 401, 403, 404, 409, 410),
)
async def generate_project(
    project_id: str,
    response: Response,
    principal: Writer,
    generation: Needs[ProjectGeneration],
    wanted: GenerateInput | None = None,
) -> Generated:
    """Generate the clips of a project from their prompts, each once however often this is asked."""
    made = await generation.generate(principal, project_id, wanted or GenerateInput())
    response.headers["Location"] = f"/api/v1/projects/{project_id}"
    response.headers["Retry-After"] = "1"
    return made


@router.post("/estimate", response_model=ProjectEstimate, responses=problem_responses(400, 401, 403, 404))
async def estimate_project(
    project_id: str, principal: Reader, generation: Needs[ProjectGeneration], wanted: EstimateInput | None = None
) -> ProjectEstimate:
    """Estimate what `generate` would cost, by clip; nothing is made."""
    return await generation.estimate(principal, project_id, (wanted or EstimateInput()).clip_ids)


@router.post(
    "/prompts",
    status_code=status.HTTP_201_CREATED,
    response_model=AddedPrompts,
    responses=problem_responses(400, 401, 403, 404, 409, 410),
)
async def add_prompts(
    project_id: str,
    wanted: PromptsInput,
    response: Response,
    principal: Writer,
    generation: Needs[ProjectGeneration],
) -> AddedPrompts:
    """Append prompts as clips, many at once, and generate them if that is wanted."""
    added = await generation.add_prompts(principal, project_id, wanted)
    response.headers["Location"] = f"/api/v1/projects/{project_id}"
    response.headers["ETag"] = f'"{added.project.version}"'
    return added
