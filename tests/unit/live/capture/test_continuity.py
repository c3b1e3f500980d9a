"""What separates two segments of a source, and what does not."""

from dataclasses import replace
from typing import Any

import pytest

from playhead.live.capture.continuity import Break, Place, after_break, break_between, unwrapped
from playhead.media.first_time import WRAP_S

LAST = Place(sequence=10, discontinuity=1, time_s=100.0, duration_s=2.0, wall_s=5000.0, exact=True)
NEXT = Place(sequence=11, discontinuity=1, time_s=102.0, duration_s=2.0, wall_s=5002.0, exact=True)


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({}, None),
        ({"time_s": 103.4}, None),
        ({"discontinuity": 2}, (True, False)),
        ({"discontinuity": 2, "sequence": 14}, (True, True)),
        ({"sequence": 14, "time_s": 108.0, "wall_s": 5008.0}, (False, True)),
        ({"sequence": 14, "time_s": 4.0, "wall_s": 5008.0}, (True, True)),
        ({"time_s": 107.0, "wall_s": 5007.0}, (False, True)),
        ({"time_s": 90.0}, (True, False)),
        ({"time_s": 9000.0}, (True, False)),
        ({"ad": True}, (False, False)),
        ({"init": "other"}, (False, False)),
    ],
)
def test_a_break_says_whether_the_clock_is_new_and_whether_something_is_missing(
    changes: dict[str, Any], broken: tuple[bool, bool] | None
) -> None:
    found = break_between(LAST, replace(NEXT, **changes))

    assert (found and (found.new_clock, found.missing)) == broken
    assert found is None or isinstance(found, Break)


def test_guessed_wall_times_are_believed_less() -> None:
    """Segments that are listed late, by some seconds, are on the same clock all the same."""
    late = replace(NEXT, sequence=14, time_s=108.0, wall_s=5020.0, exact=False)

    assert break_between(LAST, late) == Break("3 segments are missing", new_clock=False, missing=True)


@pytest.mark.parametrize(
    ("late_s", "exact", "paused"),
    [(0.3, True, False), (-5.0, True, False), (1.5, True, True), (3.5, False, False), (6.0, False, True)],
)
def test_after_a_break_only_a_pause_counts(late_s: float, exact: bool, paused: bool) -> None:
    """Smaller differences are the playlist's, and would be gaps of nothing or cuts of frames."""
    place, found = after_break(replace(NEXT, wall_s=NEXT.wall_s + late_s, exact=exact), LAST)

    assert found is paused
    assert place.wall_s == (NEXT.wall_s + late_s if paused else NEXT.wall_s)


@pytest.mark.parametrize("turns", [-1, 0, 1, 3])
def test_a_clock_of_33_bits_is_counted_on(turns: int) -> None:
    near = WRAP_S * turns + 5.0

    assert unwrapped(4.0, near) == pytest.approx(near - 1.0)
    assert unwrapped(WRAP_S - 1.0, near) == pytest.approx(near - 6.0)
