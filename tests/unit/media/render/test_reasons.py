"""Reasons and summaries: what a person reads about a plan."""

from dataclasses import replace
from fractions import Fraction

import pytest

from playhead.media.mp4.movie import Colour
from playhead.media.probe import AudioStream, Probe, VideoStream
from playhead.media.render.format import ReelSettings
from playhead.media.render.plan import SourceTracks
from playhead.media.render.planner import ClipSurvey, plan_stitch
from playhead.media.render.survey import Survey, survey_probe
from tests.fixtures.movies import Sound, a_clip, a_movie, avc_entry

FULL_HD = ReelSettings(width=1920, height=1080, fps=30)
PLAIN = a_clip(a_movie())
TRIMMED = a_clip(a_movie(), 0.5, 5)
FILM = a_clip(a_movie(rate=Fraction(24)))
SMALL = a_clip(a_movie(entry=avc_entry((1280, 720))))


def webm(**video: object) -> ClipSurvey:
    stream = VideoStream("vp9", 1920, 1080, 0, Fraction(30), None, "yuv420p", hdr=False)
    stream = replace(stream, **video)  # type: ignore[arg-type]
    return ClipSurvey("c", "v", survey_probe(Probe("webm", 5.0, 1, stream, AudioStream("opus", 48000, 2))))


def numbered(clips: list[ClipSurvey]) -> list[ClipSurvey]:
    """As a project has them: a clip has one id, and all its segments have it."""
    return [replace(clip, clip_id=str(number)) for number, clip in enumerate(clips, 1)]


def without(clip: ClipSurvey, **facts: object) -> ClipSurvey:
    survey: Survey = replace(clip.survey, **facts)  # type: ignore[arg-type]
    return replace(clip, survey=survey)


@pytest.mark.parametrize(
    ("clip", "words"),
    [
        (PLAIN, "copied"),
        (TRIMMED, "copied; 0.5 s re-encoded where the trim falls between keyframes"),
        (a_clip(a_movie(hidden=20)), "copied; 0.3 s re-encoded where its edit list begins between keyframes"),
        (
            a_clip(a_movie(delay_s=Fraction(1, 2))),
            "copied; 0.5 s re-encoded where its picture starts later than its sound",
        ),
        (FILM, "24 fps against 30"),
        (a_clip(a_movie(rate=Fraction(24000, 1001))), "23.976 fps against 30"),
        (SMALL, "1280×720 against 1920×1080"),
        (
            webm(width=640, height=360),
            "640×360 against 1920×1080, VP9 against H.264; sound re-encoded: Opus against AAC",
        ),
        (
            webm(hdr=True, codec="hevc"),
            "HEVC against H.264, HDR: brought to standard range; sound re-encoded: Opus against AAC",
        ),
        (
            webm(alpha=True),
            "VP9 against H.264, transparency: laid on the background; sound re-encoded: Opus against AAC",
        ),
        (webm(codec="h264"), "it has not been read; sound re-encoded: Opus against AAC"),
        (without(PLAIN, rotation=90), "turned by 90 degrees"),
        (without(PLAIN, tracks=SourceTracks(mirrored=True)), "mirrored"),
        (a_clip(a_movie(entry=avc_entry(interlaced=True))), "it is interlaced"),
        (a_clip(a_movie(entry=avc_entry(colour=Colour(6, 6, 6)))), "other colours than most clips"),
        (a_clip(a_movie(times=[*range(0, 225_000, 2990), *range(226_000, 450_000, 3000)])), "its frame rate varies"),
        (a_clip(a_movie(gop=90), 3.2, 4), "no clean keyframe in this part"),
        (a_clip(a_movie(gop=60), 1.7, 4), "copied; 0.3 s re-encoded where the trim falls between keyframes"),
        (a_clip(a_movie(gop=60), 0.1, 2.2), "too little of this part can be copied"),
        (a_clip(a_movie(sound=None)), "copied; no sound: silence is added"),
        (a_clip(a_movie(sound=Sound(44_100))), "copied; sound re-encoded: 44.1 kHz against 48"),
        (a_clip(a_movie(sound=Sound(channels=1))), "copied; sound re-encoded: mono against stereo"),
        (a_clip(a_movie(sound=Sound(32_000))), "copied; sound re-encoded: 32 kHz"),
    ],
)
def test_each_clip_says_what_becomes_of_it(clip: ClipSurvey, words: str) -> None:
    """In words for people, beside two clips that fit."""
    assert plan_stitch([PLAIN, PLAIN, clip], FULL_HD).clips[2].reason == words


def test_a_join_that_failed_is_a_reason() -> None:
    """The second attempt encodes the clip, its sound too."""
    plan = plan_stitch([PLAIN], FULL_HD, forced=frozenset(("clp_1",)))

    assert plan.clips[0].action == "encode"
    assert plan.clips[0].reason.startswith("its copy did not pass the check; sound re-encoded")


@pytest.mark.parametrize(
    ("clips", "words"),
    [
        ([], "There are no clips"),
        ([PLAIN], "The clip is copied"),
        ([FILM], "The clip is re-encoded: 24 fps against 30"),
        ([PLAIN] * 2, "Both clips are copied"),
        ([PLAIN] * 8, "All 8 clips are copied"),
        ([PLAIN, PLAIN, FILM, *[PLAIN] * 5], "7 of 8 clips are copied; clip 3 is re-encoded: 24 fps against 30"),
        (
            [PLAIN, FILM, FILM, SMALL],
            "1 of 4 clips is copied; clips 2 and 3 are re-encoded: 24 fps against 30; "
            "clip 4 is re-encoded: 1280×720 against 1920×1080",
        ),
        ([FILM] * 3, "All 3 clips are re-encoded: 24 fps against 30"),
        (
            [FILM, SMALL],
            "Clip 1 is re-encoded: 24 fps against 30; clip 2 is re-encoded: 1280×720 against 1920×1080",
        ),
        (
            [PLAIN, *[FILM] * 8],
            "1 of 9 clips is copied; clips 2, 3, 4 and 5 more are re-encoded: 24 fps against 30",
        ),
        (
            [PLAIN, FILM, SMALL, *[webm(codec=name) for name in ("vp8", "vp9", "hevc")]],
            "1 of 6 clips is copied; clip 2 is re-encoded: 24 fps against 30; clip 3 is re-encoded: 1280×720 against "
            "1920×1080; clip 4 is re-encoded: VP8 against H.264; 2 more are re-encoded for other reasons",
        ),
        ([PLAIN, TRIMMED], "Both clips are copied; 0.5 s re-encoded where a trim falls between keyframes"),
        ([TRIMMED] * 3, "All 3 clips are copied; 1.5 s re-encoded where trims fall between keyframes"),
    ],
)
def test_a_reel_is_told_in_one_sentence(clips: list[ClipSurvey], words: str) -> None:
    """However many clips there are."""
    assert plan_stitch(numbered(clips), FULL_HD).summary == words


def test_a_loudness_is_told() -> None:
    """It is why nothing of the sound is copied."""
    plan = plan_stitch(numbered([PLAIN, PLAIN]), replace(FULL_HD, loudness_lufs=-14))

    assert plan.summary == ("Both clips are copied; the sound is encoded in one piece, each clip brought to -14 LUFS")
