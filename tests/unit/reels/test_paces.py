"""Estimates by what the latest stitches took."""

import pytest

from playhead.media.render.costs import Work
from playhead.reels.paces import Paces, measured

WORK = Work("h264", render_s=10.0, rest_s=2.0)


def test_an_unknown_host_gives_a_wide_range() -> None:
    """The model's seconds, less or a multiple of them."""
    estimate = Paces({}).estimate(WORK)

    assert (estimate.low_s, estimate.likely_s, estimate.high_s) == pytest.approx((7.2, 12.0, 36.0))


def test_the_median_of_the_latest_is_likely() -> None:
    """One stitch beside a busy hour moves the high end, not the middle."""
    estimate = Paces({"h264": [2.0, 2.1, 2.2, 9.0], "rest": [1.0]}).estimate(WORK)

    assert estimate.likely_s == pytest.approx(21.5 + 2.0)
    assert estimate.low_s >= 22.0
    assert estimate.likely_s < estimate.high_s <= 92.0


def test_another_codec_tells_more_than_nothing() -> None:
    estimate = Paces({"hevc": [4.0]}).estimate(WORK)

    assert estimate.likely_s == pytest.approx(42.0)


def test_too_little_work_is_no_measure() -> None:
    """What a reel of copies took to render is the time to start tools."""
    assert measured(Work("h264", 0.1, 2.0), render_s=3.0, rest_s=4.0) == {"rest": [2.0, 4.0]}
