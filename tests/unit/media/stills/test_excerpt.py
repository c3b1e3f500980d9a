"""A tiny film out of a long one: the samples that are needed, at times that are told."""

from array import array
from fractions import Fraction

import pytest

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Edit, Movie, SampleEntry, Samples, Track
from playhead.media.mp4.source import MemoryBytes
from playhead.media.stills.excerpt import Excerpt, header_of, plan_excerpt
from playhead.media.stills.moment import ANY_KEYFRAME, Moment
from tests.fixtures.tracks import audio_track

ENTRY = bytes.fromhex("00000056") + b"avc1" + bytes(6) + b"\x00\x01" + bytes(16) + b"\x01\x40\x00\xb4" + bytes(50)


def film(*, gop: int = 10, pictures: int = 100, cts: list[int] | None = None, edits: list[Edit] | None = None) -> Movie:
    """Ten pictures a second, a keyframe every *gop*; sample n has n + 1 bytes at offset 1000 n."""
    samples = Samples(
        sizes=array("I", range(1, pictures + 1)),
        offsets=array("Q", range(0, pictures * 1000, 1000)),
        dts=array("q", range(0, pictures * 100 + 1, 100)),
        cts=array("i", (cts * pictures)[:pictures]) if cts else None,
        sync=array("I", range(0, pictures, gop)),
    )
    entry = SampleEntry("avc1", ENTRY, width=320, height=180)
    track = Track(1, "video", 1000, 0, [entry], samples, edits=edits or [])
    return Movie(10**6, 1000, 0, [track], faststart=True, fragmented=False)


def sample_numbers(excerpt: Excerpt) -> list[int]:
    return [offset // 1000 for offset, _ in excerpt.spans]


@pytest.mark.parametrize(
    ("moment", "samples"),
    [
        (Moment(3.55, ANY_KEYFRAME), [30]),
        (Moment(3.55, 3.0), [30]),
        (Moment(3.55, 3.1), [30, 31, 32, 33, 34, 35]),
        (Moment(3.0, 3.0), [30]),
        (Moment(0.0, 0.0), [0]),
        (Moment(99.0, ANY_KEYFRAME), [90]),
        (Moment(9.99, 9.9), list(range(90, 100))),
        (Moment(3.55, ANY_KEYFRAME, 0.3), [30, 31, 32, 33]),
        (Moment(3.55, 3.2, 0.3), [30, 31, 32, 33, 34, 35, 36, 37, 38]),
        (Moment(3.85, ANY_KEYFRAME, 1.2), list(range(30, 43))),
    ],
)
def test_what_is_needed_is_read_and_nothing_else(moment: Moment, samples: list[int]) -> None:
    """One keyframe where it will do; else all from it on to the picture that is wanted."""
    assert sample_numbers(plan_excerpt(film(), [moment], budget=50)) == samples


def test_a_picture_too_far_from_its_keyframe_is_approached() -> None:
    """No more samples than may be decoded."""
    assert sample_numbers(plan_excerpt(film(gop=100), [Moment(9.0, 9.0)], budget=20)) == list(range(20))


def test_moments_in_one_stretch_share_their_samples() -> None:
    """In the order of the film, whatever the order of the moments; each keeps its distance from its keyframe."""
    wanted = [Moment(5.0, ANY_KEYFRAME), Moment(0.35, 0.3), Moment(0.55, 0.5)]

    excerpt = plan_excerpt(film(), wanted, budget=50)

    assert sample_numbers(excerpt) == [0, 1, 2, 3, 4, 5, 50]
    assert [round(moment.at_s, 3) for moment in excerpt.moments] == [1.6, 0.35, 0.55]
    assert excerpt.moments[1].since_s == pytest.approx(0.3)


def test_the_tables_say_where_the_samples_went() -> None:
    """Our own reader finds them: sizes, keyframes, and each stretch a second behind the one before."""
    excerpt = plan_excerpt(film(), [Moment(2.25, 2.2), Moment(7.0, 7.0)], budget=50)
    data = b"".join(bytes([offset // 1000]) * size for offset, size in excerpt.spans)

    written = header_of(excerpt) + data
    found = read_movie(MemoryBytes(written))

    assert found.video is not None
    samples = found.video.samples
    assert list(samples.sizes) == [21, 22, 23, 71]
    assert list(samples.sync or ()) == [0, 3]
    assert list(samples.dts) == [0, 100, 200, 1300, 2400]
    assert samples.pts(3) / 1000 == pytest.approx(excerpt.moments[1].at_s)
    assert [written[offset] for offset in samples.offsets] == [20, 21, 22, 70]


def test_pictures_out_of_order_are_counted_by_when_they_are_shown() -> None:
    """Decoded 0 3 1 2, shown 0 1 2 3: to show picture 2, four samples are needed."""
    movie = film(gop=4, cts=[0, 200, -100, -100])

    excerpt = plan_excerpt(movie, [Moment(0.25, 0.2)], budget=50)

    assert sample_numbers(excerpt) == [0, 1, 2, 3]
    assert excerpt.moments[0].at_s == pytest.approx(0.25)
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
    """1 s into the film is 2 s into the track, or half a second after the sound."""
    movie = film(edits=edits)
    movie.tracks.append(audio_track())

    assert sample_numbers(plan_excerpt(movie, [Moment(1.05, ANY_KEYFRAME)], budget=50)) == [sample]


@pytest.mark.parametrize(
    ("moment", "samples"),
    [
        (Moment(0.0, ANY_KEYFRAME), [10, 11, 12, 13, 14]),
        (Moment(0.6, ANY_KEYFRAME), [20]),
        (Moment(9.0, ANY_KEYFRAME), [20]),
        (Moment(9.0, 9.0), list(range(20, 24))),
        (Moment(0.6, ANY_KEYFRAME, 2.0), list(range(20, 24))),
    ],
)
def test_no_picture_is_made_of_what_an_edit_list_hides(moment: Moment, samples: list[int]) -> None:
    """The track is shown from 1.4 s to 2.4 s, amid its GOPs."""
    movie = film(edits=[Edit(1000, 1400)])

    excerpt = plan_excerpt(movie, [moment], budget=50)

    assert sample_numbers(excerpt) == samples


@pytest.mark.parametrize("edits", [[Edit(1, 0), Edit(1, 500)], [Edit(1, 0, Fraction(2))]])
def test_a_film_that_is_edited_in_other_ways_is_left_to_libav(edits: list[Edit]) -> None:
    with pytest.raises(Mp4Unreadable):
        plan_excerpt(film(edits=edits), [Moment(0, 0)], budget=1)


def test_so_is_one_without_pictures() -> None:
    with pytest.raises(Mp4Unreadable):
        plan_excerpt(Movie(0, 1, 0, [], faststart=True, fragmented=False), [Moment(0, 0)], budget=1)


def test_pictures_that_would_fill_the_memory_are_refused() -> None:
    """A hundred keyframes of 3 MB."""
    movie = film(gop=1)
    assert movie.video is not None
    movie.video.samples.sizes = array("I", [3 << 20] * 100)

    with pytest.raises(Mp4Unreadable):
        plan_excerpt(movie, [Moment(number / 10, ANY_KEYFRAME) for number in range(100)], budget=1)
