"""The transfer as the API shows it."""

from typing import Literal, Self

from pydantic import Field

from playhead.api.shapes import Shape, Timestamp
from playhead.delivery.transfers.registry import Transfer

Outcome = Literal["complete", "gone", "stalled", "failed", "shed"]


class TransferShape(Shape):
    """A media body on its way to a client, or its outcome."""

    id: str
    video_id: str = Field(description="Id of the project for kind `reel`.")
    kind: str
    viewer: str = Field(description="Id of a user, key or share; `link` for the bearer of a signed URL.")
    client: str | None = Field(description="Address.")
    user_agent: str | None
    status: int
    expected_bytes: int
    acked_bytes: int = Field(description="Bytes that the client has acknowledged.")
    rate_bytes_per_s: float
    state: Literal["active", "ended"]
    outcome: Outcome | None = Field(
        description="`complete`: the client has all of it; `gone`: the client left before; `stalled`: the client took "
        "nothing for too long; `failed`: the server could not go on; `shed`: the server ended or refused it."
    )
    began_at: Timestamp
    ended_at: Timestamp | None

    @classmethod
    def of(cls, transfer: Transfer) -> Self:
        """A transfer of this process."""
        viewer = transfer.viewer
        return cls(
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
