"""Segments of pictures and of sound: where they are cut, which bytes they are of, how silence fills what is missing."""

import struct
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import pytest

from playhead.media.hls.audio import SegmentedAudio
from playhead.media.hls.errors import NotStreamable
from playhead.media.hls.stream import cut_stream, whole_stream
from playhead.media.hls.video import SegmentedVideo
from playhead.media.mp4.aac import SILENT_FRAMES
from playhead.media.mp4.boxes import Box, children, need, walk
from playhead.media.mp4.movie import Edit, Movie, SampleEntry
from playhead.media.mp4.segments import Part
from tests.fixtures.tracks import audio_track, movie_of_tracks, video_track


class Read(NamedTuple):
    """A segment as another reader would see it; times in ticks."""

    number: int
    start: int
    durations: list[int]
    sizes: list[int]
    flags: list[int]
    shifts: list[int]
    media: int


def read(parts: list[Part]) -> Read:
    """Take the head of a segment apart."""
    head = parts[0]
    assert isinstance(head, bytes)
    whole = head + b"".join(part if isinstance(part, bytes) else bytes(part[1] - part[0]) for part in parts[1:])
    boxes = {found.kind: found for found in walk(whole)}
    assert list(boxes) == [b"styp", b"moof", b"mdat"]
    moof = children(whole, boxes[b"moof"])
    traf = children(whole, need(moof, b"traf"))
    trun = need(traf, b"trun")
    flags, count, offset = struct.unpack_from(">III", whole, trun.start)
    flags &= 0xFFFFFF
    assert boxes[b"moof"].start - 8 + offset == boxes[b"mdat"].start == len(head)
    columns = [bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800)]
    numbers = struct.unpack_from(f">{sum(columns) * count}I", whole, trun.start + 12)
    rows = iter(numbers[place :: sum(columns)] for place in range(sum(columns)))
    durations, sizes, marks, shifts = [list(next(rows)) if there else [] for there in columns]
    return Read(
        number=_number(whole, need(moof, b"mfhd")),
        start=struct.unpack_from(">Q", whole, need(traf, b"tfdt").start + 4)[0],
        durations=durations,
        sizes=sizes,
        flags=marks,
        shifts=shifts,
        media=boxes[b"mdat"].end - boxes[b"mdat"].start,
    )


def _number(whole: bytes, mfhd: Box) -> int:
    return int(struct.unpack_from(">I", whole, mfhd.start + 4)[0])


def every(stream: SegmentedVideo | SegmentedAudio) -> list[Read]:
    """All segments."""
    return [read(stream.segment(number)) for number in range(len(stream.cuts) - 1)]


def spans(stream: SegmentedVideo | SegmentedAudio) -> list[tuple[int, int]]:
    """Where the media lies, all segments together."""
    parts = [part for number in range(len(stream.cuts) - 1) for part in stream.segment(number)]
    return [part for part in parts if isinstance(part, tuple)]


def test_pictures_are_cut_at_the_first_keyframe_after_six_seconds() -> None:
    track = video_track(frames=30 * 20, gop=75)

    stream = SegmentedVideo(movie_of_tracks(track), track)

    assert stream.cuts == [0, 225, 450, 600]
    assert [round(float(at), 3) for at in stream.bounds_s] == [0, 7.5, 15, 20]


def test_less_than_a_second_is_not_cut_off() -> None:
    track = video_track(frames=30 * 12 + 29, gop=30)

    assert SegmentedVideo(movie_of_tracks(track), track).cuts == [0, 180, 389]


def test_segments_hold_every_sample_once_and_their_times_join() -> None:
    track = video_track(frames=30 * 20, gop=60)
    stream = SegmentedVideo(movie_of_tracks(track), track)

    segments = every(stream)

    assert [segment.number for segment in segments] == [1, 2, 3, 4]
    assert [size for segment in segments for size in segment.sizes] == list(track.samples.sizes)
    assert spans(stream) == [(5000 + at, 5000 + end) for at, end in _places(stream)]
    for one, after in pairwise(segments):
        assert one.start < one.start + sum(one.durations) <= after.start
    assert all(segment.media == sum(segment.sizes) for segment in segments)
    assert all(segment.flags[0] == 0x02000000 for segment in segments)
    assert sum(flag == 0x02000000 for segment in segments for flag in segment.flags) == 10


@pytest.mark.parametrize("open_gop", [False, True])
def test_a_segment_is_decoded_from_the_moment_its_first_frame_is_shown(*, open_gop: bool) -> None:
    """Players take the one for the other where they begin in the middle; and each ends where the next one begins."""
    track = video_track(frames=30 * 20, gop=60, open_gop=open_gop)
    stream = SegmentedVideo(movie_of_tracks(track), track)

    for number, segment in enumerate(every(stream)):
        decoded = [segment.start + sum(segment.durations[:place]) for place in range(len(segment.durations))]
        shown = [at + shift for at, shift in zip(decoded, segment.shifts, strict=True)]
        ends = [at + duration for at, duration in zip(shown, segment.durations, strict=True)]
        begin, end = (at * stream.timing.timescale for at in stream.bounds_s[number : number + 2])
        assert abs(segment.start - begin) <= 4 * stream.timing.step
        assert min(shown) - segment.start <= 4 * stream.timing.step
        assert max(ends) == end


def _places(stream: SegmentedVideo) -> list[tuple[int, int]]:
    sizes = stream.track.samples.sizes
    return [(sum(sizes[:start]), sum(sizes[:end])) for start, end in pairwise(stream.cuts)]


def test_sound_is_cut_where_the_pictures_are_to_half_a_packet() -> None:
    picture = video_track(frames=30 * 20, gop=60)
    movie = movie_of_tracks(picture, audio_track(packets=940))
    stream = whole_stream(movie)
    assert stream.audio is not None

    differences = [a - b for a, b in zip(stream.video.bounds_s, stream.audio.bounds_s, strict=True)]

    assert all(abs(difference) <= Fraction(512, 48_000) for difference in differences[1:-1])
    assert sum(len(segment.sizes) for segment in every(stream.audio)) == 940
    assert spans(stream.audio)[0][0] == 1_000_000


def test_the_priming_packet_of_a_whole_video_is_skipped_by_an_edit_list() -> None:
    stream = whole_stream(movie_of_tracks(video_track(pattern="no B-frames"), audio_track()))
    assert stream.audio is not None

    init = stream.audio.init()

    at = init.index(b"elst") + 4
    assert struct.unpack_from(">IIQqI", init, at) == (0x01000000, 1, 0, 1024, 0x10000)
    assert every(stream.audio)[0].start == 0


SOUNDS = [
    # name, packets, first dts, span, silent before, from the track, silent after
    ("as long as the span", 141, 0, (Fraction(1), Fraction(2)), 0, 47, 0),
    ("ends early", 80, 0, (Fraction(1), Fraction(2)), 0, 32, 15),
    ("begins late", 141, 48_000, (Fraction(0), Fraction(2)), 46, 48, 0),
    ("not in the span", 141, 96_000, (Fraction(0), Fraction(1)), 0, 0, 47),
]  # fmt: skip


@pytest.mark.parametrize(
    ("packets", "first_dts", "span", "before", "taken", "after"),
    [row[1:] for row in SOUNDS],
    ids=[r[0] for r in SOUNDS],
)
def test_silence_stands_where_a_span_has_no_sound(
    packets: int, first_dts: int, span: tuple[Fraction, Fraction], before: int, taken: int, after: int
) -> None:
    sound = audio_track(packets=packets, first_dts=first_dts)
    movie = movie_of_tracks(video_track(gop=15), sound)

    stream = cut_stream(movie, *span, followed=True).audio

    assert stream is not None
    assert (stream.before, stream.end - stream.first, stream.after) == (before, taken, after)
    (segment,) = every(stream)
    assert abs(sum(segment.durations) / 48_000 - float(span[1] - span[0])) < 0.022
    silent = [part for part in stream.segment(0)[1:] if isinstance(part, bytes)]
    assert b"".join(silent) == SILENT_FRAMES[2] * (before + after)


def test_a_span_of_a_silent_video_has_as_much_silence() -> None:
    stream = cut_stream(movie_of_tracks(video_track()), Fraction(1), Fraction(2), followed=False).audio

    assert stream is not None
    (segment,) = every(stream)
    assert set(segment.sizes) == {len(SILENT_FRAMES[2])}
    assert sum(segment.durations) / 48_000 == pytest.approx(1.0, abs=0.011)


def test_sound_begins_within_half_a_packet_of_the_pictures() -> None:
    """Earlier is told by an edit list, later by the decode time: both to two samples."""
    sound = audio_track()
    for start_ms in range(1000, 1024):
        start_s = Fraction(start_ms, 1000)
        stream = cut_stream(movie_of_tracks(video_track(), sound), start_s, Fraction(2), followed=True)
        assert stream.audio is not None
        base, first = stream.audio._base, stream.audio.first

        exact = Fraction(sound.samples.dts[first] - sound.media_time, 48_000) - start_s + stream.video.lead_s
        assert abs(base) <= 512
        assert abs(Fraction(base, 48_000) - exact) <= Fraction(2, 48_000)


def test_sound_that_cannot_be_joined_is_silence_and_says_why() -> None:
    sound = audio_track()
    sound.entries = [SampleEntry("Opus", b"\0\0\0\x08Opus", b"dOps", channels=2, sample_rate=48_000)]

    stream = cut_stream(movie_of_tracks(video_track(), sound), Fraction(0), Fraction(1), followed=False)

    assert stream.audio is not None
    assert stream.audio.first == stream.audio.end
    assert "opus" in stream.left_out.lower()


def test_pictures_that_no_player_knows_are_refused() -> None:
    track = video_track()
    track.entries = [SampleEntry("mp4v", b"\0\0\0\x08mp4v", b"\0", 320, 180)]

    with pytest.raises(NotStreamable, match="its video is MPEG-4, which not every player takes"):
        whole_stream(movie_of_tracks(track))


def test_only_h264_is_played_between_other_clips() -> None:
    track = video_track()
    config = bytes.fromhex("0101600000009000000000005df000fcfdf8f800000f03")
    track.entries = [SampleEntry("hvc1", b"\0\0\0\x08hvc1", config, 320, 180)]

    assert whole_stream(movie_of_tracks(track)).codecs[0].startswith("hvc1.")
    with pytest.raises(NotStreamable, match="its video is HEVC, which not every player takes"):
        cut_stream(movie_of_tracks(track), Fraction(0), Fraction(1), followed=False)


def test_a_delayed_track_keeps_its_distance() -> None:
    sound = audio_track(media_time=0)
    sound.edits = [Edit(500, -1), Edit(3008, 0)]

    stream = whole_stream(movie_of_tracks(video_track(pattern="no B-frames"), sound)).audio

    assert stream is not None
    assert stream.before == round(0.5 * 48_000 / 1024)
    assert abs(every(stream)[0].start) <= 512


def test_a_video_without_a_keyframe_for_hours_is_refused() -> None:
    """Its silence alone would be a body of a megabyte an hour, made in memory."""
    track = video_track(frames=60, gop=60, pattern="no B-frames")
    assert track.edits == []
    track.samples.dts[-1] += 3700 * track.timescale

    with pytest.raises(NotStreamable, match="no keyframe for 370"):
        SegmentedVideo(movie_of_tracks(track), track)


def test_times_beyond_32_bits_are_refused() -> None:
    sound = audio_track()
    sound.samples.dts[-1] += 1 << 33

    stream = whole_stream(movie_of_tracks(video_track(), sound)).audio

    assert stream is not None
    with pytest.raises(NotStreamable, match="lasts for hours"):
        stream.segment(len(stream.cuts) - 2)


def several(*fourccs: str) -> Movie:
    """Pictures, then audio tracks of AAC (``mp4a``) or of another codec, with the indexes 1, 2..."""
    tracks = []
    for index, fourcc in enumerate(fourccs, 1):
        track = audio_track()
        track.index = index
        if fourcc != "mp4a":
            track.entries = [SampleEntry(fourcc, b"", channels=2, sample_rate=48_000)]
        tracks.append(track)
    return movie_of_tracks(video_track(), *tracks)


HEARD: dict[str, tuple[tuple[str, ...], tuple[int, ...], int | None]] = {
    "the first of two": (("mp4a", "mp4a"), (), 1),
    "the chosen one": (("mp4a", "mp4a", "mp4a"), (3, 1, 2), 3),
    "the next one that players take": (("sowt", "alac", "mp4a"), (1, 2, 3), 3),
    "one that all players take before one that some do": (("ac-3", "mp4a"), (1, 2), 2),
    "one that some take if there is no other": (("sowt", "ac-3"), (1, 2), 2),
    "none that may not stand in": (("sowt", "mp4a", "mp4a"), (1,), None),
}


@pytest.mark.parametrize(("fourccs", "audio", "heard"), HEARD.values(), ids=HEARD)
def test_of_several_audio_tracks_is_heard(fourccs: tuple[str, ...], audio: tuple[int, ...], heard: int | None) -> None:
    movie = several(*fourccs)
    if heard is None:
        with pytest.raises(NotStreamable, match="its audio is sowt"):
            whole_stream(movie, audio)
        return

    stream = whole_stream(movie, audio)

    assert stream.audio is not None
    assert stream.audio.track == heard
    assert bool(stream.left_out) == (heard != (audio or (1,))[0])


def test_a_clip_says_when_another_audio_track_stands_in() -> None:
    """Between clips of other videos only AAC is played; what was chosen is not left out silently."""
    span = Fraction(0), Fraction(1)

    chosen = cut_stream(several("mp4a", "mp4a"), *span, followed=False, audio=(2, 1))
    other = cut_stream(several("ac-3", "mp4a"), *span, followed=False, audio=(1, 2))

    assert chosen.audio is not None
    assert other.audio is not None
    assert (chosen.audio.track, chosen.left_out) == (2, "")
    assert (other.audio.track, other.left_out) == (2, "its audio is AC-3, which not every player takes")


def test_sound_that_cannot_be_read_is_not_taken_for_silence() -> None:
    movie = replace(movie_of_tracks(video_track()), unread=(1,))

    with pytest.raises(NotStreamable, match="described in a way that is not known"):
        whole_stream(movie)
    assert "not known" in cut_stream(movie, Fraction(0), Fraction(1), followed=False).left_out


LATE = [Edit(500, -1), Edit(3000, 0)]


def test_the_first_frame_is_held_from_the_start_of_the_sound_on() -> None:
    picture, sound = video_track(pattern="no B-frames"), audio_track(packets=165)
    picture.edits = list(LATE)

    stream = whole_stream(movie_of_tracks(picture, sound))

    first = every(stream.video)[0]
    assert stream.video.bounds_s[-1] == Fraction(7, 2)
    lasts_s = [duration / stream.video.timing.timescale for duration in first.durations[:2]]
    assert lasts_s == pytest.approx([0.5 + 1 / 30, 1 / 30])
    assert stream.audio is not None
    assert stream.audio.end - stream.audio.first == 165
    assert every(stream.audio)[0].start == 0


HELD = [
    # name, start, end, frames, sound packets about
    ("from the start", "0", "3.5", 90, 164),
    ("from amid the wait", "0.2", "1", 15, 38),
    ("within the wait", "0.1", "0.4", 1, 14),
    ("from a little before the first frame", "0.45", "1", 15, 23),
    ("past the last frame", "3", "3.5", 15, 23),
]


@pytest.mark.parametrize(("start", "end", "frames", "packets"), [row[1:] for row in HELD], ids=[r[0] for r in HELD])
def test_a_span_holds_the_frame_that_is_nearest_to_its_sound(start: str, end: str, frames: int, packets: int) -> None:
    picture, sound = video_track(pattern="no B-frames"), audio_track(packets=190)
    picture.edits = list(LATE)

    stream = cut_stream(movie_of_tracks(picture, sound), Fraction(start), Fraction(end), followed=False)

    held = Fraction("0.05") if start == "0.45" else 0
    assert stream.video.bounds_s[-1] - stream.video.lead_s == Fraction(end) - Fraction(start) - held
    assert stream.video.timing.visible == frames
    assert stream.audio is not None
    assert abs(stream.audio.end - stream.audio.first - packets) <= 1


def test_the_last_frame_is_held_while_the_sound_goes_on() -> None:
    picture, sound = video_track(pattern="no B-frames"), audio_track(packets=190)

    stream = cut_stream(movie_of_tracks(picture, sound), Fraction(2), Fraction(4), followed=False)

    assert stream.video.bounds_s[-1] - stream.video.lead_s == 2
    assert stream.video.timing.visible == 30
    assert stream.audio is not None
    assert abs(stream.audio.end - stream.audio.first - 94) <= 1


@pytest.mark.parametrize("whole", [True, False])
def test_packets_that_an_edit_list_hides_are_left_out(*, whole: bool) -> None:
    """But for the one before the first, without which that is not complete."""
    picture, sound = video_track(pattern="no B-frames"), audio_track()
    sound.edits = [Edit(500, -1), Edit(1000, 20 * 1024)]
    movie = movie_of_tracks(picture, sound)

    stream = whole_stream(movie) if whole else cut_stream(movie, Fraction(0), Fraction(3), followed=False)

    assert stream.audio is not None
    assert (stream.audio.first, stream.audio.end) == (19, 20 + 46)
    assert stream.audio.before == round(0.5 * 48_000 / 1024) - 1
    assert stream.audio.after == (0 if whole else 71)
