"""Which transfers end with the links that they go by."""

import pytest

from playhead.delivery.transfer_endpoints import cut
from playhead.delivery.transfers import Transfers, Viewer
from playhead.observe.metrics import Metrics


class Line:
    """A connection that tells whether it was cut."""

    def __init__(self) -> None:
        self.is_cut = False

    def delivered(self, handed_bytes: int) -> int:
        return handed_bytes

    def cut(self) -> None:
        self.is_cut = True


@pytest.mark.parametrize(
    ("share_id", "ended"),
    [("shr_1", {("vid_1", "shr_1")}), (None, {("vid_1", "shr_1"), ("vid_1", "shr_2"), ("vid_1", "link")})],
)
def test_what_goes_by_an_ended_link_is_cut(share_id: str | None, ended: set[tuple[str, str]]) -> None:
    """Not what keys and users read by themselves, and nothing of another video."""
    transfers = Transfers(Metrics())
    lines: dict[tuple[str, str], Line] = {}
    for video_id in ("vid_1", "vid_2"):
        for who in ("shr_1", "shr_2", "link", "key_1", "usr_1"):
            line = lines[video_id, who] = Line()
            transfers.begin(Viewer(who), video_id=video_id, kind="file", status=200, expected_bytes=9, carrier=line)

    number = cut(transfers, {"video_id": "vid_1", "share_id": share_id})

    assert {place for place, line in lines.items() if line.is_cut} == ended
    assert number == len(ended)
    assert {(one.video_id, one.viewer.who) for one in transfers.recent} == ended
    assert {one.outcome for one in transfers.recent} == {"shed"}
