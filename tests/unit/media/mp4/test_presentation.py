"""When a track is shown: edit lists of every kind, applied to tracks of 90 frames and 3 s of sound."""

from dataclasses import replace
from fractions import Fraction

import pytest

from playhead.media.mp4.movie import Edit, Movie, Track
from playhead.media.mp4.presentation import end_s, libav_delay_s, packets_heard, shown, zero_s
from tests.fixtures.tracks import FRAME, VIDEO_SCALE, audio_track, movie_of_tracks, video_track

LEAD = 2 * FRAME
"""When the first frame of `video_track` is shown, in ticks of the track: reordering delays it."""


def edited(*edits: Edit, fragmented: bool = False) -> tuple[Movie, Track]:
    track = video_track()
    track.edits = list(edits)
    return replace(movie_of_tracks(track, audio_track()), fragmented=fragmented), track


PRESENTATIONS = [
    # name, edits, first frame, frames, start, end
    ("all of it", [Edit(3000, LEAD)], 0, 90, 0, 3),
    ("no edit list: the first frame waits", [], 0, 90, Fraction(1, 15), Fraction(46, 15)),
    ("an end cut off", [Edit(2000, LEAD)], 0, 60, 0, 2),
    ("a start cut off", [Edit(2000, LEAD + VIDEO_SCALE)], 30, 60, 0, 2),
    ("both", [Edit(1000, LEAD + VIDEO_SCALE)], 30, 30, 0, 1),
    ("from between two frames", [Edit(1000, LEAD + VIDEO_SCALE + 100)], 31, 30, 0, Fraction(14_948, VIDEO_SCALE)),
    ("to between two frames", [Edit(1010, LEAD)], 0, 31, 0, Fraction(101, 100)),
    ("a duration that is rounded up", [Edit(1001, LEAD)], 0, 30, 0, 1),
    ("a duration that is rounded down", [Edit(2999, LEAD)], 0, 90, 0, 3),
    ("beyond the media", [Edit(9000, LEAD)], 0, 90, 0, 3),
    ("from before the first frame", [Edit(3000, 0)], 0, 88, 0, Fraction(88, 30)),
    ("an empty edit before it", [Edit(500, -1), Edit(3000, LEAD)], 0, 90, Fraction(1, 2), Fraction(7, 2)),
    ("two of them", [Edit(500, -1), Edit(250, -1), Edit(3000, LEAD)], 0, 90, Fraction(3, 4), Fraction(15, 4)),
    ("an empty edit behind it", [Edit(2000, LEAD), Edit(500, -1)], 0, 60, 0, 2),
    ("two edits that continue each other", [Edit(1000, LEAD), Edit(1000, LEAD + VIDEO_SCALE)], 0, 60, 0, 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edits", "first", "frames", "start", "end"),
    [row[1:] for row in PRESENTATIONS],
    ids=[row[0] for row in PRESENTATIONS],
)
def test_an_edit_list_chooses_frames_and_their_times(
    edits: list[Edit], first: int, frames: int, start: Fraction, end: Fraction
) -> None:
    movie, track = edited(*edits)

    span = shown(movie, track)

    seen = sorted(at for at in map(track.samples.pts, range(90)) if span.first <= at < span.until)
    assert [(at - LEAD) // FRAME for at in seen] == list(range(first, first + frames))
    assert span.start_s == start
    assert float(span.end_s) == pytest.approx(float(end), abs=1e-3)
    assert span.simple


def test_fragments_without_a_duration_are_shown_to_their_end() -> None:
    movie, track = edited(Edit(0, LEAD + VIDEO_SCALE), fragmented=True)

    span = shown(movie, track)

    assert span.start_s == 0
    assert span.end_s == 2


def test_a_track_of_which_nothing_is_shown_counts_for_nothing() -> None:
    movie, track = edited(Edit(0, LEAD))

    assert shown(movie, track).edits == 0
    assert zero_s(movie) == 0
    assert end_s(movie) == shown(movie, movie.tracks[1]).end_s


@pytest.mark.parametrize(
    ("edits", "parts", "steady"),
    [
        ([Edit(1000, LEAD), Edit(1000, LEAD + 2 * VIDEO_SCALE)], 2, True),
        ([Edit(1000, LEAD), Edit(1000, LEAD)], 2, True),
        ([Edit(1000, LEAD), Edit(1000, -1), Edit(1000, LEAD + VIDEO_SCALE)], 3, True),
        ([Edit(1000, LEAD, Fraction(1, 2))], 1, False),
        ([Edit(1000, LEAD, Fraction(0))], 1, False),
    ],
)
def test_what_is_no_single_run_of_media_is_not_simple(edits: list[Edit], parts: int, steady: bool) -> None:
    movie, track = edited(*edits)

    span = shown(movie, track)

    assert (span.edits, span.steady, span.simple) == (parts, steady, False)
    assert span.end_s == Fraction(sum(edit.duration for edit in edits), 1000)


def test_the_earliest_track_is_the_zero_of_a_file() -> None:
    movie, track = edited(Edit(1500, -1), Edit(3000, LEAD))
    movie.tracks[1].edits.insert(0, Edit(1000, -1))

    assert zero_s(movie) == 1
    assert shown(movie, track).start_s == Fraction(3, 2)
    assert end_s(movie) == Fraction(9, 2)


def test_sound_ends_amid_a_packet_and_that_one_is_heard() -> None:
    track = audio_track()
    track.edits = [Edit(1000, 1024 + 500)]

    span = shown(movie_of_tracks(track), track)

    assert span.start_s == 0
    assert span.end_s == 1
    assert packets_heard(track, span) == (1, 1 + -(-(48_000 + 500) // 1024))


def test_packets_that_are_hidden_altogether_are_not_heard() -> None:
    track = audio_track()
    track.edits = [Edit(64, 10 * 1024)]

    assert packets_heard(track, shown(movie_of_tracks(track), track)) == (10, 13)


def test_libav_delays_only_fragments_that_are_shown_before_they_are_decoded() -> None:
    early, plain = video_track(lift=3), video_track()

    assert libav_delay_s(movie_of_tracks(early), early) == 0
    assert libav_delay_s(replace(movie_of_tracks(early), fragmented=True), early) == Fraction(3 * FRAME, VIDEO_SCALE)
    assert libav_delay_s(replace(movie_of_tracks(plain), fragmented=True), plain) == 0
