"""``POST /webhooks/{provider}``: callbacks of generation providers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate.callbacks import Callbacks

router = APIRouter(prefix="/webhooks", tags=["generate"])


@router.post(
    "/{provider}/", status_code=204, response_class=Response, include_in_schema=False, name="receive_callback_slash"
)
@router.post("/{provider}", status_code=204, response_class=Response, responses=problem_responses(401, 413, 503))
async def receive_generation_callback(
    provider: str,
    request: Request,
    callbacks: Needs[Callbacks],
    generation: Annotated[str, Query(max_length=40)] = "",
    token: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Called by providers alone, at the URL that a submit gave them: its token and their signature are checked."""
    await callbacks.receive(provider, generation, token, request.headers, request.body)
    return Response(status_code=204)
