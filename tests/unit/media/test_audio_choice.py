"""Which of several audio tracks is played, and how that is said."""

from dataclasses import replace
from fractions import Fraction

import pytest

from playhead.media.audio_choice import choose_audio, reason_for
from playhead.media.audio_tracks import streamed_track, streaming_order, with_audio
from playhead.media.probe import AudioStream, Probe, VideoStream

QUIET, LOUD, MARKED = {"silent": True}, {"silent": False}, {"silent": False, "default": True}
QUIET_MARKED = {"silent": True, "default": True}
COMMENTARY = {"silent": False, "purpose": "commentary"}

CHOICES = {
    "the only one, though it is silent": ([QUIET], 0, "all of them are silent"),
    "the first of two with sound": ([LOUD, LOUD], 0, ""),
    "the second after a silent first": ([QUIET, LOUD], 1, "the first is silent"),
    "one with sound, though a silent one is the default": ([QUIET_MARKED, LOUD], 1, "the first is silent"),
    "the third after two silent ones": ([QUIET, QUIET, LOUD], 2, "those before it are silent"),
    "the only default": ([LOUD, MARKED, LOUD], 1, "the file marks it as its default"),
    "the first where all are defaults": ([MARKED, MARKED], 0, ""),
    "the first with sound where all are defaults": ([QUIET_MARKED, MARKED, MARKED], 1, "the first is silent"),
    "normal sound after a commentary": ([COMMENTARY, LOUD], 1, "the first is commentary"),
    "normal sound, though a commentary is the default": ([LOUD, {**COMMENTARY, "default": True}], 0, ""),
    "commentary rather than silence": ([QUIET, COMMENTARY], 1, "the first is silent"),
    "normal sound after both": ([QUIET, COMMENTARY, LOUD], 2, "those before it are silent or commentary"),
    "a later default after a silent first": ([QUIET, LOUD, MARKED], 2, "the file marks it as its default"),
    "the default where all are silent": ([QUIET, QUIET_MARKED], 1, "all of them are silent"),
    "the first where nobody listened": ([{"silent": None}, {}], 0, ""),
}


@pytest.mark.parametrize(("tracks", "place", "reason"), CHOICES.values(), ids=CHOICES)
def test_the_rule_takes(tracks: list[dict[str, object]], place: int, reason: str) -> None:
    assert (choose_audio(tracks), reason_for(tracks, place)) == (place, reason)


def a_probe(*tracks: AudioStream, remarks: tuple[str, ...] = ()) -> Probe:
    """A file with these audio tracks, the first of which is played."""
    video = VideoStream("h264", 640, 360, 0, Fraction(30), None, "yuv420p", hdr=False)
    return Probe("mp4", 4.0, 1000, video, tracks[0] if tracks else None, tracks, remarks=remarks)


def a_track(
    track: int, *, silent: bool = False, language: str = "", purpose: str = "", title: str = "", channels: int = 2
) -> AudioStream:
    return AudioStream("aac", 48_000, channels, track, silent=silent, language=language, purpose=purpose, title=title)


def test_a_remark_says_which_track_is_played_and_why() -> None:
    probe = a_probe(a_track(1, silent=True), a_track(2, language="eng"), a_track(4, channels=6))

    assert with_audio(probe).remarks == ("3 audio tracks; number 2 (English, stereo) is played: the first is silent.",)


def test_another_choice_replaces_the_remark_and_no_other() -> None:
    probe = with_audio(a_probe(a_track(1, silent=True), a_track(2, title="Game", language="und"), remarks=("Odd.",)))

    again = with_audio(probe, 1)

    assert again.audio == probe.audio_tracks[0]
    assert again.remarks == ("Odd.", "2 audio tracks; number 1 (stereo) is played.")
    assert with_audio(again, 2) == probe


@pytest.mark.parametrize(("audio_s", "duration_s"), [(3.0, 4.0), (4.5, 4.0), (4.6, 4.6), (0.0, 4.0)])
def test_a_file_lasts_until_its_video_ends_or_audio_that_is_much_longer(audio_s: float, duration_s: float) -> None:
    """By more than half a second; an audio track without an end counts for nothing."""
    probe = a_probe(a_track(1), replace(a_track(2), end_s=audio_s))
    probe = replace(probe, duration_s=9.0, video=replace(probe.video, end_s=4.0))

    assert with_audio(probe, 2).duration_s == duration_s
    assert with_audio(with_audio(probe, 2), 1).duration_s == 4.0


def test_a_probe_that_does_not_know_when_its_video_ends_keeps_its_duration() -> None:
    """As an older version of Playhead made it."""
    assert with_audio(a_probe(a_track(1), a_track(2)), 2).duration_s == 4.0


def test_a_single_track_needs_no_remark() -> None:
    probe = a_probe(a_track(1))

    assert with_audio(probe) == probe
    assert with_audio(a_probe()).remarks == ()


def test_a_track_that_the_file_lacks_cannot_be_chosen() -> None:
    for probe in (a_probe(a_track(1), a_track(2)), a_probe()):
        with pytest.raises(LookupError):
            with_audio(probe, 3)


ORDERS = {
    "one track leaves no choice": ([a_track(1)], ()),
    "a silent one never stands in": ([a_track(1), a_track(2, silent=True), a_track(3)], (1, 3)),
    "neither does a commentary": ([a_track(1), a_track(2, purpose="commentary"), a_track(3)], (1, 3)),
    "nor another language": (
        [a_track(1, language="eng"), a_track(2, language="deu"), a_track(3, language="eng")],
        (1, 3),
    ),
    "an unsaid language may be the same": ([a_track(1, language="eng"), a_track(2, language="und")], (1, 2)),
}


@pytest.mark.parametrize(("tracks", "order"), ORDERS.values(), ids=ORDERS)
def test_of_what_stands_in_for_the_chosen_track(tracks: list[AudioStream], order: tuple[int, ...]) -> None:
    assert streaming_order(a_probe(*tracks)) == order


def test_only_another_track_than_the_first_has_to_be_streamed() -> None:
    """Browsers play the first audio track of a file."""
    probe = a_probe(a_track(1), a_track(2))

    assert streamed_track(probe) is None
    assert streamed_track(with_audio(probe, 2)) == 2
    assert streamed_track(a_probe()) is None
