"""What the source has and the reel would not is an error; what the source itself does not have is none."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from playhead.media.render.levels import WINDOW_S, ContentLost, Levels, check_audio, check_frames
from playhead.media.render.plan import ClipPlan, SourceTracks, VideoPiece
from playhead.media.render.source_frames import Decoding
from playhead.media.render.video import decoding_of
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format

FORM = reel_format()


def decoded(clip: ClipPlan, part: VideoPiece, shown_s: Sequence[float]) -> Decoding:
    """A piece of which frames were decoded."""
    found = decoding_of(clip, part, FORM, Path("source.mp4"))
    found.seen.read("#tb 0: 1/1000000")
    for at_s in shown_s:
        found.seen.read(f"0, 0, {round((at_s + float(found.base)) * 1_000_000)}, 1, 1, 0")
    return found


def steady(first_s: float, last_s: float) -> list[float]:
    return [first_s + number / 30 for number in range(round((last_s - first_s) * 30))]


@pytest.mark.parametrize(
    ("shown_s", "tracks", "lost"),
    [
        (steady(0, 4), {}, False),
        (steady(0, 2), {}, True),
        (steady(2, 4), {}, True),
        (steady(0, 1) + steady(3, 4), {}, True),
        (steady(0, 1) + steady(1.9, 4), {}, False),
        ([], {}, True),
        (steady(0, 2), {"video_end_s": 2.0}, False),
        (steady(2, 4), {"video_start_s": 2.0}, False),
        (steady(0, 2), {"hold_s": 3.0}, False),
        (steady(0, 2), {"video_end_s": 0.0}, False),
        (steady(-20, 0) + steady(0, 4), {}, False),
        (steady(-20, 2), {}, True),
    ],
)
def test_a_hole_in_the_frames_that_the_source_does_not_have(
    shown_s: Sequence[float], tracks: dict[str, float], lost: bool
) -> None:
    part = piece(FORM, 120)
    facts = {"video_end_s": 4.0, "hold_s": 0.1, **tracks}
    clip = clip_plan(FORM, (part,), tracks=SourceTracks(**facts))  # type: ignore[arg-type]

    assert found(lambda: check_frames(decoded(clip, part, shown_s), clip.clip_id)) is lost


def levels(*spans: tuple[float, float, float], base_s: float = 0.0) -> Levels:
    """From, to, peak in dB; as ffmpeg prints them."""
    found = Levels(base_s)
    for first_s, last_s, peak in spans:
        for window in range(round(first_s / WINDOW_S), round(last_s / WINDOW_S)):
            found.read(f"frame:{window} pts:0 pts_time:{base_s + window * WINDOW_S:g}")
            found.read(f"lavfi.astats.Overall.Peak_level={'-inf' if peak < -90 else peak}")
    return found


@pytest.mark.parametrize(
    ("heard", "made", "facts", "lost"),
    [
        ([(0, 4, -20)], [(0, 4, -21)], {"audio_end_s": 4.0}, False),
        ([(0, 4, -20)], [(0, 2, -20), (2, 4, -99)], {"audio_end_s": 4.0}, True),
        ([(0, 2, -20), (2, 4, -99)], [(0, 2, -20), (2, 4, -99)], {"audio_end_s": 4.0}, False),
        ([(0, 2, -20)], [(0, 2, -20), (2, 4, -99)], {"audio_end_s": 4.0}, True),
        ([(0, 2, -20)], [(0, 2, -20), (2, 4, -99)], {"audio_end_s": 2.0}, False),
        ([(0, 2, -20)], [(0, 2, -20), (2, 4, -99)], {"audio_end_s": 0.0}, False),
        ([(0, 4, -70)], [(0, 4, -99)], {"audio_end_s": 4.0}, False),
        ([(0, 2, -20)], [(0, 2, -20), (2, 4, -99)], {"audio_end_s": 9.0, "audio_hold_s": 3.0}, False),
        ([(-1, 5, -20)], [(0, 4, -20)], {"audio_end_s": 9.0}, False),
    ],
)
def test_silence_where_the_source_is_audible(
    heard: list[tuple[float, float, float]], made: list[tuple[float, float, float]], facts: dict[str, float], lost: bool
) -> None:
    clip = clip_plan(FORM, (piece(FORM, 120),), tracks=SourceTracks(**facts))  # type: ignore[arg-type]

    assert found(lambda: check_audio(levels(*heard, base_s=10), levels(*made), clip, 0.0, 4.0)) is lost


def test_the_sentence_names_the_clip_and_the_place() -> None:
    part = piece(FORM, 120, 10.0)
    clip = clip_plan(FORM, (part,), tracks=SourceTracks(video_end_s=14.0, hold_s=0.1))

    with pytest.raises(ContentLost, match=r"Clip clp_1 would lose its frames from 11\.97 s to 14\.00 s of video vid_1"):
        check_frames(decoded(clip, part, steady(0, 2)), clip.clip_id)


def found(check: object) -> bool:
    try:
        check()  # type: ignore[operator]
    except ContentLost:
        return True
    return False
