"""Choice of a quality: what was wanted, or the next smaller; never nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.live.qualities import choose, sort_key

OFFERED = ["audio_only", "160p", "360p", "480p", "720p", "720p60", "1080p60"]


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("best", "1080p60"),
        ("worst", "160p"),
        ("720p60", "720p60"),
        ("720p", "720p"),
        ("900p", "720p60"),
        ("144p", "160p"),
        ("audio_only", "audio_only"),
        ("unheard-of", "1080p60"),
    ],
)
def test_the_next_smaller_is_recorded(wanted: str, chosen: str) -> None:
    assert choose(OFFERED, wanted) == chosen


@given(st.lists(st.text(max_size=8), min_size=1), st.text(max_size=8))
def test_something_is_always_chosen(offered: list[str], wanted: str) -> None:
    assert choose(sorted(offered, key=sort_key), wanted) in offered
