"""Viewings: the transfers of one viewer of one video, which a player asks for piece by piece, told as one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from pydantic import Field

from playhead.api.shapes import Shape, Timestamp
from playhead.delivery.transfer_shapes import Outcome, TransferShape
from playhead.delivery.transfers import IMAGES

PAUSE_S = 1800.0
"""Who comes back after this long begins another viewing."""

PIECES = 50
"""Transfers that are told of each."""

_GRAVEST: tuple[Outcome, ...] = ("failed", "stalled", "shed")


class Viewing(Shape):
    """What one viewer has taken of one video."""

    id: str = Field(description="The id of its first transfer that is still remembered.")
    video_id: str = Field(description="Or the project's, for a preview.")
    viewer: str = Field(description="As of a transfer.")
    client: str | None = Field(description="Address.")
    user_agent: str | None
    state: Literal["active", "ended"]
    outcome: Outcome | None = Field(
        description="The gravest of `failed`, `stalled` and `shed` that befell a piece, else how the last one ended; "
        "null while it goes on."
    )
    kinds: list[str]
    acked_bytes: int = Field(description="Of all its pieces.")
    rate_bytes_per_s: float = Field(description="Of the pieces under way.")
    began_at: Timestamp
    last_at: Timestamp | None = Field(description="When its last piece ended; null while it goes on.")
    pieces: int
    transfers: list[TransferShape] = Field(description=f"Its pieces, the newest first; at most {PIECES}.")


def viewings_of(transfers: Iterable[Mapping[str, Any]], *, images: bool = False) -> list[Viewing]:
    """Group transfers by viewer and video, the viewing that began last first.

    Args:
        transfers: JSON of `TransferShape`, in any order.
        images: Posters, storyboards and the like count as well.
    """
    wanted = [one for one in transfers if images or one["kind"] not in IMAGES]
    by_viewer = sorted(wanted, key=lambda one: (_viewer(one), str(one["began_at"])))
    found = [_viewing(run) for _, group in groupby(by_viewer, key=_viewer) for run in _runs(list(group))]
    return sorted(found, key=lambda one: (one.began_at, one.id), reverse=True)


def _viewer(one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(one[name]) for name in ("video_id", "viewer", "client", "user_agent"))


def _runs(pieces: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Cut where nothing was taken for long."""
    runs: list[list[Mapping[str, Any]]] = []
    until: datetime | None = None
    for piece in pieces:
        began = datetime.fromisoformat(piece["began_at"])
        if not runs or (until is not None and (began - until).total_seconds() > PAUSE_S):
            runs.append([])
            until = began
        runs[-1].append(piece)
        ended = piece["ended_at"]
        until = None if until is None or ended is None else max(until, datetime.fromisoformat(ended))
    return runs


def _viewing(pieces: Sequence[Mapping[str, Any]]) -> Viewing:
    first = pieces[0]
    active = [one for one in pieces if one["state"] == "active"]
    return Viewing(
        **{name: first[name] for name in ("id", "video_id", "viewer", "client", "user_agent", "began_at")},
        state="active" if active else "ended",
        outcome=None if active else _outcome(pieces),
        kinds=sorted({one["kind"] for one in pieces}),
        acked_bytes=sum(one["acked_bytes"] for one in pieces),
        rate_bytes_per_s=round(sum(one["rate_bytes_per_s"] for one in active), 1),
        last_at=None if active else max(one["ended_at"] for one in pieces),
        pieces=len(pieces),
        transfers=[TransferShape.model_validate(one) for one in reversed(pieces[-PIECES:])],
    )


def _outcome(pieces: Sequence[Mapping[str, Any]]) -> Outcome:
    ended = {one["outcome"] for one in pieces}
    last: Outcome = max(pieces, key=lambda one: str(one["ended_at"]))["outcome"]
    return next((grave for grave in _GRAVEST if grave in ended), last)
