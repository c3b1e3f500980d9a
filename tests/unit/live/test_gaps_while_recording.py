"""Gaps between parts, as far as they are known while a recording runs."""

from pathlib import Path
from typing import Any

from playhead.kit.ids import new_id
from playhead.live.lanes import Recorded, gaps_between
from playhead.live.parts import Part, PartManifest


def part(start_s: float, end_s: float, **facts: Any) -> Recorded:
    manifest = PartManifest(**{"capture_id": new_id("cap"), "clock": "one", "cause": "capture"} | facts)
    return Recorded(Part(manifest, Path(f"{manifest.capture_id}.mp4")), start_s, end_s, 1000)


def test_a_hole_on_one_clock_is_measured_by_timestamps() -> None:
    found = gaps_between([part(100.0, 110.0), part(112.5, 120.0), part(120.0, 125.0)])

    assert found == [{"start_s": 10.0, "length_s": 2.5, "cause": "capture"}]


def test_an_overlap_is_no_gap() -> None:
    assert gaps_between([part(0.0, 10.0), part(8.0, 20.0)]) == []


def test_on_another_clock_wall_time_counts() -> None:
    before = part(500.0, 510.0, began_at="2026-11-30T12:00:00+00:00")
    after = part(0.0, 5.0, clock="other", began_at="2026-11-30T12:00:15+00:00", cause="source")

    assert gaps_between([before, after]) == [{"start_s": 10.0, "length_s": 5.0, "cause": "source"}]


def test_advertisements_are_gaps_as_long_as_they_are_shown() -> None:
    """Two parts of one break are one gap; the last part counts, too."""
    found = gaps_between([part(0.0, 10.0), part(10.0, 14.0, ad=True), part(14.0, 15.0, ad=True), part(15.0, 20.0)])

    assert found == [{"start_s": 10.0, "length_s": 5.0, "cause": "ad", "shown": True}]
    assert gaps_between([part(0.0, 2.0, ad=True)]) == [{"start_s": 0.0, "length_s": 2.0, "cause": "ad", "shown": True}]
