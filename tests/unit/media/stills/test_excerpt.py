"""A tiny MP4 out of a long one: the samples that are needed, at times that its tables give."""

from array import array
from fractions import Fraction

import pytest

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Edit, Movie, SampleEntry, Samples, Track
from playhead.media.mp4.source import MemoryBytes
from playhead.media.stills.excerpt import Excerpt, header_of, plan_excerpt
from playhead.media.stills.times import ANY_KEYFRAME, StillTime
from tests.fixtures.tracks import audio_track

ENTRY = bytes.fromhex("00000056") + b"avc1" + bytes(6) + b"\x00\x01" + bytes(16) + b"\x01\x40\x00\xb4" + bytes(50)


def movie_of(
    *, gop: int = 10, frames: int = 100, cts: list[int] | None = None, edits: list[Edit] | None = None
) -> Movie:
    """Ten frames a second, a keyframe every *gop*; sample n has n + 1 bytes at offset 1000 n."""
    samples = Samples(
        sizes=array("I", range(1, frames + 1)),
        offsets=array("Q", range(0, frames * 1000, 1000)),
        dts=array("q", range(0, frames * 100 + 1, 100)),
        cts=array("i", (cts * frames)[:frames]) if cts else None,
        sync=array("I", range(0, frames, gop)),
    )
    entry = SampleEntry("avc1", ENTRY, width=320, height=180)
    track = Track(1, "video", 1000, 0, [entry], samples, edits=edits or [])
    return Movie(10**6, 1000, 0, [track], faststart=True, fragmented=False)


def sample_numbers(excerpt: Excerpt) -> list[int]:
    return [offset // 1000 for offset, _ in excerpt.spans]


@pytest.mark.parametrize(
    ("time", "samples"),
    [
        (StillTime(3.55, ANY_KEYFRAME), [30]),
        (StillTime(3.55, 3.0), [30]),
        (StillTime(3.55, 3.1), [30, 31, 32, 33, 34, 35]),
        (StillTime(3.0, 3.0), [30]),
        (StillTime(0.0, 0.0), [0]),
        (StillTime(99.0, ANY_KEYFRAME), [90]),
        (StillTime(9.99, 9.9), list(range(90, 100))),
        (StillTime(3.55, ANY_KEYFRAME, 0.3), [30, 31, 32, 33]),
        (StillTime(3.55, 3.2, 0.3), [30, 31, 32, 33, 34, 35, 36, 37, 38]),
        (StillTime(3.85, ANY_KEYFRAME, 1.2), list(range(30, 43))),
    ],
)
def test_what_is_needed_is_read_and_nothing_else(time: StillTime, samples: list[int]) -> None:
    """One keyframe where it will do; else all from it on to the requested frame."""
    assert sample_numbers(plan_excerpt(movie_of(), [time], budget=50)) == samples


def test_a_frame_too_far_from_its_keyframe_is_approached() -> None:
    """No more samples than may be decoded."""
    assert sample_numbers(plan_excerpt(movie_of(gop=100), [StillTime(9.0, 9.0)], budget=20)) == list(range(20))


def test_times_in_one_range_share_their_samples() -> None:
    """In the order of the video, whatever the order of the times; each keeps its distance from its keyframe."""
    wanted = [StillTime(5.0, ANY_KEYFRAME), StillTime(0.35, 0.3), StillTime(0.55, 0.5)]

    excerpt = plan_excerpt(movie_of(), wanted, budget=50)

    assert sample_numbers(excerpt) == [0, 1, 2, 3, 4, 5, 50]
    assert [round(time.at_s, 3) for time in excerpt.times] == [1.6, 0.35, 0.55]
    assert excerpt.times[1].since_s == pytest.approx(0.3)


def test_the_tables_say_where_the_samples_went() -> None:
    """Our own reader finds them: sizes, keyframes, and each range a second behind the one before."""
    excerpt = plan_excerpt(movie_of(), [StillTime(2.25, 2.2), StillTime(7.0, 7.0)], budget=50)
    data = b"".join(bytes([offset // 1000]) * size for offset, size in excerpt.spans)

    written = header_of(excerpt) + data
    found = read_movie(MemoryBytes(written))

    assert found.video is not None
    samples = found.video.samples
    assert list(samples.sizes) == [21, 22, 23, 71]
    assert list(samples.sync or ()) == [0, 3]
    assert list(samples.dts) == [0, 100, 200, 1300, 2400]
    assert samples.pts(3) / 1000 == pytest.approx(excerpt.times[1].at_s)
    assert [written[offset] for offset in samples.offsets] == [20, 21, 22, 70]


def test_frames_out_of_order_are_counted_by_when_they_are_shown() -> None:
    """Decoded 0 3 1 2, shown 0 1 2 3: to show frame 2, four samples are needed."""
    movie = movie_of(gop=4, cts=[0, 200, -100, -100])

    excerpt = plan_excerpt(movie, [StillTime(0.25, 0.2)], budget=50)

    assert sample_numbers(excerpt) == [0, 1, 2, 3]
    assert excerpt.times[0].at_s == pytest.approx(0.25)
    found = read_movie(MemoryBytes(header_of(excerpt) + bytes(10)))
    assert found.video is not None
    assert [found.video.samples.pts(index) - found.video.media_time for index in range(4)] == [0, 300, 100, 200]


@pytest.mark.parametrize(
    ("edits", "sample"),
    [
        ([Edit(9000, 1000)], 20),
        ([Edit(500, -1), Edit(9000, 0)], 0),
        ([Edit(500, -1), Edit(9000, 1000)], 10),
    ],
)
def test_an_edit_list_moves_the_beginning(edits: list[Edit], sample: int) -> None:
    """1 s into the video is 2 s into the track, or half a second after the audio."""
    movie = movie_of(edits=edits)
    movie.tracks.append(audio_track())

    assert sample_numbers(plan_excerpt(movie, [StillTime(1.05, ANY_KEYFRAME)], budget=50)) == [sample]


@pytest.mark.parametrize(
    ("time", "samples"),
    [
        (StillTime(0.0, ANY_KEYFRAME), [10, 11, 12, 13, 14]),
        (StillTime(0.6, ANY_KEYFRAME), [20]),
        (StillTime(9.0, ANY_KEYFRAME), [20]),
        (StillTime(9.0, 9.0), list(range(20, 24))),
        (StillTime(0.6, ANY_KEYFRAME, 2.0), list(range(20, 24))),
    ],
)
def test_no_still_is_made_of_what_an_edit_list_hides(time: StillTime, samples: list[int]) -> None:
    """The track is shown from 1.4 s to 2.4 s, amid its GOPs."""
    movie = movie_of(edits=[Edit(1000, 1400)])

    excerpt = plan_excerpt(movie, [time], budget=50)

    assert sample_numbers(excerpt) == samples


@pytest.mark.parametrize("edits", [[Edit(1, 0), Edit(1, 500)], [Edit(1, 0, Fraction(2))]])
def test_a_video_that_is_edited_in_other_ways_is_left_to_libav(edits: list[Edit]) -> None:
    with pytest.raises(Mp4Unreadable):
        plan_excerpt(movie_of(edits=edits), [StillTime(0, 0)], budget=1)


def test_so_is_one_without_a_video_track() -> None:
    with pytest.raises(Mp4Unreadable):
        plan_excerpt(Movie(0, 1, 0, [], faststart=True, fragmented=False), [StillTime(0, 0)], budget=1)


def test_frames_that_would_fill_the_memory_are_refused() -> None:
    """A hundred keyframes of 3 MB."""
    movie = movie_of(gop=1)
    assert movie.video is not None
    movie.video.samples.sizes = array("I", [3 << 20] * 100)

    with pytest.raises(Mp4Unreadable):
        plan_excerpt(movie, [StillTime(number / 10, ANY_KEYFRAME) for number in range(100)], budget=1)
