"""``/videos/{id}/activity``: what happened with a video, and when."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.cursors import encode_cursor, read_cursor
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import PageShape, Shape, Timestamp
from playhead.app.activity import Event, activity_of
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.delivery.transfers.everywhere import AllTransfers
from playhead.delivery.transfers.viewings import viewings_of
from playhead.jobs.kinds import JobKinds

router = APIRouter(prefix="/videos", tags=["videos"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]


class ActivityEvent(Shape):
    """One thing that happened."""

    id: str
    at: Timestamp
    kind: Literal["added", "job", "share", "links", "clip", "viewing", "trash"]
    text: str = Field(description="A sentence for people, without its end.")
    actor: str | None = Field(
        description="Email of the user who did it, or `retention`; null for the server and for viewers."
    )
    state: str | None = Field(description="Of a job, or how a viewing ended; `active` while it goes on.")
    error: str | None = Field(description="Why a job failed, and what to do.")
    job_id: str | None
    share_id: str | None
    project_id: str | None


class ActivityPage(PageShape[ActivityEvent]):
    """A page of activity."""


@router.get(
    "/{video_id}/activity",
    summary="Read what happened with a video",
    responses=problem_responses(400, 401, 403, 404),
)
async def list_activity(
    video_id: str,
    principal: Reader,
    videos: Needs[Videos],
    database: Needs[Database],
    transfers: Needs[AllTransfers],
    kinds: Needs[JobKinds],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ActivityPage:
    """Its upload or stitch, jobs, share links, projects and viewings, the newest first.

    Viewings are those that the server remembers: the last thousand transfers of each of its processes.
    """
    video = await videos.get(principal, video_id)
    viewings = viewings_of(await transfers.find(video_id=video_id))
    async with database.read() as session:
        events = await activity_of(session, principal, video, viewings, kinds)
    if cursor is not None:
        at, last_id = (str(value) for value in read_cursor(cursor, 2))
        events = [event for event in events if event.place < (at, last_id)]
    page = events[:limit]
    more = encode_cursor(*page[-1].place) if len(events) > limit else None
    return ActivityPage(items=[_shape(event) for event in page], next_cursor=more)


def _shape(event: Event) -> ActivityEvent:
    shown = {name: getattr(event, name) for name in ("id", "at", "kind", "text", "actor", "state", "error")}
    ids = {"job_id": None, "share_id": None, "project_id": None}
    return ActivityEvent.model_validate({**ids, **event.ids, **shown})
