"""New times for the pictures of a span: what is seen, when, and what is decoded without being seen."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.timing import APART_S, Timing, span_of, timing_of
from playhead.media.mp4.movie import Edit, Track
from tests.fixtures.examples import examples
from tests.fixtures.tracks import FRAME, PATTERNS, VIDEO_SCALE, audio_track, movie_of_tracks, video_track

FPS = 30


def timed(track: Track, start_s: Fraction | None, end_s: Fraction | None, *, followed: bool = False) -> Timing:
    span = span_of(movie_of_tracks(track), track, start_s, end_s)
    return timing_of(track, span, followed=followed)


def seen(track: Track, timing: Timing) -> list[tuple[int, Fraction]]:
    """Frame numbers with the times they are shown, as Chromium's renderer takes them: none less than 1 ms after
    another. What then lasts less than 1.1 ms is not seen."""
    shown = timing.show_times(track.samples, timing.first, timing.end)
    numbers = [(track.samples.pts(i) - track.media_time) // FRAME for i in range(timing.first, timing.end)]
    taken: list[tuple[Fraction, int]] = []
    for at, number in sorted(
        (Fraction(at, timing.timescale), number) for at, number in zip(shown, numbers, strict=True)
    ):
        if not taken or at - taken[-1][0] >= Fraction(1, 1000):
            taken.append((at, number))
    ends = [at for at, _ in taken[1:]] + [Fraction(timing.total, timing.timescale)]
    return [(number, at) for (at, number), end in zip(taken, ends, strict=True) if end - at > Fraction(11, 10_000)]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_whole_video_shows_every_frame_at_its_time(pattern: str) -> None:
    track = video_track(pattern=pattern)

    timing = timed(track, None, None)

    lead = Fraction(timing.lead, timing.timescale)
    assert seen(track, timing) == [(n, lead + Fraction(n, FPS)) for n in range(90)]
    assert lead < Fraction(1, 10_000)
    assert Fraction(timing.total, timing.timescale) - lead == 3


SPANS = [
    # name, start, end, first frame, frames
    ("from a keyframe to a keyframe", Fraction(1), Fraction(2), 30, 30),
    ("from within a GOP", Fraction(12, 30), Fraction(2), 12, 48),
    ("within one GOP", Fraction(33, 30), Fraction(47, 30), 33, 14),
    ("one frame", Fraction(40, 30), Fraction(41, 30), 40, 1),
    ("to the end", Fraction(61, 30), Fraction(9), 61, 29),
    ("a start that is rounded to milliseconds", Fraction(433, 1000), Fraction(2), 13, 47),
    ("an end that is rounded to milliseconds", Fraction(1), Fraction(1634, 1000), 30, 19),
]  # fmt: skip


@pytest.mark.parametrize("followed", [False, True])
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize(("start_s", "end_s", "first", "frames"), [row[1:] for row in SPANS], ids=[r[0] for r in SPANS])
def test_a_span_shows_its_frames_and_no_others(
    start_s: Fraction, end_s: Fraction, first: int, frames: int, pattern: str, *, followed: bool
) -> None:
    track = video_track(pattern=pattern)

    timing = timed(track, start_s, end_s, followed=followed)

    assert [number for number, _ in seen(track, timing)] == list(range(first, first + frames))


def test_a_start_between_two_frames_shows_the_earlier_one_for_the_rest_of_its_time() -> None:
    track = video_track()

    timing = timed(track, Fraction(1015, 1000), Fraction(2))

    (number, at), (_, after) = seen(track, timing)[:2]
    assert number == 30
    assert after - at == pytest.approx(1 / 30 - 0.015, abs=1e-4)


def test_hidden_frames_come_together_and_the_visible_one_well_after_them() -> None:
    """A renderer that takes one frame a millisecond takes one of them at most."""
    timing = timed(video_track(pattern="no B-frames"), Fraction(59, 30), Fraction(3))

    hidden = sorted(timing.shown.values())[:-1]
    assert len(hidden) == 29
    assert Fraction(hidden[-1] - hidden[0], timing.timescale) < Fraction(1, 1000)
    assert Fraction(timing.lead - hidden[0], timing.timescale) >= APART_S


def test_a_span_before_another_ends_with_the_next_frame_half_a_millisecond_before_its_end() -> None:
    track = video_track()

    timing = timed(track, Fraction(0), Fraction(1), followed=True)

    shown = dict(zip(range(timing.first, timing.end), timing.show_times(track.samples, 0, timing.end), strict=True))
    last = max(shown, key=lambda index: shown[index])
    assert (track.samples.pts(last) - track.media_time) // FRAME == 30
    assert float(Fraction(timing.total - shown[last], timing.timescale)) == pytest.approx(0.0005, abs=5e-5)


@examples(150)
@given(
    pattern=st.sampled_from(sorted(PATTERNS)),
    gop=st.integers(1, 45),
    lift=st.integers(0, 2),
    start_ms=st.integers(0, 2900),
    length_ms=st.integers(40, 3000),
    followed=st.booleans(),
)
def test_times_are_in_order_whatever_the_span(
    *, pattern: str, gop: int, lift: int, start_ms: int, length_ms: int, followed: bool
) -> None:
    """Decoding goes forwards, no frame is shown before it is decoded, none after the end, and pieces join exactly."""
    track = video_track(pattern=pattern, gop=gop, lift=lift if pattern == "pyramid" else 0)
    samples = track.samples

    timing = timed(track, Fraction(start_ms, 1000), Fraction(start_ms + length_ms, 1000), followed=followed)

    decoded = timing.decode_times(samples, timing.first, timing.end)
    shown = timing.show_times(samples, timing.first, timing.end)
    assert timing.first == 0 or timing.first in (samples.sync or ())
    assert decoded[0] >= 0
    assert all(after > at for at, after in pairwise(decoded))
    assert all(show >= at for at, show in zip(decoded, shown, strict=True))
    assert max(shown) < timing.total
    middle = (timing.first + timing.end) // 2
    pieces = timing.decode_times(samples, timing.first, middle) + timing.decode_times(samples, middle, timing.end)
    assert pieces == decoded
    assert [timing.show_time(samples, index) for index in range(timing.first, timing.end)] == shown


def test_a_file_that_was_cut_by_an_edit_hides_the_frames_before_it() -> None:
    track = video_track(pattern="no B-frames")
    track.edits = [Edit(1000, 12 * FRAME)]

    numbers = [number for number, _ in seen(track, timed(track, None, None))]

    assert numbers == list(range(30))  # counted from the edit


def test_a_delay_by_an_empty_edit_shifts_the_span() -> None:
    track = video_track(pattern="no B-frames")
    track.edits = [Edit(500, -1), Edit(3000, 0)]

    span = span_of(movie_of_tracks(track, audio_track()), track, Fraction(1), Fraction(2))

    assert (span.start, span.end) == (VIDEO_SCALE // 2, VIDEO_SCALE * 3 // 2)


REFUSED = [
    ("two edits", [Edit(500, 0), Edit(500, 9000)], "puts its video together from 2 parts"),
    ("slow motion", [Edit(500, 0, Fraction(1, 2))], "at another speed"),
    ("an edit after the end", [Edit(0, 10_000_000)], "nothing of it"),
]


@pytest.mark.parametrize(("edits", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_an_edit_that_no_stream_can_follow_is_refused(edits: list[Edit], words: str) -> None:
    track = video_track()
    track.edits = edits

    with pytest.raises(NotStreamable, match=words):
        timed(track, None, None)


def test_a_track_without_a_keyframe_is_refused() -> None:
    track = video_track()
    assert track.samples.sync is not None
    del track.samples.sync[:]

    with pytest.raises(NotStreamable, match="no keyframe"):
        timed(track, None, None)
