"""``/projects/{id}/combined``: the bytes of a project's present reel, for API clients."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.find import Bodies
from playhead.delivery.bodies.respond import REVALIDATE, Responder
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.links.shapes import OWN_BYTES
from playhead.delivery.links.signature import DEFAULT_TTL_S
from playhead.reels.projects import Projects

router = APIRouter(tags=["projects"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

FOR_GOOD: Final = "private, max-age=31536000, immutable"
"""Cache-Control for one reel by its video's id: its bytes never change."""

Reader = Annotated[Principal, Depends(requires("projects:read"))]


class ReelNotFound(MediaNotFound):
    """A project without a reel, or with another one by now."""

    code = "reel_not_found"
    title = "No such reel"


@router.get(
    "/projects/{project_id}/combined",
    summary="Read the present reel's file",
    response_class=Response,
    responses={**OWN_BYTES, **problem_responses(401, 403, 404, 412, 416, 503)},
)
@router.head("/projects/{project_id}/combined", include_in_schema=False)
async def combined(
    request: Request,
    project_id: Annotated[str, Path(max_length=64)],
    principal: Reader,
    projects: Needs[Projects],
    bodies: Needs[Bodies],
    responder: Needs[Responder],
    v: Annotated[
        str | None, Query(max_length=40, description="`reel.video_id`: this reel alone, which caches keep for a year.")
    ] = None,
    download: bool = False,
) -> Response:
    """The newest reel, also a stale one: `Content-Location` names its video. It never redirects.

    The URL stays the same while the reel changes, so caches ask each time, and the ETag spares the bytes; with `v`
    they need not ask.
    """
    reel_id = await projects.reel_of(principal, project_id)
    if reel_id is None:
        raise ReelNotFound(f"Project {project_id} has no reel.", hint="Stitch it first.")
    if v not in (None, reel_id):
        raise ReelNotFound(f"{v} is not the present reel of project {project_id}.", hint=f"That is {reel_id}.")
    response = await responder.respond(
        request,
        Body.of_file(await bodies.file(reel_id, "file")),
        subject=reel_id,
        kind="file",
        cache_control=FOR_GOOD if v else REVALIDATE,
        life_s=DEFAULT_TTL_S,
        download=download,
        offload=False,
    )
    response.headers["Content-Location"] = f"/api/v1/videos/{reel_id}/stream"
    return response
