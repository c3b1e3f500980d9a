"""``/transfers``: which media are being sent to whom, which transfers ended, and how to end one."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, status
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.cursors import encode_cursor, read_cursor
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import PageShape, Shape
from playhead.delivery.links.target import IMAGES
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.transfers.everywhere import AllTransfers
from playhead.delivery.transfers.shapes import TransferShape
from playhead.delivery.transfers.viewings import Viewing, viewings_of
from playhead.errors import NotFound
from playhead.kit.clock import rfc3339

router = APIRouter(prefix="/transfers", tags=["transfers"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


class TransferList(Shape):
    """Transfers of all processes of this server."""

    items: list[TransferShape]


class ViewingPage(PageShape[Viewing]):
    """A page of viewings."""

    kept: int = Field(description="Number of ended transfers in these viewings.")
    ended: int | None = Field(
        description="Number of transfers of these kinds that have ended since the server started, of which older ones "
        "are forgotten. Null where the caller may not see all."
    )


@router.get("", summary="List transfers", response_model=TransferList, responses=problem_responses(400, 401, 403))
async def list_transfers(
    principal: Reader,
    transfers: Needs[AllTransfers],
    media: Needs[MediaCache],
    state: Annotated[Literal["active", "ended"], Query(description="Active transfers, or the last that ended.")] = (
        "active"
    ),
    video_id: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Transfers of your own videos, the newest first; admins see all."""
    own = await _visible(principal, media, await transfers.find(state, video_id))
    return {"items": sorted(own, key=lambda one: str(one["ended_at"] or one["began_at"]), reverse=True)}


@router.get("/viewings", summary="List viewings", responses=problem_responses(400, 401, 403))
async def list_viewings(
    principal: Reader,
    transfers: Needs[AllTransfers],
    media: Needs[MediaCache],
    state: Annotated[Literal["active", "ended"] | None, Query(description="Omitted: both.")] = None,
    video_id: Annotated[str | None, Query(max_length=64)] = None,
    images: Annotated[bool, Query(description="Include posters, storyboards, thumbnails and previews.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ViewingPage:
    """Transfers grouped by viewer and video, the newest first. Of your own videos; admins see all."""
    found = await _visible(principal, media, await transfers.find(video_id=video_id))
    viewings = [one for one in viewings_of(found, images=images) if state in (None, one.state)]
    if cursor is not None:
        began, last_id = (str(value) for value in read_cursor(cursor, 2))
        viewings = [one for one in viewings if (rfc3339(one.began_at), one.id) < (began, last_id)]
    page = viewings[:limit]
    last = page[-1] if len(viewings) > limit else None
    return ViewingPage(
        items=page,
        next_cursor=encode_cursor(rfc3339(last.began_at), last.id) if last else None,
        kept=sum(one["state"] == "ended" and (images or one["kind"] not in IMAGES) for one in found),
        ended=await transfers.count_ended(images=images) if principal.is_admin and video_id is None else None,
    )


@router.delete(
    "/{transfer_id}",
    summary="End a transfer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def end_transfer(
    transfer_id: str, principal: Writer, transfers: Needs[AllTransfers], media: Needs[MediaCache]
) -> None:
    """Closes the connection at once, with the outcome `shed`. A player with a valid link may come back."""
    active = await _visible(principal, media, await transfers.find("active"))
    if not any(one["id"] == transfer_id for one in active) or not await transfers.end(transfer_id):
        raise NotFound(
            f"No transfer {transfer_id[:64]} is under way.", code="transfer_not_found", title="Transfer not found"
        )


async def _visible(principal: Principal, media: MediaCache, found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The transfers of a principal's own videos; all for an admin."""
    found = list(found)
    if principal.is_admin:
        return found
    video_ids = {one["video_id"] for one in found}
    owned = {video_id for video_id in video_ids if await media.owner(video_id) == principal.user_id}
    return [one for one in found if one["video_id"] in owned]
