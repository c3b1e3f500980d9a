"""Which transfers end with the links that they go by, and with their video."""

import pytest

from playhead.delivery.transfers.endpoints import ANYBODY, BY_LINKS, abort_local
from playhead.delivery.transfers.registry import Transfers, Viewer
from playhead.observe.metrics import Metrics

VIEWERS = ("shr_1", "shr_2", "link", "key_1", "usr_1")


class Line:
    """A connection that tells whether it was cut."""

    def __init__(self) -> None:
        self.is_cut = False

    def delivered(self, handed_bytes: int) -> int:
        return handed_bytes

    def abort(self) -> None:
        self.is_cut = True


@pytest.mark.parametrize(
    ("viewers", "ended"),
    [(("shr_1",), {"shr_1"}), (BY_LINKS, {"shr_1", "shr_2", "link"}), (ANYBODY, set(VIEWERS))],
    ids=["a share", "all links", "the video"],
)
def test_what_has_just_been_ended_is_cut(viewers: tuple[str, ...], ended: set[str]) -> None:
    """With links not what keys and users read by themselves; and nothing of another video."""
    transfers = Transfers(Metrics())
    lines: dict[tuple[str, str], Line] = {}
    for video_id in ("vid_1", "vid_2"):
        for who in VIEWERS:
            line = lines[video_id, who] = Line()
            transfers.begin(Viewer(who), video_id=video_id, kind="file", status=200, expected_bytes=9, carrier=line)

    number = abort_local(transfers, {"video_id": "vid_1", "viewers": list(viewers)})

    assert {place for place, line in lines.items() if line.is_cut} == {("vid_1", who) for who in ended}
    assert number == len(ended)
    assert {one.outcome for one in transfers.recent} == {"shed"}
