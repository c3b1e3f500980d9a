"""Viewings: the transfers of one viewer of one video grouped into one, since players request many pieces."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from pydantic import Field

from playhead.api.shapes import Shape, Timestamp
from playhead.delivery.links.target import IMAGES
from playhead.delivery.transfers.shapes import Outcome, TransferShape

PAUSE_S = 1800.0
"""Pause after which the same viewer begins another viewing."""

PIECES = 50
"""Limit of transfers that are listed per viewing."""

_WORST_FIRST: tuple[Outcome, ...] = ("failed", "stalled", "shed")


class Viewing(Shape):
    """The transfers of one viewer of one video."""

    id: str = Field(description="Id of its first transfer that is still kept.")
    video_id: str = Field(description="Id of the project for a preview, of the recording while it grows.")
    viewer: str = Field(description="As in a transfer.")
    client: str | None = Field(description="Address.")
    user_agent: str | None
    state: Literal["active", "ended"]
    outcome: Outcome | None = Field(
        description="The worst of `failed`, `stalled` and `shed` among its transfers, else the outcome of the last "
        "one; null while active."
    )
    kinds: list[str]
    acked_bytes: int = Field(description="Sum over its transfers.")
    rate_bytes_per_s: float = Field(description="Sum over its active transfers.")
    began_at: Timestamp
    last_at: Timestamp | None = Field(description="End of its last transfer; null while active.")
    pieces: int
    transfers: list[TransferShape] = Field(description=f"Its transfers, the newest first; at most {PIECES}.")


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
    """Split where there was a long pause."""
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
    return next((grave for grave in _WORST_FIRST if grave in ended), last)
