"""``/recordings/{id}/playback``: watch a recording while it grows, and as a video afterwards."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape, Timestamp
from playhead.live.playback import RecordingPlayback

router = APIRouter(tags=["live"], route_class=GuardedRoute)
"""Under ``/api/v1``."""


class PlaybackOfRecording(Shape):
    """A signed link to HLS: anyone who has it may watch until it expires."""

    url: str = Field(description="Absolute, with the server's public address or the host of this request.")
    path: str = Field(description="The same, relative to the server's root.")
    expires_at: Timestamp
    live: bool = Field(description="Whether it is the recording while it grows; else the video that it became.")


@router.post(
    "/recordings/{recording_id}/playback",
    summary="Create a signed link to a recording",
    responses=problem_responses(401, 403, 404),
)
async def play_recording(
    request: Request,
    response: Response,
    recording_id: Annotated[str, Path(max_length=64)],
    principal: Annotated[Principal, Depends(requires("channels:read"))],
    playback: Needs[RecordingPlayback],
) -> PlaybackOfRecording:
    """While it records, the stream from its first second to the live edge; afterwards the stream of its video.

    The stream of a recording that has just begun answers once its source has sent a few seconds of video.
    """
    found = await playback.open(principal, recording_id)
    response.headers["Cache-Control"] = "no-store"
    return PlaybackOfRecording(
        url=address_of(request) + found.link.path,
        path=found.link.path,
        expires_at=found.link.expires_at,
        live=found.live,
    )
