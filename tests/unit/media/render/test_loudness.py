"""What a measured loudness leads to."""

import math

import pytest

from playhead.media.render.levels import Loudness, loudness_filters


@pytest.mark.parametrize(
    ("lufs", "target", "gain"),
    [(-20, -16, 4), (-10, -16, -6), (-60, -16, 20), (-70, -16, 0), (-math.inf, -16, 0)],
)
def test_the_gain_is_the_difference_but_silence_stays_silence(lufs: float, target: float, gain: float) -> None:
    assert Loudness(lufs, -30).gain_db(target) == gain


@pytest.mark.parametrize(
    ("peak_db", "limited"),
    [(-5.1, False), (-4.9, True), (0.0, True)],
)
def test_a_limiter_is_there_only_where_peaks_would_pass_1_db_below_full_scale(peak_db: float, limited: bool) -> None:
    filters = loudness_filters(Loudness(-20, peak_db), -16, 48_000)

    assert "volume=4.00dB" in filters
    assert ("alimiter" in filters) is limited


def test_nothing_is_done_to_what_is_right() -> None:
    assert loudness_filters(Loudness(-16.01, 0.0), -16, 48_000) == ""


def test_a_meter_s_lines_are_read() -> None:
    """As ffmpeg's ``ametadata`` prints them; others are passed over."""
    heard = Loudness()
    lines = ["frame:9    pts:39690   pts_time:0.9", "lavfi.r128.I=-32.220", "lavfi.r128.true_peak=0.5", "noise", "a=b"]

    times = [heard.read(line) for line in lines]

    assert times == [0.9, None, None, None, None]
    assert heard.integrated_lufs == -32.22
    assert heard.peak_db == pytest.approx(-6.02, abs=0.01)
