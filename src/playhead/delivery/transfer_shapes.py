"""What the API says of a transfer."""

from typing import Literal

from pydantic import Field

from playhead.api.shapes import Shape, Timestamp

Outcome = Literal["complete", "gone", "stalled", "failed", "shed"]


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
    outcome: Outcome | None = Field(
        description="`complete`: the client has all of it; `gone`: it left before; `stalled`: it took nothing for too "
        "long; `failed`: the server could not go on; `shed`: the server ended or refused it."
    )
    began_at: Timestamp
    ended_at: Timestamp | None
