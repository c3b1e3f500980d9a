"""How often a worker does what."""

import pytest

from playhead.jobs.timing import Timing


@pytest.mark.parametrize(("dead_after_s", "beat_s"), [(2.0, 0.4), (4.0, 0.8), (10.0, 2.0), (60.0, 2.0)])
def test_a_heartbeat_fits_five_times_into_the_silence(dead_after_s: float, beat_s: float) -> None:
    """Else a worker takes the gap between two beats of its own for a silence and never calls anyone dead."""
    timing = Timing.for_dead_after(dead_after_s)

    assert timing.dead_after_s == dead_after_s
    assert timing.beat_s == pytest.approx(beat_s)


def test_heartbeats_too_rare_to_show_anything_are_refused() -> None:
    """A mistake of the program, told at its start."""
    with pytest.raises(ValueError, match="each 2 s cannot show who is dead after 4 s"):
        Timing(beat_s=2.0, dead_after_s=4.0)
