"""Sizes and durations in words."""

import pytest

from playhead.kit.units import format_bytes, format_duration, format_estimate


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (12_100_000, "12.1 MB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_a_size_has_the_unit_that_suits_it(size: int, words: str) -> None:
    """Decimal ones, rounded so that no 1000.0 appears below the largest."""
    assert format_bytes(size) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (205, "3:25"), (3845, "1:04:05")]
)
def test_a_duration_reads_like_a_player(seconds: float, words: str) -> None:
    """Whole seconds, hours only where there are any."""
    assert format_duration(seconds) == words


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        ((0.3, 0.2, 0.4), "about 1 s"),
        ((7.2, 6.5, 8.0), "about 7 s"),
        ((23.0, 20.0, 27.0), "about 25 s"),
        ((12.0, 7.2, 36.0), "7 to 35 s"),
        ((60.0, 40.0, 130.0), "40 s to 2 min"),
        ((1500.0, 1400.0, 1600.0), "about 25 min"),
        ((7200.0, 6000.0, 20000.0), "1.7 to 5.6 h"),
    ],
)
def test_an_estimate_is_no_finer_than_it_is_known(estimate: tuple[float, float, float], words: str) -> None:
    assert format_estimate(*estimate) == words
