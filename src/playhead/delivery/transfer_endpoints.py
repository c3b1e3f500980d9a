"""``/transfers``: who takes which media right now, and how the last bodies ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Depends, Query, Request, status
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.cursors import Cursor, Limit, encode_cursor, read_cursor
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.api.shapes import PageShape, Shape
from playhead.delivery.errors import TransferNotFound
from playhead.delivery.media import MediaCatalog
from playhead.delivery.transfer_shapes import TransferShape
from playhead.delivery.transfers import IMAGES, Transfer, Transfers
from playhead.delivery.viewings import Viewing, viewings_of
from playhead.kit.clock import rfc3339

router = APIRouter(prefix="/transfers", tags=["transfers"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


ANYBODY = ("",)
BY_LINKS = ("link", "shr_")
"""What the viewers begin with (`Viewer.who`) of transfers that end together."""


class TransferList(Shape):
    """Of all processes of this server."""

    items: list[TransferShape]


class ViewingPage(PageShape[Viewing]):
    """A page of viewings."""

    kept: int = Field(description="Ended transfers that these viewings were put together from.")
    ended: int | None = Field(
        description="Transfers of these kinds that have ended since the server started: older ones are forgotten. "
        "Null where they are not all the caller's to see."
    )


class Everywhere(Protocol):
    """This process and those beside it; a service of the app."""

    async def ask(self, question: str, argument: Any = None) -> list[Any]:
        """The answers of all: of `listed` to ``transfers``, of `ended` to ``end``, of `cut` to ``cut``, of
        `Transfers.ended_by_kind` to ``ended``."""
        ...


def listed(transfers: Transfers, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The transfers of one process, as JSON.

    Args:
        wanted: Their ``state`` or None for either, and their ``video_id`` or None for those of all videos.
    """
    state = wanted["state"]
    found = (transfers.active if state != "ended" else []) + (transfers.recent if state != "active" else [])
    video_id = wanted["video_id"]
    return [_shape(one).model_dump(mode="json") for one in found if video_id is None or one.video_id == video_id]


def ended(transfers: Transfers, transfer_id: str) -> bool:
    """End a transfer of this process; whether it has it."""
    transfer = transfers.get(transfer_id)
    if transfer is not None:
        transfer.shed()
    return transfer is not None


def cut(transfers: Transfers, wanted: Mapping[str, Any]) -> int:
    """End transfers of a video in one process; how many there were.

    Args:
        wanted: The ``video_id``, and what the ``viewers`` begin with: see `cut_everywhere`.
    """
    viewers = tuple(wanted["viewers"])
    found = [
        one for one in transfers.active if one.video_id == wanted["video_id"] and one.viewer.who.startswith(viewers)
    ]
    for transfer in found:
        transfer.shed()
    return len(found)


async def cut_everywhere(everywhere: Everywhere, video_id: str, viewers: Sequence[str] = ANYBODY) -> None:
    """End what is under way of a video that was deleted, or by links that were ended, in all processes of this server.

    Args:
        viewers: `ANYBODY`, `BY_LINKS`, or the id of a share alone.
    """
    await everywhere.ask("cut", {"video_id": video_id, "viewers": list(viewers)})


@router.get("", summary="List transfers", response_model=TransferList, responses=problem_responses(400, 401, 403))
async def list_transfers(
    request: Request,
    principal: Reader,
    state: Annotated[Literal["active", "ended"], Query(description="Those that go on, or the last that ended.")] = (
        "active"
    ),
    video_id: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Of your own videos; an admin sees all. The newest come first."""
    own = await _visible(request, principal, state, video_id)
    return {"items": sorted(own, key=lambda one: str(one["ended_at"] or one["began_at"]), reverse=True)}


@router.get("/viewings", summary="List viewings", responses=problem_responses(400, 401, 403))
async def list_viewings(
    request: Request,
    principal: Reader,
    state: Annotated[Literal["active", "ended"] | None, Query(description="Left out: both.")] = None,
    video_id: Annotated[str | None, Query(max_length=64)] = None,
    images: Annotated[bool, Query(description="Count posters, storyboards, thumbnails and previews too.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ViewingPage:
    """Transfers grouped by viewer and video, the newest first. Of your own videos; an admin sees all."""
    found = await _visible(request, principal, None, video_id)
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
        ended=await _ended_of_all(request, images=images) if principal.is_admin and video_id is None else None,
    )


@router.delete(
    "/{transfer_id}",
    summary="End a transfer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def end_transfer(request: Request, transfer_id: str, principal: Writer) -> None:
    """Closes the connection at once; its outcome is `shed`. A player that still has a good link may ask again."""
    own = [one for one in await _visible(request, principal, "active", None) if one["id"] == transfer_id]
    if not own or not any(await everywhere(request).ask("end", transfer_id)):
        raise TransferNotFound(f"No transfer {transfer_id[:64]} is under way.")


def everywhere(request: Request) -> Everywhere:
    """As the application made it."""
    return service(request, Everywhere)


async def _visible(
    request: Request, principal: Principal, state: str | None, video_id: str | None
) -> list[dict[str, Any]]:
    found = await transfers_everywhere(everywhere(request), state, video_id)
    return found if principal.is_admin else await _own(principal.user_id, found, request)


async def transfers_everywhere(
    fellows: Everywhere, state: str | None = None, video_id: str | None = None
) -> list[dict[str, Any]]:
    """JSON of the transfers of all processes of this server."""
    answers = await fellows.ask("transfers", {"state": state, "video_id": video_id})
    return [one for answer in answers for one in answer]


async def _ended_of_all(request: Request, *, images: bool) -> int:
    counts = await everywhere(request).ask("ended")
    return sum(number for one in counts for kind, number in one.items() if images or kind not in IMAGES)


async def _own(user_id: str, found: Iterable[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    catalog = service(request, MediaCatalog)
    found = list(found)
    owned = {video_id for video_id in {one["video_id"] for one in found} if await catalog.owner(video_id) == user_id}
    return [one for one in found if one["video_id"] in owned]


def _shape(transfer: Transfer) -> TransferShape:
    viewer = transfer.viewer
    return TransferShape(
        id=transfer.id,
        video_id=transfer.video_id,
        kind=transfer.kind,
        viewer=viewer.who,
        client=viewer.client,
        user_agent=viewer.user_agent,
        status=transfer.status,
        expected_bytes=transfer.expected_bytes,
        acked_bytes=transfer.acked_bytes,
        rate_bytes_per_s=round(transfer.rate_bytes_per_s, 1),
        state="active" if transfer.outcome is None else "ended",
        outcome=transfer.outcome,
        began_at=transfer.began_at,
        ended_at=transfer.ended_at,
    )
