"""Public status of the server, and the routes that refuse unknown paths."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from playhead import __version__
from playhead.access.access import Access
from playhead.access.dependencies import optional_principal
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.app.methods import methods_of
from playhead.errors import NotFound, PlayheadError

router = APIRouter(tags=["status"])
unknown = APIRouter(include_in_schema=False)

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Status(Shape):
    """The server in short."""

    name: str
    version: str
    setup_required: bool
    signed_in: bool


class MethodNotAllowed(PlayheadError):
    """Another method than the route's (RFC 9110 section 15.5.6)."""

    code = "method_not_allowed"
    title = "Method Not Allowed"
    status = 405
    fault = "caller"

    def __init__(self, method: str, allowed: Iterable[str], *, hint: str | None) -> None:
        super().__init__(f"{method} is not a method of this route.", hint=hint)
        self.allowed = tuple(allowed)

    @property
    def headers(self) -> dict[str, str]:
        return {"Allow": ", ".join(self.allowed)}


@router.get("/status", response_model=Status, responses=problem_responses(503))
async def get_status(
    response: Response,
    access: Needs[Access],
    principal: Annotated[Principal | None, Depends(optional_principal)],
) -> Status:
    """Version of the server, whether it still needs its first admin, and whether you are signed in."""
    response.headers["Cache-Control"] = "no-store"
    return Status(
        name="Playhead",
        version=__version__,
        setup_required=await access.sign_in.setup_required(),
        signed_in=principal is not None,
    )


@unknown.api_route("/api/{rest:path}", methods=_METHODS)
@unknown.api_route("/v/{rest:path}", methods=_METHODS)
async def refuse_unknown(request: Request) -> None:
    """Answer 404 or 405 for unknown API and media paths, which would otherwise get the UI."""
    allowed = sorted(methods_of(request.app, request.url.path))
    if allowed:
        raise MethodNotAllowed(request.method, allowed, hint=_hint(request))
    raise NotFound(
        f"There is no route {request.url.path[:200]}.",
        hint="/openapi.json lists all there are.",
        code="route_not_found",
        title="Route not found",
    )


def _hint(request: Request) -> str | None:
    """For `curl -T x.mp4 .../videos`, which is PUT; behind a slash curl adds the name of the file."""
    if request.method != "PUT" or not request.url.path.startswith("/api/v1/videos"):
        return None
    url = request.url.replace(path="/api/v1/videos", query="filename=x.mp4")
    return f"To upload a file, make it a POST: `curl -X POST -T x.mp4 '{url}'`."
