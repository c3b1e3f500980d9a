"""Caption tracks of MP4 files."""

from playhead.media.edit.model import Cue
from playhead.media.mp4.timed_text import soft_track


def _texts(samples: bytes, sizes: tuple[int, ...]) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(samples[at + 2 : at + size].decode())
        at += size
    return found


def test_samples_follow_each_other_and_hold_all_that_is_shown() -> None:
    cues = [(1, 4, "a"), (2, 3, "b"), (3, 5, "c"), (6, 6, "nothing"), (9, 12, "cut off"), (20, 21, "behind the end")]
    spans = [Cue(start_s=start, end_s=end, text=text) for start, end, text in cues]
    track = soft_track(spans, "en", duration_s=10, width=640, height=360)

    assert track.durations == (1000, 1000, 1000, 1000, 1000, 4000, 1000)
    assert _texts(track.media, track.sizes) == ["", "a", "a\nb", "a\nc", "c", "", "cut off"]


def test_as_many_cues_as_a_track_may_have_are_no_work() -> None:
    """Each is looked at a few times, not with every other one."""
    cues = [Cue(start_s=number, end_s=number + 0.5, text="a") for number in range(20_000)]

    assert len(soft_track(cues, "en", duration_s=20_000, width=640, height=360).sizes) == 40_000
