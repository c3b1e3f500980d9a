"""Where speech is, and the gain of the music that follows from it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from playhead.media.render.ducking import UNIT, WINDOW_S, MusicGain, speech_spans
from playhead.media.render.plan import NO_TRACKS, MusicPlan

RATE = 1000
MUSIC = MusicPlan("vid_m", NO_TRACKS, 0.0, 5 * RATE, loop=True, volume=1.0, fade_in_s=0, fade_out_s=0, ducking_db=20)


def levels(*runs: tuple[float, float]) -> list[float]:
    """Seconds and level of each run."""
    return [level for seconds, level in runs for _ in range(round(seconds / WINDOW_S))]


@pytest.mark.parametrize(
    ("runs", "spans"),
    [
        ([], []),
        ([(3, -90)], []),
        ([(1, -90), (1, -20), (1, -90)], [(1, 2)]),
        ([(1, -20), (0.5, -90), (1, -20)], [(0, 2.5)]),
        ([(1, -20), (1, -90), (1, -20)], [(0, 1), (2, 3)]),
        ([(1, -90), (0.04, -10), (1, -90)], []),
        ([(1, -20), (1, -46), (1, -20)], [(0, 1), (2, 3)]),
        ([(1, -40), (1, -46), (1, -60)], [(0, 2)]),
        ([(1, float("-inf")), (1, -20), (1, float("nan"))], [(1, 2)]),
    ],
    ids=["nothing", "quiet", "one", "short pause", "long pause", "click", "hum", "all quiet", "digital silence"],
)
def test_speech_is_what_is_about_as_loud_as_the_loudest(
    runs: Sequence[tuple[float, float]], spans: list[tuple[float, float]]
) -> None:
    found = speech_spans(levels(*runs))

    assert [at for span in found for at in span] == pytest.approx([at for span in spans for at in span])


def gains(music: MusicPlan, total_s: float, speech: Sequence[tuple[float, float]], *times_s: float) -> list[float]:
    gain = MusicGain(music, round(total_s * RATE), RATE, speech)
    return [gain(round(at * RATE)) for at in times_s]


def test_the_gain_goes_down_around_speech_and_comes_back() -> None:
    found = gains(MUSIC, 10, [(2, 3)], 0, 1.9, 2.025, 2.15, 3.2, 3.4, 3.6, 9)

    assert found == pytest.approx([1, 1, 10**-0.5, 0.1, 0.1, 10**-0.5, 1, 1])


def test_speech_at_the_very_beginning_finds_the_music_down() -> None:
    assert gains(MUSIC, 10, [(0.05, 1)], 0, 0.5, 2) == pytest.approx([0.1, 0.1, 1])


def test_fades_are_straight_and_end_with_the_reel_or_with_the_music() -> None:
    faded = replace(MUSIC, volume=2.0, fade_in_s=1, fade_out_s=2, ducking_db=0)

    assert gains(faded, 10, [(2, 3)], 0, 0.5, 2.5, 9, 10) == pytest.approx([0, 1, 2, 1, 0])
    assert gains(replace(faded, loop=False), 10, [], 4, 5, 6) == pytest.approx([1, 0, 0])
    assert gains(faded, 1, [], 0.5) == pytest.approx([2 * 0.5 * 0.25])


@pytest.mark.parametrize("count", [1, 7, 64, 1000, 10_000])
def test_blocks_of_any_size_have_the_same_gains(count: int) -> None:
    """Within the step in which it moves."""
    gain = MusicGain(replace(MUSIC, fade_in_s=1, fade_out_s=1), 10 * RATE, RATE, [(2, 3), (5, 6)])
    found = [
        value for first in range(0, 10 * RATE, count) for value in gain.block(first, min(count, 10 * RATE - first))
    ]

    assert len(found) == 10 * RATE
    assert found[::97] == pytest.approx([gain(at) * UNIT for at in range(0, 10 * RATE, 97)], abs=UNIT * 0.15)
    assert found[4000] == UNIT
