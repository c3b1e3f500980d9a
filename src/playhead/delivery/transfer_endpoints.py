"""``/transfers``: who takes which media right now, and how the last bodies ended."""

from collections.abc import Iterable
from typing import Annotated, Literal, cast

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
    """Of this server process."""

    items: list[TransferShape]


@router.get("", summary="List transfers", response_model=TransferList, responses=problem_responses(400, 401, 403))
async def list_transfers(
    request: Request,
    principal: Reader,
    state: Annotated[Literal["active", "ended"], Query(description="Those that go on, or the last that ended.")] = (
        "active"
    ),
    video_id: Annotated[str | None, Query(max_length=64)] = None,
) -> TransferList:
    """Of your own videos; an admin sees all. The newest come first."""
    transfers = _transfers(request)
    found = reversed(transfers.active) if state == "active" else iter(transfers.recent)
    wanted = [one for one in found if video_id is None or one.video_id == video_id]
    if not principal.is_admin:
        own = await _owned_by(principal.user_id, wanted, request)
        wanted = [one for one in wanted if one.video_id in own]
    return TransferList(items=[_shape(one) for one in wanted])


@router.delete(
    "/{transfer_id}",
    summary="End a transfer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def end_transfer(request: Request, transfer_id: str, principal: Writer) -> None:
    """Closes the connection at once; its outcome is `shed`. A player that still has a good link may ask again."""
    transfer = _transfers(request).get(transfer_id)
    if transfer is None or not (
        principal.is_admin or transfer.video_id in await _owned_by(principal.user_id, [transfer], request)
    ):
        raise TransferNotFound(f"No transfer {transfer_id[:64]} is under way.")
    transfer.shed()


def _transfers(request: Request) -> Transfers:
    return cast(Transfers, request.app.state.transfers)


async def _owned_by(user_id: str, transfers: Iterable[Transfer], request: Request) -> set[str]:
    catalog: MediaCatalog = request.app.state.media_catalog
    videos = {one.video_id for one in transfers}
    return {video_id for video_id in videos if await catalog.owner(video_id) == user_id}


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
