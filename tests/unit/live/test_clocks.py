"""Clocks of sources: parts that can be compared by timestamp share one."""

from datetime import UTC, datetime
from pathlib import Path

from playhead.kit.ids import new_id
from playhead.live.capture.clocks import clock_of
from playhead.live.parts import PartManifest

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def begin(folder: Path, after_s: float, timestamp_s: float) -> str:
    """Begin a part so long after noon, with this first timestamp; its clock."""
    manifest = PartManifest(capture_id=new_id("cap"))
    clock = clock_of(folder, manifest, NOON.timestamp() + after_s - timestamp_s)
    manifest.but(clock=clock).write(folder)
    return clock


def test_a_source_that_goes_on_keeps_its_clock_over_connections(tmp_path: Path) -> None:
    assert begin(tmp_path, 0, 100.0) == begin(tmp_path, 30.6, 130.0)


def test_a_source_that_was_restarted_has_another(tmp_path: Path) -> None:
    first, second = begin(tmp_path, 0, 100.0), begin(tmp_path, 30, 0.0)

    assert first != second
    assert begin(tmp_path, 60, 30.2) == second
