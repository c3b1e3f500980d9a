"""What changed after a reel, in words."""

from typing import Any

import pytest

from playhead.reels.changes import changes_since
from playhead.reels.tables import ClipRow, ProjectRow

OLD_SETTINGS = {"width": None, "height": None, "fps": None, "background": "#000000"}


def clip(name: str, video: str = "v", start: float = 0.0, end: float | None = None) -> dict[str, Any]:
    """A clip as a stitch keeps it."""
    return {"clip_id": name, "video_id": video, "start_s": start, "end_s": end}


def project(*clips: dict[str, Any], **settings: Any) -> ProjectRow:
    """A project that holds them."""
    rows = [
        ClipRow(id=each["clip_id"], video_id=each["video_id"], start_s=each["start_s"], end_s=each["end_s"])
        for each in clips
    ]
    return ProjectRow(clips=rows, **(OLD_SETTINGS | settings))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (project(clip("a"), clip("b")), []),
        (project(clip("a"), clip("b"), clip("c")), ["1 clip added"]),
        (project(clip("a"), clip("b"), clip("c"), clip("d")), ["2 clips added"]),
        (project(clip("b")), ["1 clip removed"]),
        (project(clip("c"), clip("b")), ["1 clip added", "1 clip removed"]),
        (project(clip("a", "other"), clip("b")), ["1 clip replaced"]),
        (project(clip("a", start=1.0), clip("b", end=2.0)), ["2 clips trimmed"]),
        (project(clip("b"), clip("a")), ["the order"]),
        (project(clip("b"), clip("c"), clip("a")), ["1 clip added", "the order"]),
        (project(clip("a"), clip("b"), width=640, height=360), ["the size"]),
        (project(clip("a"), clip("b"), codec="hevc", timing="variable"), ["the codec", "the timing"]),
        (project(clip("a"), clip("b"), sound="encode", loudness_lufs=-16.0), ["the sound", "the loudness"]),
        (project(clip("a"), clip("b"), fps=25.0, background="#ffffff"), ["the frame rate", "the background"]),
    ],
)
def test_each_change_has_its_words(now: ProjectRow, words: list[str]) -> None:
    """Counted by what a person did to it; a stitch of before the codec was a setting made H.264."""
    assert changes_since({"clips": [clip("a"), clip("b")], "settings": OLD_SETTINGS}, now) == words
