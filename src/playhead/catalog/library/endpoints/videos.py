"""``/videos/bulk``, ``/videos/continue``, ``/videos/{id}/watch`` and ``/videos/{id}/poster``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.catalog.library.bulk import BulkChange, BulkEdits
from playhead.catalog.library.shapes import BulkOutcome, ManyVideosInput, PosterInput, WatchInput
from playhead.catalog.library.watching import WatchMarks
from playhead.catalog.posters import Posters
from playhead.catalog.resources import VideoResources
from playhead.catalog.shapes import Video, WatchMark

router = APIRouter(prefix="/videos", tags=["videos"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


class BegunVideos(Shape):
    """Videos to continue with, the one that was watched last first."""

    items: list[Video]


@router.get("/continue", summary="List videos to continue watching", responses=problem_responses(401, 403))
async def list_begun_videos(
    principal: Reader,
    marks: Needs[WatchMarks],
    resources: Needs[VideoResources],
    limit: Annotated[int, Query(ge=1, le=50)] = 12,
) -> BegunVideos:
    """Those that you began and did not watch to the end, in whatever browser."""
    return BegunVideos(items=await resources.resources(await marks.begun(principal, limit), principal))


@router.post("/bulk", summary="Change many videos", responses=problem_responses(400, 401, 403, 404, 422))
async def change_videos(wanted: ManyVideosInput, principal: Writer, edits: Needs[BulkEdits]) -> BulkOutcome:
    """Tags, collections, watched or not; or to the trash, or out of it. Up to 1,000 videos.

    What cannot be done with one of them is in `failed`, and the others are changed.
    """
    change = BulkChange(**wanted.model_dump(exclude={"ids"}))
    return BulkOutcome.model_validate(await edits.apply(principal, wanted.ids, change))


@router.put(
    "/{video_id}/watch",
    summary="Keep how far you have watched",
    responses=problem_responses(400, 401, 403, 404, 422),
)
async def note_watching(
    video_id: str, wanted: WatchInput, principal: Reader, marks: Needs[WatchMarks]
) -> WatchMark | None:
    """A position at 90 % of the video or later marks it as watched. Report at most every 10 s, on pause and at the end.

    Null: there is nothing to remember.
    """
    row = await marks.note(principal, video_id, position_s=wanted.position_s, watched=wanted.watched)
    return None if row is None else WatchMark.model_validate(row)


@router.put(
    "/{video_id}/poster",
    summary="Choose a poster",
    responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
)
async def choose_poster(
    video_id: str,
    wanted: PosterInput,
    response: Response,
    principal: Writer,
    posters: Needs[Posters],
    resources: Needs[VideoResources],
) -> Video:
    """A frame of the video, or a copy of an image of yours. Its URL changes, so that it is seen everywhere at once."""
    row = await posters.choose(principal, video_id, at_s=wanted.at_s, image_id=wanted.image_id)
    response.headers["ETag"] = f'"{row.version}"'
    return await resources.resource(row, principal)


@router.delete(
    "/{video_id}/poster", summary="Go back to the automatic poster", responses=problem_responses(401, 403, 404)
)
async def reset_poster(
    video_id: str,
    response: Response,
    principal: Writer,
    posters: Needs[Posters],
    resources: Needs[VideoResources],
) -> Video:
    """The one that was found when the video was prepared."""
    row = await posters.reset(principal, video_id)
    response.headers["ETag"] = f'"{row.version}"'
    return await resources.resource(row, principal)
