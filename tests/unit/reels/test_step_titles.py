"""What people read of the steps of a stitch, by what the job engine recorded."""

from typing import Any

import pytest

from playhead.jobs.kinds import StepRecord
from playhead.reels.step_titles import titles_of

CLIPS = ["harbour", "phone", ""]


def titles(*steps: StepRecord | str) -> list[str]:
    return titles_of([StepRecord(step) if isinstance(step, str) else step for step in steps], CLIPS)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("survey", "Look at the clips"),
        ("plan", "Plan what is copied"),
        ("plan 2", "Plan what is copied, again"),
        ("clip0-picture0", "Render clip 1 (harbour)"),
        ("clip2-picture4", "Render clip 3"),  # its video was deleted
        ("clip1-sound", "Encode the audio of clip 2 (phone)"),
        ("clip1-samples", "Read the audio of clip 2 (phone)"),
        ("clip9-video0", "Render clip 10"),
        ("clip0-audio", "Encode the audio of clip 1 (harbour)"),
        ("sound", "Encode the audio"),
        ("join 3", "Join the clips, again"),
        ("verify", "Verify the reel"),
        ("poster", "Make the poster"),
        ("whatever comes", "Whatever comes"),
    ],
)
def test_a_step_is_named_after_what_it_did(name: str, title: str) -> None:
    """Clips are counted from 1 and have their titles."""
    assert titles(name) == [title]


def test_a_part_is_named_after_the_clips_that_it_rendered() -> None:
    """The plan recorded which; "render 2" is the second part, not the second clip, nor the second round."""
    parts: list[dict[str, Any]] = [
        {"name": "render 1", "facts": {"tasks": ["clip1-picture0", "clip1-sound"]}},
        {"name": "render 2", "facts": {"tasks": ["clip0-picture0", "clip1-picture1", "clip2-picture0"]}},
        {"name": "render 3", "tasks": ["clip0-audio", "clip2-audio"]},
    ]
    shown = titles(
        StepRecord("plan", {"parts": parts}),
        *(StepRecord(part["name"], {}, is_part=True) for part in parts),
        StepRecord("render 4", None, is_part=True),
        "render",
        "render 2",
    )

    assert shown[1:] == [
        "Render clip 2 (phone)",
        "Render clips 1 to 3",
        "Encode the audio of clips 1 and 3",
        "Render what is not copied, part 1",
        "Render what is not copied, part 2",
        "Render what is not copied, again",
    ]


def test_pieces_of_one_clip_are_told_apart() -> None:
    assert titles("clip0-video0", "clip0-video2") == [
        "Render clip 1 (harbour), part 1",
        "Render clip 1 (harbour), part 2",
    ]


def test_segments_are_named_after_their_clips() -> None:
    """A clip with effects is several segments, by which its pieces are named; the plan recorded whose they are."""
    plan = StepRecord("plan", {"parts": [], "owners": [0, 0, 1, 2]})

    assert titles(plan, "clip1-video0", "clip3-video0")[1:] == ["Render clip 1 (harbour)", "Render clip 3"]
