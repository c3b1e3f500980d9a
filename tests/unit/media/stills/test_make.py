"""The times of stills and animations."""

import pytest

from playhead.media.stills.make import Shape, animation_times, frame_number
from playhead.media.stills.times import ANY_KEYFRAME, StillTime


@pytest.mark.parametrize(
    ("fps", "at_s", "number"),
    [
        (30.0, 0.0, 0),
        (30.0, 0.032, 0),
        (30.0, 0.033, 1),
        (30.0, 0.0334, 1),
        (30.0, 1.0, 30),
        (29.97, 1.0, 29),
        (24.0, 0.5, 12),
        (30.0, 2.0, 59),
        (30.0, 1e9, 59),
        (1.0, 1.99, 1),
    ],
)
def test_a_time_gives_the_frame_that_is_shown_then(fps: float, at_s: float, number: int) -> None:
    """From its first instant to the one before the next; after the end the last."""
    assert frame_number(Shape(duration_s=2.0, fps=fps), at_s) == number


def test_a_video_shorter_than_a_frame_has_one_frame() -> None:
    assert frame_number(Shape(duration_s=0.001, fps=25), 0.5) == 0


def test_more_of_small_frames_than_of_large_ones_may_be_decoded() -> None:
    """And at least a second of any."""
    budgets = [
        Shape(10.0, pixels=pixels).frame_budget(300_000_000) for pixels in (1280 * 720, 1920 * 1080, 7680 * 4320)
    ]

    assert budgets == [325, 144, 30]


def test_a_short_video_moves_from_its_beginning() -> None:
    assert animation_times(2.0) == [StillTime(0.0, ANY_KEYFRAME, 2.0)]
    assert animation_times(3.9) == [StillTime(0.0, ANY_KEYFRAME, 3.0)]


def test_a_longer_one_moves_in_four_places_that_do_not_overlap() -> None:
    """A part begins with a keyframe, if there is one after the part before."""
    times = animation_times(100.0)

    assert [time.at_s for time in times] == [10.0, 35.0, 60.0, 85.0]
    assert [time.since_s for time in times] == [ANY_KEYFRAME, 10.75, 35.75, 60.75]
    assert sum(time.for_s for time in times) == 3.0
