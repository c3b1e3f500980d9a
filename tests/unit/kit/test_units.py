"""Sizes and durations in words."""

import pytest

from playhead.kit.units import format_bytes, format_duration


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
