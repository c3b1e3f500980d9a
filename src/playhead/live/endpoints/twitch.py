"""``POST /webhooks/twitch``: EventSub messages of Twitch, which sign themselves."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.live.detect.webhook import Webhook

router = APIRouter(prefix="/webhooks", tags=["live"])


@router.post(
    "/twitch",
    status_code=204,
    response_class=Response,
    responses={
        200: {"description": "The challenge of a new subscription", "content": {"text/plain": {}}},
        **problem_responses(400, 403, 413, 503),
    },
)
async def receive_twitch_event(request: Request, webhook: Needs[Webhook]) -> Response:
    """Called by Twitch alone: the signature in the headers is checked over the raw body."""
    challenge = await webhook.receive(request.headers, await request.body())
    if challenge is not None:
        return PlainTextResponse(challenge)
    return Response(status_code=204)
