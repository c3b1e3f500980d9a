"""``/generations``: requests to providers, each made once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate.decisions import Decisions
from playhead.generate.requests import Generations
from playhead.generate.shapes.generations import Generation, GenerationInput, GenerationPage, Resolution
from playhead.generate.views import generation_resource
from playhead.reels.projects import Projects
from playhead.reels.prompt_shapes import TakeState
from playhead.reels.shapes import Project

router = APIRouter(prefix="/generations", tags=["generate"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("generate:read"))]
Writer = Annotated[Principal, Depends(requires("generate:write"))]


@router.get("", response_model=GenerationPage, responses=problem_responses(400, 401, 403))
async def list_generations(
    principal: Reader,
    generations: Needs[Generations],
    project_id: Annotated[str | None, Query(max_length=40, description="Only of this project.")] = None,
    clip_id: Annotated[str | None, Query(max_length=40, description="Only takes of this clip.")] = None,
    state: TakeState | None = None,
    provider: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> GenerationPage:
    """List your generations, the newest first."""
    wanted = {"project_id": project_id, "clip_id": clip_id, "state": state, "provider": provider}
    page = await generations.page(principal, wanted, limit=limit, cursor=cursor)
    return GenerationPage(items=[generation_resource(row) for row in page.items], next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Generation,
    responses=problem_responses(400, 401, 403, 404, 409, 410),
)
async def create_generation(
    wanted: GenerationInput, response: Response, principal: Writer, generations: Needs[Generations]
) -> Generation:
    """Generate a video of the library from a prompt, or another take of a clip from one of its own."""
    return _accepted(response, generation_resource(await generations.create(principal, wanted)))


@router.get("/{generation_id}", response_model=Generation, responses=problem_responses(401, 403, 404))
async def get_generation(generation_id: str, principal: Reader, generations: Needs[Generations]) -> Generation:
    """Read one generation."""
    return generation_resource(await generations.get(principal, generation_id))


@router.post("/{generation_id}/cancel", response_model=Generation, responses=problem_responses(401, 403, 404, 409))
async def cancel_generation(generation_id: str, principal: Writer, decisions: Needs[Decisions]) -> Generation:
    """Cancel a generation. What was submitted may still be charged; a result that comes all the same is kept."""
    return generation_resource(await decisions.cancel(principal, generation_id))


@router.post(
    "/{generation_id}/retry",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Generation,
    responses=problem_responses(401, 403, 404, 409, 410),
)
async def retry_generation(
    generation_id: str,
    response: Response,
    principal: Writer,
    decisions: Needs[Decisions],
    accept_unknown_cost: Annotated[bool, Query(description="Go ahead where nobody knows the price.")] = False,
) -> Generation:
    """Make another take from the same request. The old one stays; a refused output is tried with another seed."""
    row = await decisions.retry(principal, generation_id, accept_unknown=accept_unknown_cost)
    return _accepted(response, generation_resource(row))


@router.post(
    "/{generation_id}/resolve", response_model=Generation, responses=problem_responses(401, 403, 404, 409, 410)
)
async def resolve_generation(
    generation_id: str, resolution: Resolution, principal: Writer, decisions: Needs[Decisions]
) -> Generation:
    """Decide on a generation in the state `unknown`: submit it again, which may be charged twice, or give it up."""
    return generation_resource(await decisions.resolve(principal, generation_id, resolution))


@router.post("/{generation_id}/fetch", response_model=Generation, responses=problem_responses(401, 403, 404, 409))
async def fetch_generation(generation_id: str, principal: Writer, decisions: Needs[Decisions]) -> Generation:
    """Fetch the result of a generation that failed over it once more, such as from a host that is allowed by now.

    It was paid; fetching costs nothing.
    """
    return generation_resource(await decisions.fetch(principal, generation_id))


@router.post("/{generation_id}/use", response_model=Project, responses=problem_responses(401, 403, 404, 409))
async def use_generation(
    generation_id: str,
    response: Response,
    principal: Annotated[Principal, Depends(requires("generate:write", "projects:write"))],
    decisions: Needs[Decisions],
    projects: Needs[Projects],
) -> Project:
    """Give a clip the video of this take. The other takes stay."""
    project = await projects.describe_row(await decisions.use(principal, generation_id))
    response.headers["ETag"] = f'"{project.version}"'
    return project


def _accepted(response: Response, generation: Generation) -> Generation:
    response.headers["Location"] = f"/api/v1/generations/{generation.id}"
    response.headers["Retry-After"] = "1"
    return generation
