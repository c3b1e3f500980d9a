"""Which transfers end with the links that they go by, and with their video."""

import pytest

from playhead.api.peers import Peers
from playhead.delivery.transfers.everywhere import ANY_VIEWER, LINK_VIEWERS, AllTransfers
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
    [(("shr_1",), {"shr_1"}), (LINK_VIEWERS, {"shr_1", "shr_2", "link"}), (ANY_VIEWER, set(VIEWERS))],
    ids=["a share", "all links", "the video"],
)
async def test_what_has_just_been_ended_is_cut(viewers: tuple[str, ...], ended: set[str]) -> None:
    """With links not what keys and users read by themselves; and nothing of another video."""
    transfers = Transfers(Metrics())
    lines: dict[tuple[str, str], Line] = {}
    for video_id in ("vid_1", "vid_2"):
        for who in VIEWERS:
            line = lines[video_id, who] = Line()
            transfers.begin(Viewer(who), video_id=video_id, kind="file", status=200, expected_bytes=9, carrier=line)

    await AllTransfers(transfers, Peers()).abort("vid_1", viewers)

    assert {place for place, line in lines.items() if line.is_cut} == {("vid_1", who) for who in ended}
    assert {one.outcome for one in transfers.recent} == {"shed"}
