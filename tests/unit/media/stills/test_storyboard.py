"""Tiles stand for equal parts of a video's time; a player finds each by its cue."""

import pytest

from playhead.media.stills.storyboard import TILES, Storyboard, interval_of, tile_times


@pytest.mark.parametrize(
    ("duration_s", "interval_s", "tiles"),
    [
        (0.04, 0.5, 1),
        (2.0, 0.5, 4),
        (50.0, 0.5, 100),
        (50.01, 1, 51),
        (61.5, 1, 62),
        (3600.0, 36, 100),
        (5400.0, 60, 90),
        (86_400.0, 900, 96),
        (180_000.0, 1800, 100),
    ],
)
def test_the_interval_grows_with_the_video(duration_s: float, interval_s: float, tiles: int) -> None:
    """Round figures as long as there are, and never more than a hundred tiles."""
    assert interval_of(duration_s) == interval_s
    assert len(tile_times(duration_s)) == tiles <= TILES


def test_a_tile_shows_the_middle_of_its_time_or_a_keyframe_within_it() -> None:
    """The last one's time ends with the video."""
    times = tile_times(1.7)

    assert [(time.at_s, time.since_s) for time in times] == [
        (0.25, 0.0),
        (0.75, 0.5),
        (1.25, 1.0),
        (pytest.approx(1.6), 1.5),
    ]


def test_cues_name_parts_of_the_sheet() -> None:
    """From left to right, then down; times as WebVTT writes them, to the end of the video and no further."""
    board = Storyboard(duration_s=3725.5, interval_s=1800, count=3, columns=2, tile_width=160, tile_height=90)

    assert board.web_vtt("storyboard.jpg?e=1").split("\n") == [
        "WEBVTT",
        "",
        "00:00:00.000 --> 00:30:00.000",
        "storyboard.jpg?e=1#xywh=0,0,160,90",
        "",
        "00:30:00.000 --> 01:00:00.000",
        "storyboard.jpg?e=1#xywh=160,0,160,90",
        "",
        "01:00:00.000 --> 01:02:05.500",
        "storyboard.jpg?e=1#xywh=0,90,160,90",
        "",
    ]
    assert Storyboard.from_dict(board.to_dict()) == board
