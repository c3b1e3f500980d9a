"""Transfers told as viewings: one for each viewer of a video, however many pieces a player asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playhead.delivery.transfers.viewings import PAUSE_S, PIECES, viewings_of
from playhead.kit.clock import rfc3339

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def piece(at_s: float, *, outcome: str | None = "complete", **facts: Any) -> dict[str, Any]:
    """A transfer that began so many seconds after noon and took one."""
    began = NOON + timedelta(seconds=at_s)
    return {
        "id": f"trf_{at_s:09.1f}",
        "video_id": "vid_a",
        "kind": "file",
        "viewer": "link",
        "client": "10.0.0.1",
        "user_agent": "Firefox/140",
        "status": 206,
        "expected_bytes": 100,
        "acked_bytes": 60,
        "rate_bytes_per_s": 5.0,
        "state": "active" if outcome is None else "ended",
        "outcome": outcome,
        "began_at": rfc3339(began),
        "ended_at": None if outcome is None else rfc3339(began + timedelta(seconds=1)),
    } | facts


def test_the_pieces_of_one_viewer_of_one_video_are_one_viewing() -> None:
    """In any order of the pieces; another viewer, program or video is another one."""
    others = [{"viewer": "usr_a"}, {"client": "10.0.0.2"}, {"user_agent": "curl/8"}, {"video_id": "vid_b"}]
    found = viewings_of([piece(9), piece(0), piece(4, outcome="gone"), *(piece(100, **other) for other in others)])

    assert [one.pieces for one in found] == [1, 1, 1, 1, 3]
    viewing = found[-1]
    assert (viewing.id, viewing.acked_bytes, viewing.state, viewing.outcome) == (
        "trf_0000000.0",
        180,
        "ended",
        "complete",
    )
    assert (viewing.began_at, viewing.last_at) == (NOON, NOON + timedelta(seconds=10))
    assert [one.id for one in viewing.transfers] == ["trf_0000009.0", "trf_0000004.0", "trf_0000000.0"]


def test_a_viewing_goes_on_while_a_piece_does() -> None:
    """Its rate is that of the pieces under way alone."""
    [viewing] = viewings_of([piece(0), piece(5, outcome=None)])

    assert (viewing.state, viewing.outcome, viewing.last_at, viewing.rate_bytes_per_s) == ("active", None, None, 5.0)


def test_who_comes_back_later_begins_another_viewing() -> None:
    """But a long piece holds a viewing together, as does one that has not ended."""
    again = PAUSE_S + 2
    assert len(viewings_of([piece(0), piece(again)])) == 2
    assert len(viewings_of([piece(0), piece(again - 2)])) == 1
    assert len(viewings_of([piece(0, outcome=None), piece(again)])) == 1
    assert len(viewings_of([piece(0, ended_at=rfc3339(NOON + timedelta(seconds=again))), piece(again)])) == 1


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (["complete", "gone"], "gone"),
        (["gone", "complete"], "complete"),
        (["stalled", "complete"], "stalled"),
        (["shed", "stalled", "failed", "complete"], "failed"),
    ],
)
def test_a_fault_of_one_piece_is_that_of_the_viewing(outcomes: list[str], told: str) -> None:
    """Else it ended as its last piece: a player breaks off pieces all the time."""
    [viewing] = viewings_of([piece(at, outcome=outcome) for at, outcome in enumerate(outcomes)])

    assert viewing.outcome == told


def test_pictures_are_left_out_unless_they_are_asked_for() -> None:
    pieces = [piece(0, kind=kind) for kind in ("poster", "storyboard", "thumbnail", "preview", "hls")]

    assert [one.kinds for one in viewings_of(pieces)] == [["hls"]]
    assert viewings_of(pieces, images=True)[0].pieces == 5


def test_of_many_pieces_the_newest_are_told() -> None:
    [viewing] = viewings_of([piece(at) for at in range(PIECES + 7)])

    assert (viewing.pieces, len(viewing.transfers), viewing.transfers[0].id) == (PIECES + 7, PIECES, "trf_0000056.0")
