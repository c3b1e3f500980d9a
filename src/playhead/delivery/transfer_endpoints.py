"""``/transfers``: who takes which media right now, and how the last bodies ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol, cast

from fastapi import APIRouter, Depends, Query, Request, status
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.payload import Moment, Shape
from playhead.access.principals import Principal
from playhead.access.problems import problem_responses
from playhead.delivery.errors import TransferNotFound
from playhead.delivery.media import MediaCatalog
from playhead.delivery.transfers import Transfer, Transfers

router = APIRouter(prefix="/transfers", tags=["transfers"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


ANYBODY = ("",)
BY_LINKS = ("link", "shr_")
"""What the viewers begin with (`Viewer.who`) of transfers that end together."""


class TransferShape(Shape):
    """One media body on its way to one client, or how it ended."""

    id: str
    video_id: str = Field(description="Or the project's, for kind `reel`.")
    kind: str
    viewer: str = Field(description="The id of a user, key or share; `link` for the bearer of a signed URL.")
    client: str | None = Field(description="Address.")
    user_agent: str | None
    status: int
    expected_bytes: int
    acked_bytes: int = Field(description="What the client has acknowledged.")
    rate_bytes_per_s: float
    state: Literal["active", "ended"]
    outcome: Literal["complete", "gone", "stalled", "failed", "shed"] | None = Field(
        description="`complete`: the client has all of it; `gone`: it left before; `stalled`: it took nothing for too "
        "long; `failed`: the server could not go on; `shed`: the server ended or refused it."
    )
    began_at: Moment
    ended_at: Moment | None


class TransferList(Shape):
    """Of all processes of this server."""

    items: list[TransferShape]


class Everywhere(Protocol):
    """This process and those beside it; at ``app.state.fellows``."""

    async def ask(self, question: str, argument: Any = None) -> list[Any]:
        """The answers of all: of `listed` to ``transfers``, of `ended` to ``end``, of `cut` to ``cut``."""
        ...


def listed(transfers: Transfers, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The transfers of one process, as JSON.

    Args:
        wanted: Their ``state``, and their ``video_id`` or None for those of all videos.
    """
    found = transfers.active if wanted["state"] == "active" else transfers.recent
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
    found = await _all(request, state, video_id)
    own = found if principal.is_admin else await _own(principal.user_id, found, request)
    return {"items": sorted(own, key=lambda one: str(one["ended_at"] or one["began_at"]), reverse=True)}


@router.delete(
    "/{transfer_id}",
    summary="End a transfer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def end_transfer(request: Request, transfer_id: str, principal: Writer) -> None:
    """Closes the connection at once; its outcome is `shed`. A player that still has a good link may ask again."""
    found = [one for one in await _all(request, "active", None) if one["id"] == transfer_id]
    own = found if principal.is_admin else await _own(principal.user_id, found, request)
    if not own or not any(await everywhere(request).ask("end", transfer_id)):
        raise TransferNotFound(f"No transfer {transfer_id[:64]} is under way.")


def everywhere(request: Request) -> Everywhere:
    """As the application made it."""
    return cast(Everywhere, request.app.state.fellows)


async def _all(request: Request, state: str, video_id: str | None) -> list[dict[str, Any]]:
    answers = await everywhere(request).ask("transfers", {"state": state, "video_id": video_id})
    return [one for answer in answers for one in answer]


async def _own(user_id: str, found: Iterable[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    catalog: MediaCatalog = request.app.state.media_catalog
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
