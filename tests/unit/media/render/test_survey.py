"""What a survey finds out about a clip, and what keeps it from being copied."""

import asyncio
import json
from array import array
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.errors import InvalidSpan
from playhead.media.mp4.movie import BT709, Colour, Edit, Movie, Track
from playhead.media.render.grid import FrameRef, constant_rate
from playhead.media.render.packets import Packets
from playhead.media.render.survey import Survey, survey_clip, survey_probe, survey_spans
from tests.fixtures.examples import examples
from tests.fixtures.movies import Sound, a_movie, a_probe, avc_entry, other_entry, reader, surveyed

NTSC = Fraction(30000, 1001)
QUARTER_TURN = b"".join(n.to_bytes(4, "big") for n in (0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000))


def changed(movie: Movie, **video: object) -> Movie:
    tracks = [replace(track, **video) if track.kind == "video" else track for track in movie.tracks]  # type: ignore[arg-type]
    return replace(movie, tracks=tracks)


def with_sound(movie: Movie, **audio: object) -> Movie:
    tracks = [replace(track, **audio) if track.kind == "audio" else track for track in movie.tracks]  # type: ignore[arg-type]
    return replace(movie, tracks=tracks)


def video(movie: Movie) -> Track:
    track = movie.video
    assert track is not None
    return track


def test_a_plain_clip_has_no_copy_blockers() -> None:
    """H.264 of usual colours, one rate, AAC: everything is known and nothing is in the way."""
    found = surveyed(a_movie(frames=150, bframes=2))

    assert found.copy_blockers == ()
    assert (found.codec, found.coded_width, found.coded_height, found.colour) == ("h264", 1920, 1080, BT709)
    assert found.grid is not None
    assert (found.grid.rate, found.grid.frames, found.grid.origin_s) == (Fraction(30), 150, Fraction(0))
    assert found.packets is not None
    assert found.packets.origin_s == Fraction(-1024, 48000)


@pytest.mark.parametrize(
    ("movie", "words"),
    [
        (changed(a_movie(), mixed=True), "changes its coding on the way"),
        (changed(a_movie(), matrix=QUARTER_TURN), "is rotated or mirrored"),
        (changed(a_movie(), matrix=b"\1" * 36), "is rotated or mirrored"),
        (changed(a_movie(), edits=[Edit(1000, 0), Edit(1000, 30_000)]), "an edit list of several parts"),
        (changed(a_movie(), edits=[Edit(5000, 0, Fraction(1, 2))]), "another speed"),
        (replace(a_movie(), tracks=[video(a_movie()), video(a_movie())]), "has two video tracks"),
        (a_movie(entry=avc_entry(pixel_aspect=(4, 3))), "pixels that are not square"),
        (a_movie(entry=avc_entry(interlaced=True)), "is interlaced"),
        (a_movie(entry=avc_entry(bit_depth=10)), "has 10 bits a colour"),
        (a_movie(entry=avc_entry(chroma=2)), "has 4:2:2 colour samples"),
        (a_movie(entry=avc_entry(nal_length=2)), "NAL units with short lengths"),
        (a_movie(entry=avc_entry(colour=Colour(9, 16, 9))), "is HDR"),
        (a_movie(entry=avc_entry(colour=Colour(9, 1, 9))), "has uncommon colours"),
        (a_movie(entry=replace(avc_entry(), config=b"\1")), "coded in a way that cannot be read"),
        (a_movie(times=[0, 3000, 3000, 6000, 9000]), "shows several frames at once"),
        (a_movie(frames=60, gop=60, hidden=20), "was cut without re-encoding"),
    ],
)
def test_whatever_keeps_pictures_from_being_copied_is_said(movie: Movie, words: str) -> None:
    """In words that follow "it"."""
    probe = a_probe(a_movie())

    found = asyncio.run(survey_clip(movie, replace(probe, duration_s=1.0), reader(movie), start_s=0, end_s=1.0))

    assert any(words in blocker for blocker in found.copy_blockers)


def test_what_is_no_mp4_says_so() -> None:
    """Its facts are those of the probe."""
    found = asyncio.run(survey_clip(None, a_probe(a_movie()), None))

    assert found.copy_blockers == ("is not an MP4",)
    assert found.grid is None
    assert (found.audio_codec, found.audio_blocker) == ("aac", "not in an MP4")


@pytest.mark.parametrize(
    ("movie", "words"),
    [
        (with_sound(a_movie(), entries=[other_entry("Opus")]), "Opus"),
        (a_movie(sound=Sound(rate=32000)), "32 kHz"),
        (a_movie(sound=Sound(channels=6)), "6 channels"),
        (with_sound(a_movie(), edits=[Edit(1000, 0), Edit(1000, 96_000)]), "an edit list of several parts"),
        (with_sound(a_movie(), mixed=True), "changing sound"),
        (with_sound(a_movie(), timescale=24_000), "sound with gaps"),
    ],
)
def test_whatever_keeps_sound_from_being_copied_is_said(movie: Movie, words: str) -> None:
    """The video is not held up by it."""
    found = surveyed(movie)

    assert found.packets is None
    assert found.audio_blocker == words
    assert found.copy_blockers == ()


@pytest.mark.parametrize(
    ("shown", "timescale", "rate"),
    [
        (range(0, 512 * 100, 512), 15360, Fraction(30)),
        (range(0, 3003 * 100, 3003), 90000, NTSC),
        ([round(n * 1001 / 30) for n in range(200)], 1000, NTSC),
        ([round(n * 1000 / 24) for n in range(200)], 1000, Fraction(24)),
        ([90 * round(n * 1000 / 60) for n in range(200)], 90000, Fraction(60)),
        (range(0, 1200 * 50, 1200), 15000, Fraction(25, 2)),
        ([0, 3000, 6000, 9001], 90000, Fraction(30)),
        ([0, 3000, 6000, 12000], 90000, None),
        ([0, 33, 67, 100, 140, 173], 1000, None),
        ([0], 1000, None),
    ],
)
def test_a_rate_is_constant_when_rounding_explains_every_time(
    shown: list[int], timescale: int, rate: Fraction | None
) -> None:
    """To a tick or a millisecond; a missing frame or a late one is not rounding."""
    assert constant_rate(shown, timescale) == rate


def test_a_trim_finds_the_next_clean_keyframe_and_the_last_closed_point() -> None:
    """From 0.5 s to 3.2 s at 30 fps, a keyframe a second, two B-frames before each P."""
    grid = surveyed(a_movie(frames=150, gop=30, bframes=2), 0.5, 3.2).grid

    assert grid is not None
    assert (grid.first.frame, grid.end) == (15, 96)
    assert [mark.frame for mark in grid.entries] == [30]
    assert [mark.frame for mark in grid.exits] == [85, 88, 90, 91, 94, 97]


def test_leading_pictures_and_recovery_points_are_no_place_to_begin() -> None:
    """In an open GOP pictures behind the keyframe are shown before it; other keyframes are only points to recover."""
    leading = surveyed(a_movie(frames=150, gop=30, bframes=2, open_gop=True), 0.5, 4).grid
    movie = a_movie(frames=150)
    recovering = asyncio.run(
        survey_clip(movie, a_probe(movie), reader(movie, recovery_points=True), start_s=0.5, end_s=4)
    ).grid

    assert leading is not None
    assert recovering is not None
    assert leading.entries == recovering.entries == ()


def test_only_the_keyframes_in_question_are_read() -> None:
    """One small look for a trim inside a GOP."""
    movie, reads = a_movie(frames=3000), list[int]()
    read = reader(movie)

    async def counted(offset: int, size: int) -> bytes:
        reads.append(size)
        return await read(offset, size)

    asyncio.run(survey_clip(movie, a_probe(movie), counted, start_s=10.5, end_s=90))

    assert len(reads) == 1
    assert sum(reads) <= 1024


def test_spans_of_one_video_are_surveyed_together() -> None:
    """A thousand clips of a long video do not sort its frames a thousand times; each is as if alone."""
    movie, spans = a_movie(bframes=2), [(0.0, None), (0.5, 3.2), (1.0, 2.0)]

    found = asyncio.run(survey_spans(movie, a_probe(movie), reader(movie), spans))

    assert found == [surveyed(movie, *span) for span in spans]


def test_a_late_picture_is_counted_from_the_start_of_the_file() -> None:
    """The sound begins 0.2 s before it: frame 0 stands at 0.2 s, and a span from 0 begins 6 frames before."""
    grid = surveyed(a_movie(frames=90, delay_s=Fraction(1, 5))).grid

    assert grid is not None
    assert grid.origin_s == Fraction(1, 5)
    assert grid.first == FrameRef(-6, -6 * 512)
    assert grid.early


@pytest.mark.parametrize(("late_ms", "first"), [(0, 0), (21, 0), (67, 0), (100, 0), (101, -3), (500, -15)])
def test_a_picture_that_is_a_little_late_begins_its_clip(late_ms: int, first: int) -> None:
    """Up to 0.1 s, as without edit lists; the clip is then as long as its frames."""
    found = surveyed(a_movie(frames=90, delay_s=Fraction(late_ms, 1000)))

    assert found.grid is not None
    assert found.grid.first.frame == first
    assert found.grid.early == (first < 0)
    assert found.begin_s == (Fraction(0) if first else Fraction(late_ms, 1000))
    assert found.length_s == (90 - first) / Fraction(30)


def test_priming_that_lasts_longer_leaves_no_gap() -> None:
    """Without an edit list FFmpeg moves the other packets behind the delay of the pictures."""
    movie = a_movie()
    audio = movie.audio
    assert audio is not None
    dts = array("q", [0, *(at + 2176 for at in audio.samples.dts[1:])])

    found = surveyed(with_sound(movie, samples=replace(audio.samples, dts=dts), edits=[]))

    assert found.packets is not None
    assert found.packets.origin_s == Fraction(2176, 48_000)


def test_packets_end_with_the_edit_list() -> None:
    movie = a_movie(frames=150)

    cut, whole = surveyed(with_sound(movie, edits=[Edit(2000, 1024)])).packets, surveyed(movie).packets

    assert cut is not None
    assert whole is not None
    assert (cut.count, cut.cut) == (95, True)
    assert (whole.count, whole.cut) == (236, False)
    assert Packets.from_dict(cut.to_dict()) == cut


def test_an_edit_list_hides_frames_but_keeps_later_keyframes() -> None:
    """Cut 20 frames into a GOP of 30: what is shown begins there, a copy may begin 10 frames later."""
    found = surveyed(a_movie(frames=150, gop=30, hidden=20))

    assert found.grid is not None
    assert (found.grid.hidden, found.grid.frames) == (20, 130)
    assert found.grid.entries == (FrameRef(10, 10 * 512),)
    assert found.copy_blockers == ()


def test_frames_of_a_varying_rate_are_found_by_their_times() -> None:
    """The nearest frame to a time, whatever lies between."""
    times = [0, 3000, 9000, 12000, 30000, 33000, 36000, 45000]
    grid = surveyed(a_movie(times=times, gop=2), 0.12, 0.38).grid

    assert grid is not None
    assert grid.rate is None
    assert (grid.first, grid.end, grid.shown) == (FrameRef(3, 12000), 5, 6)


def test_no_frame_flashes_up_at_the_end_of_a_span() -> None:
    """A millisecond of the next frame is left out; the one before is shown for it."""
    grid = surveyed(a_movie(times=[0, 3000, 9000, 12000, 30000, 33000]), 0, 0.101).grid

    assert grid is not None
    assert grid.shown == 2


@given(
    frames=st.integers(1, 400),
    rate=st.sampled_from([Fraction(24), Fraction(25), NTSC, Fraction(60)]),
    gop=st.integers(1, 90),
    bframes=st.integers(0, 3),
    open_gop=st.booleans(),
    hidden=st.integers(0, 30),
)
@examples(60)
def test_an_untrimmed_clip_has_exactly_its_frames(
    frames: int, rate: Fraction, gop: int, bframes: int, open_gop: bool, hidden: int
) -> None:
    """Whatever its structure; every closed point that is named is one; and the survey survives JSON."""
    hidden = min(hidden, frames - 1)
    movie = a_movie(frames=frames, rate=rate, gop=gop, bframes=bframes, open_gop=open_gop, hidden=hidden)

    found = surveyed(movie)

    assert found.grid is not None
    if found.grid.rate is not None:
        assert (found.grid.first.frame, found.grid.end) == (0, frames - hidden)
        assert found.length_s == (frames - hidden) / rate
    samples = video(movie).samples
    for mark in (*found.grid.entries, *found.grid.exits):
        place = hidden + mark.frame
        before = [samples.pts(sample) for sample in range(place)]
        after = [samples.pts(sample) for sample in range(place, len(samples))]
        assert not before or not after or max(before) < min(after)
        if mark in found.grid.entries:
            assert samples.pts(place) == min(after)
            assert place in (samples.sync or ())
    assert Survey.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.parametrize("span", [(3.0, 3.0), (4.0, 2.0), (-0.1, 2.0), (5.0, None), (0.0, 5.2), (float("nan"), 1.0)])
def test_a_span_outside_its_video_is_refused(span: tuple[float, float | None]) -> None:
    """Empty, backwards, before the start or past the end."""
    with pytest.raises(InvalidSpan):
        survey_probe(a_probe(a_movie(frames=150)), start_s=span[0], end_s=span[1])


@pytest.mark.parametrize(
    ("span", "words", "hint"),
    [
        ((99.0, None), "A clip starts at 99 s, but its video ends at 5 s.", "Start it earlier."),
        ((99.0, 120.0), "A clip starts at 99 s, but its video ends at 5 s.", "Start it earlier."),
        (
            (1.0, 9.0),
            "A clip is to end at 9 s, but its video ends at 5 s.",
            "End it at 5 s, or leave its end out.",
        ),
    ],
)
def test_a_span_past_the_end_of_its_video_says_what_to_do(
    span: tuple[float, float | None], words: str, hint: str
) -> None:
    with pytest.raises(InvalidSpan) as caught:
        survey_probe(a_probe(a_movie(frames=150)), start_s=span[0], end_s=span[1])

    assert (caught.value.detail, caught.value.hint) == (words, hint)
