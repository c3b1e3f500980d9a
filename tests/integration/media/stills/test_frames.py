"""Frames that were converted are freed before the next one is decoded."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from av.video.frame import VideoFrame

from playhead.media.stills.child.frames import Frames
from playhead.media.stills.child.images import upright
from playhead.media.stills.times import StillTime
from tests.fixtures import clips


@pytest.fixture
def by_hand() -> Iterator[None]:
    """No collection comes by chance, and none goes over what was there before, as in the process that forks."""
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("sequence", [True, False])
def test_of_many_frames_a_few_are_held(tmp_path: Path, *, sequence: bool) -> None:
    """Forty of 4K would take 1.2 GB."""
    with clips.make_clip(tmp_path, seconds=2, size=(160, 90)).open("rb") as file:
        opened = Frames(
            file.fileno(),
            "mov",
            max_pixels=1 << 24,
            zero_s=None,
            jumps=False,
            budget=300,
            loop_filter="none" if sequence else "references",
        )
        wanted = [StillTime(at / 12, 0.0) for at in range(12)]
        frames = opened.sequence(StillTime(0.0, 0.0, 1.0), 1 / 12) if sequence else map(opened.at, wanted)
        held = [_drawn_and_held(frame) for frame in frames]
        opened.close()

    assert len(held) >= 12
    assert max(held) <= 5


def _drawn_and_held(frame: VideoFrame | None) -> int:
    assert frame is not None
    upright(frame, 1.0, 64)
    return sum(isinstance(one, VideoFrame) for one in gc.get_objects())
