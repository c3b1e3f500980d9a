"""Whatever happens in whatever order: each transfer ends once, and nothing that is counted goes below zero."""

from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from playhead.delivery.errors import TooManyTransfers
from playhead.delivery.transfers.registry import REMEMBERED, StallLimits, Transfer, Transfers, Viewer
from playhead.observe.metrics import Metrics, Outcome
from tests.fixtures.examples import examples

OUTCOMES: tuple[Outcome, ...] = ("complete", "gone", "stalled", "failed", "shed")
CLIENTS = st.sampled_from([None, "10.0.0.1", "10.0.0.2"])


@dataclass
class Line:
    """A connection whose client acknowledges so much."""

    unacked: int = 0
    cuts: int = 0

    def delivered(self, handed_bytes: int) -> int:
        return handed_bytes - self.unacked

    def abort(self) -> None:
        self.cuts += 1


class Registry(RuleBasedStateMachine):
    """Begins, feeds and ends transfers as clients and connections might."""

    def __init__(self) -> None:
        super().__init__()
        self.metrics = Metrics()
        self.transfers = Transfers(self.metrics, per_client=3)
        self.open: list[Transfer] = []
        self.all = 0
        self.shed_at_once = 0

    @rule(client=CLIENTS, size=st.integers(0, 10**12), line=st.one_of(st.none(), st.integers(0, 10**13).map(Line)))
    def begin(self, client: str | None, size: int, line: Line | None) -> None:
        taken = sum(1 for one in self.open if one.viewer.client == client)
        viewer = Viewer("link", client)
        self.all += 1
        try:
            transfer = self.transfers.begin(
                viewer, video_id="vid_x", kind="file", status=200, expected_bytes=size, carrier=line
            )
        except TooManyTransfers:
            assert client is not None
            assert taken >= 3
            self.shed_at_once += 1
        else:
            assert client is None or taken < 3
            self.open.append(transfer)

    @rule(data=st.data(), size=st.integers(0, 10**13))
    def hand(self, data: st.DataObject, size: int) -> None:
        if self.open:
            data.draw(st.sampled_from(self.open)).handed_bytes += size

    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES), again=st.sampled_from(OUTCOMES), acked=st.integers(-5, 9))
    def end(self, data: st.DataObject, outcome: Outcome, again: Outcome, acked: int) -> None:
        if self.open:
            transfer = data.draw(st.sampled_from(self.open))
            self.open.remove(transfer)
            transfer.end(outcome, acked_bytes=None if acked < 0 else acked)
            counted = transfer.acked_bytes
            transfer.end(again, acked_bytes=10**14)
            assert (transfer.outcome, transfer.acked_bytes) == (outcome, counted)
            assert 0 <= counted <= transfer.expected_bytes

    @rule()
    def abort_all(self) -> None:
        self.transfers.abort_all()
        assert all(one.outcome == "shed" for one in self.open)
        self.open.clear()

    @invariant()
    def the_figures_agree(self) -> None:
        sample = self.metrics.registry.get_sample_value
        assert sample("playhead_transfers_active") == len(self.open) == len(self.transfers.active)
        ended = sum(
            sample("playhead_transfers_total", {"kind": "file", "outcome": outcome}) or 0 for outcome in OUTCOMES
        )
        assert ended == self.all - len(self.open)
        assert len(self.transfers.recent) == min(ended, REMEMBERED)
        assert all(one.rate_bytes_per_s >= 0 and one.acked_bytes >= 0 for one in self.transfers.recent)


Registry.TestCase.settings = examples(60, stateful_step_count=40)
TestRegistry = Registry.TestCase


def test_pictures_have_a_limit_of_their_own() -> None:
    limits = StallLimits(video_s=30, image_s=15)

    assert [limits.of(kind) for kind in ("file", "hls", "poster", "thumbnail", "storyboard", "preview")] == [
        30,
        30,
        15,
        15,
        15,
        15,
    ]


def test_ending_one_from_our_side_cuts_its_connection_once() -> None:
    line = Line(unacked=4)
    transfers = Transfers(Metrics())
    transfer = transfers.begin(
        Viewer("link"), video_id="vid_x", kind="file", status=200, expected_bytes=100, carrier=line
    )
    transfer.handed_bytes = 10

    transfer.abort()
    transfer.abort()

    assert (transfer.outcome, transfer.acked_bytes, line.cuts) == ("shed", 6, 1)
    assert transfers.get(transfer.id) is None


@pytest.mark.parametrize("limit", [0, 2])
def test_no_limit_is_none(limit: int) -> None:
    transfers = Transfers(Metrics(), per_client=limit)

    def begin() -> Transfer:
        return transfers.begin(Viewer("link", "10.0.0.1"), video_id="v", kind="file", status=200, expected_bytes=1)

    for _ in range(2):
        begin()
    if limit:
        with pytest.raises(TooManyTransfers):
            begin()
    else:
        begin()
