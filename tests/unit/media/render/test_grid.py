"""Times of frames, of millions as of few."""

import random
from array import array

import pytest

from playhead.media.render import grid
from playhead.media.render.grid import in_order


@pytest.mark.parametrize("reach", [0, 1, 3, 10, 1000])
def test_times_are_sorted_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch, reach: int) -> None:
    """However far frames are shown from where they are stored, parts or not."""
    monkeypatch.setattr(grid, "_PART", 8)
    chance = random.Random(reach)
    times = array("q", (index * 2 + chance.randint(0, 2 * reach) for index in range(200)))

    assert list(in_order(times)) == sorted(times)
