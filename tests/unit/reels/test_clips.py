"""Clips against their videos."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.catalog.tables import VideoRow
from playhead.reels.clips import duration_of, fingerprint, problem_of, total_duration
from playhead.reels.tables import ClipRow, ProjectRow

SECONDS = st.floats(0, 1e6, allow_nan=False)


def clip(start_s: float = 0.0, end_s: float | None = None, video_id: str = "vid_1") -> ClipRow:
    """A span of a video."""
    return ClipRow(id="clp_1", position=0, video_id=video_id, start_s=start_s, end_s=end_s)


def video(duration_s: float | None = 4.0, state: str = "ready") -> VideoRow:
    """A video."""
    return VideoRow(id="vid_1", title="Trip", state=state, duration_s=duration_s)


def project(*clips: ClipRow, **facts: Any) -> ProjectRow:
    """An edit."""
    return ProjectRow(
        **{"title": "x", "width": None, "height": None, "fps": None, "background": "#000000", "clips": list(clips)}
        | facts
    )


@pytest.mark.parametrize(
    ("span", "of", "code"),
    [
        (clip(), video(), None),
        (clip(1, 4.0), video(), None),
        (clip(1, 4.05), video(), None),
        (clip(1, 4.06), video(), "outside_video"),
        (clip(4.0), video(), "outside_video"),
        (clip(), None, "video_deleted"),
        (clip(), video(None, "preparing"), "video_not_ready"),
        (clip(), video(4.0, "errored"), "video_not_ready"),
        (clip(), video(None), "video_not_ready"),
    ],
)
def test_a_problem_is_named(span: ClipRow, of: VideoRow | None, code: str | None) -> None:
    """What an editor rounded is no problem; five hundredths of a second are allowed."""
    problem = problem_of(span, of)

    assert (problem.code if problem else None) == code


@pytest.mark.parametrize(
    ("span", "of", "seconds"),
    [
        (clip(), video(), 4.0),
        (clip(1), video(), 3.0),
        (clip(1, 3), video(), 2.0),
        (clip(1, 9), video(), 3.0),
        (clip(9), video(), 0.0),
        (clip(9, 10), video(), 0.0),
        (clip(1, 3), None, 2.0),
        (clip(1), None, None),
        (clip(), video(None, "preparing"), None),
    ],
)
def test_a_clip_is_as_long_as_its_video_lets_it(span: ClipRow, of: VideoRow | None, seconds: float | None) -> None:
    """None where nobody knows."""
    assert duration_of(span, of) == seconds


@given(SECONDS, st.none() | SECONDS, st.none() | SECONDS)
def test_a_length_is_never_negative(start: float, end: float | None, known: float | None) -> None:
    """Whatever became of the video, and never longer than it."""
    found = duration_of(clip(start, end), video(known))

    assert found is None or 0 <= found <= max(known or 1e6, 0.0)


def test_a_project_is_as_long_as_what_is_known() -> None:
    """Clips of deleted videos without an end add nothing."""
    assert total_duration([clip(), clip(1, 2.5), clip(video_id="vid_2")], {"vid_1": video()}) == 5.5


@pytest.mark.parametrize(
    "other",
    [
        project(clip(1)),
        project(clip(0, 4)),
        project(clip(), clip()),
        project(clip(video_id="vid_2")),
        project(clip(), fps=25.0),
        project(clip(), width=640, height=360),
        project(clip(), background="#ffffff"),
        project(clip(), codec="av1"),
        project(clip(), timing="variable"),
        project(clip(), sound="encode"),
        project(clip(), sound="encode", loudness_lufs=-16.0),
    ],
)
def test_what_changes_the_reel_changes_the_fingerprint(other: ProjectRow) -> None:
    """Spans, order, videos and settings."""
    assert fingerprint(other) != fingerprint(project(clip()))


def test_what_leaves_the_reel_leaves_the_fingerprint() -> None:
    """The title, the colour's case, and the ids of clips: an edit that is undone makes the reel current again."""
    again = project(ClipRow(id="clp_9", position=0, video_id="vid_1", start_s=0.0, end_s=None), title="y")

    assert fingerprint(again) == fingerprint(project(clip()))
    assert fingerprint(project(background="#FF8800")) == fingerprint(project(background="#ff8800"))


def test_reels_of_before_a_setting_stay_current() -> None:
    """A setting at its default leaves the fingerprint as it was when nobody could set it."""
    explicit = project(clip(), codec="h264", timing="constant", sound="copy", loudness_lufs=None)

    assert fingerprint(explicit) == "8f5d73b68bd554fd43246774e4cb7985a0ec43803c7b3c6140a898e88ac0d63d"
    assert fingerprint(project(clip())) == fingerprint(explicit)
