"""``/recordings``: what is recorded, and what was."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.live.deleting import RecordingDeletion
from playhead.live.listing import History, RecordingQuery
from playhead.live.recordings import Recordings
from playhead.live.shapes import Recording, RecordingInput, RecordingPage, RecordingState
from playhead.live.starts import Starts
from playhead.live.views import recording_resource

router = APIRouter(prefix="/recordings", tags=["live"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("channels:read"))]
Writer = Annotated[Principal, Depends(requires("channels:write"))]


@router.get("", response_model=RecordingPage, responses=problem_responses(400, 401, 403))
async def list_recordings(
    principal: Reader,
    history: Needs[History],
    state: RecordingState | None = None,
    channel_id: Annotated[str | None, Query(max_length=40, description="Only of this channel.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> RecordingPage:
    """List your recordings, the newest first."""
    page = await history.recordings(RecordingQuery(principal.user_id, state, channel_id, limit, cursor))
    return RecordingPage(items=[recording_resource(row) for row in page.items], next_cursor=page.next_cursor)


@router.post(
    "", status_code=status.HTTP_201_CREATED, response_model=Recording, responses=problem_responses(400, 401, 403)
)
async def record_url(wanted: RecordingInput, response: Response, principal: Writer, starts: Needs[Starts]) -> Recording:
    """Record a URL once, from now on, without a channel."""
    row = await starts.record_url(principal, wanted)
    response.headers["Location"] = f"/api/v1/recordings/{row.id}"
    return recording_resource(row)


@router.get("/{recording_id}", response_model=Recording, responses=problem_responses(401, 403, 404))
async def get_recording(recording_id: str, principal: Reader, recordings: Needs[Recordings]) -> Recording:
    """Read one recording."""
    return recording_resource(await recordings.get(principal, recording_id))


@router.post("/{recording_id}/stop", response_model=Recording, responses=problem_responses(401, 403, 404))
async def stop_recording(recording_id: str, principal: Writer, recordings: Needs[Recordings]) -> Recording:
    """Stop a recording; it becomes a video. One that has ended stays as it is."""
    return recording_resource(await recordings.stop(principal, recording_id))


@router.post(
    "/{recording_id}/finalise",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Recording,
    responses=problem_responses(401, 403, 404, 409),
)
async def finalise_recording(recording_id: str, principal: Writer, recordings: Needs[Recordings]) -> Recording:
    """Make the video of an errored recording once more, from the parts that are there."""
    return recording_resource(await recordings.finalise_again(principal, recording_id))


@router.delete(
    "/{recording_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404, 409)
)
async def delete_recording(
    recording_id: str,
    principal: Annotated[Principal, Depends(requires("channels:write", "videos:write"))],
    deletion: Needs[RecordingDeletion],
    with_video: Annotated[bool, Query(description="Delete its video as well; else that stays.")] = False,
    force: Annotated[bool, Query(description="Delete the video although projects hold clips of it.")] = False,
) -> None:
    """Delete a recording that has ended, with the parts that are left of it."""
    await deletion.delete(principal, recording_id, with_video=with_video, force=force)
