"""What changed after a reel, in words."""

from typing import Any

import pytest

from playhead.reels.changes import changes_since
from playhead.reels.tables import ClipRow, ProjectRow

OLD_SETTINGS = {"width": None, "height": None, "fps": None, "background": "#000000"}


def clip(
    name: str, video: str | None = "v", start: float = 0.0, end: float | None = None, **more: Any
) -> dict[str, Any]:
    """A clip as a stitch keeps it."""
    shown: dict[str, Any] = {key: more.pop(key) for key in ("image_id", "card") if key in more}
    return {
        "clip_id": name,
        "video_id": video,
        "start_s": start,
        "end_s": end,
        **shown,
        **({"effects": more} if more else {}),
    }


def project(*clips: dict[str, Any], **settings: Any) -> ProjectRow:
    """A project that holds them."""
    rows = [
        ClipRow(id=each["clip_id"], **{name: value for name, value in each.items() if name != "clip_id"})
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
        (project(clip("a", None, image_id="i"), clip("b")), ["1 clip replaced"]),
        (
            project(clip("a", speed=2.0), clip("b", speed=0.5, volume=0.0)),
            ["the speed of 2 clips", "the sound of 1 clip"],
        ),
        (project(clip("a", captions={"track_id": "t"}), clip("b")), ["the captions of 1 clip"]),
        (project(clip("a"), clip("b"), edit={"music": {"video_id": "m"}, "markers": []}), ["the music"]),
    ],
)
def test_each_change_has_its_words(now: ProjectRow, words: list[str]) -> None:
    """Counted by what a person did to it; a stitch of before the codec was a setting made H.264."""
    assert changes_since({"clips": [clip("a"), clip("b")], "settings": OLD_SETTINGS}, now) == words


def test_the_cues_of_a_track_in_a_snapshot_are_no_change() -> None:
    """They are copied there; the clip still names the track."""
    made = {"clips": [clip("a", captions={"track_id": "t", "cues": [{"text": "x"}]})], "settings": OLD_SETTINGS}

    assert changes_since(made, project(clip("a", captions={"track_id": "t"}))) == []
    assert changes_since(made, project(clip("a"))) == ["the captions of 1 clip"]
