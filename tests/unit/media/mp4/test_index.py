"""From the boxes of a file to a movie: what is read, what is left out, what is refused."""

import struct

import pytest

from playhead.media.mp4.boxes import Mp4Unreadable, box, full_box
from playhead.media.mp4.index import movie_of, read_movie, top_boxes
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import MemoryBytes
from playhead.media.mp4.tables import TooManySamples
from playhead.media.mp4.write import movie_box
from playhead.media.orientation import UNITY, UPRIGHT, Orientation
from tests.fixtures.mp4_files import AVC_ENTRY, fragmented_file, picture_tables, plain_file, sound_tables
from tests.fixtures.mp4_surgery import spans

FTYP = box(b"ftyp", b"mp42", bytes(4))


def read(content: bytes) -> Movie:
    return read_movie(MemoryBytes(content))


def test_a_movie_is_read_as_it_is() -> None:
    movie = read(plain_file())

    assert (movie.brand, movie.faststart, movie.fragmented) == ("isom", True, False)
    assert movie.video is not None
    assert movie.audio is not None
    assert (movie.video.entry.fourcc, movie.video.entry.width, movie.video.entry.height) == ("avc1", 160, 90)
    assert (movie.audio.entry.fourcc, movie.audio.entry.channels, movie.audio.entry.sample_rate) == ("mp4a", 2, 48000)
    assert (len(movie.video.samples), len(movie.audio.samples)) == (12, 18)
    assert [movie.video.samples.pts(index) for index in range(4)] == [1024, 1024, 3072, 2560]
    assert movie.duration_s == pytest.approx(12 / 30)


def test_an_index_behind_the_media_is_no_faststart() -> None:
    index = movie_box([picture_tables(), sound_tables()], media_start=len(FTYP) + 8)

    movie = read(FTYP + box(b"mdat", bytes(600)) + index)

    assert not movie.faststart
    assert movie.brand == "mp42"
    assert movie.tracks[0].samples.offsets[0] == len(FTYP) + 8


def test_sizes_of_64_bits_and_boxes_to_the_end() -> None:
    index = movie_box([picture_tables()], media_start=16)
    wide = struct.pack(">I4sQ", 1, b"mdat", 616) + bytes(600)
    open_end = struct.pack(">I", 0) + index[4:]

    assert len(read(wide + open_end).tracks[0].samples) == 12


def test_a_few_bytes_behind_the_last_box_are_padding() -> None:
    assert len(read(plain_file() + b"\0\0\0").tracks) == 2


def with_handler(kind: bytes, handler: bytes) -> bytes:
    index = movie_box([picture_tables(), sound_tables()], media_start=0)
    return FTYP + index.replace(b"\0\0\0\0" + kind, b"\0\0\0\0" + handler, 1) + box(b"mdat", bytes(600))


@pytest.mark.parametrize("handler", [b"text", b"tmcd", b"meta", b"sbtl", b"hint", b"pict"])
def test_tracks_of_other_kinds_are_left_out(handler: bytes) -> None:
    assert [track.kind for track in read(with_handler(b"soun", handler)).tracks] == ["video"]


def test_pictures_of_chapters_are_left_out() -> None:
    index = movie_box([picture_tables(), picture_tables(1)], media_start=0)
    trak = index.index(b"trak")
    size = struct.unpack_from(">I", index, trak - 4)[0]
    tref = box(b"tref", box(b"chap", struct.pack(">I", 2)))
    first = struct.pack(">I4s", size + len(tref), b"trak") + index[trak + 4 : trak - 4 + size] + tref
    moov = box(b"moov", index[8 : trak - 4], first, index[trak - 4 + size :])

    assert [track.id for track in read(FTYP + moov + box(b"mdat", bytes(600))).tracks] == [1]


def test_a_cover_in_a_track_of_its_own_is_left_out() -> None:
    cover = picture_tables(1)
    cover.entry = AVC_ENTRY[:4] + b"jpeg" + AVC_ENTRY[8:]
    index = movie_box([picture_tables(), cover])

    assert [track.id for track in read(FTYP + index + box(b"mdat", bytes(600))).tracks] == [1]


def turned(*numbers: int) -> bytes:
    return struct.pack(">9i", *numbers, *(0, 0, 0x40000000)[: 9 - len(numbers)])


ONE = 0x10000


@pytest.mark.parametrize(
    ("matrix", "found"),
    [
        (UNITY, UPRIGHT),
        (turned(0, ONE, 0, -ONE, 0, 0), Orientation(90)),
        (turned(-ONE, 0, 0, 0, ONE, 0), Orientation(0, mirrored=True)),
    ],
)
def test_a_track_is_oriented_by_its_matrix(matrix: bytes, found: Orientation) -> None:
    tables = picture_tables()
    tables.matrix = matrix
    index = movie_box([tables])

    assert movie_of(index[8:], size_bytes=5000, moov_offset=0).tracks[0].orientation == found


def test_the_matrix_of_the_movie_follows_that_of_the_track() -> None:
    """A mirrored track of a movie that turns by 90 degrees is both; a movie without a matrix changes nothing."""
    tables = picture_tables()
    tables.matrix = turned(-ONE, 0, 0, 0, ONE, 0)
    index = movie_box([tables])
    shared = spans(index, "moov/mvhd")[-1][0] + 8 + 36
    whole = index[:shared] + turned(0, ONE, 0, -ONE, 0, 0) + index[shared + 36 :]

    assert movie_of(whole[8:], size_bytes=5000, moov_offset=0).tracks[0].orientation == Orientation(90, mirrored=True)
    assert movie_of(index[8:], size_bytes=5000, moov_offset=0).tracks[0].matrix == tables.matrix


@pytest.mark.parametrize(
    ("packed", "language"), [(0x15C7, "eng"), (0x55C4, "und"), (0, "und"), (0x3FF, "und"), (0x7FFF, "und")]
)
def test_languages(packed: int, language: str) -> None:
    """Numbers below 0x400 are QuickTime's own."""
    index = bytearray(movie_box([picture_tables()]))
    mdhd = index.index(b"mdhd")
    struct.pack_into(">H", index, mdhd + 24, packed)

    assert movie_of(bytes(index[8:]), size_bytes=5000, moov_offset=0).tracks[0].language == language


def changed(name: bytes, at: int, content: bytes, base: bytes | None = None) -> bytes:
    """Overwrite bytes behind the first box of a type."""
    file = bytearray(base or plain_file())
    start = file.index(name) + 4 + at
    file[start : start + len(content)] = content
    return bytes(file)


MONTHS = struct.pack(">III", 1, 12, 15360 * 86_400 * 3)

REFUSED = {
    "nothing": b"",
    "prose": b"Dear diary, today I filmed nothing at all.\n" * 9,
    "no index": FTYP + box(b"mdat", bytes(100)),
    "an index that is cut off": plain_file()[:400],
    "media that is cut off": plain_file()[:-300],
    "an index of the wrong size": changed(b"moov", -8, struct.pack(">I", 1 << 30)),
    "a box of 4 bytes": changed(b"trak", -8, struct.pack(">I", 4)),
    "no time": changed(b"mdhd", 12, bytes(4)),
    "no time in the movie": changed(b"mvhd", 12, bytes(4)),
    "a month and more": changed(b"stts", 4, MONTHS),
    "no sample entry": changed(b"stsd", 4, bytes(4)),
    "an entry that is not there": changed(b"stsc", 16, struct.pack(">I", 9)),
    "no table of sizes": changed(b"stsz", -4, b"free"),
    "no header": changed(b"tkhd", -4, b"free"),
    "a million edits": changed(b"elst", 4, struct.pack(">I", 1_000_000)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused(name: str) -> None:
    with pytest.raises(Mp4Unreadable):
        read(REFUSED[name])


def test_too_many_tracks_are_refused() -> None:
    index = movie_box([picture_tables()] * 65)

    with pytest.raises(Mp4Unreadable, match="65 tracks"):
        movie_of(index[8:], size_bytes=5000, moov_offset=0)


def test_samples_of_all_tracks_have_one_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound beyond it is left out, but for a caller that may ask again for more."""
    with pytest.raises(TooManySamples):
        read_movie(MemoryBytes(plain_file()), most=29)

    monkeypatch.setattr("playhead.media.mp4.index.MAX_SAMPLES", 29)
    assert read_movie(MemoryBytes(plain_file()), most=29).unread == (1,)


def test_too_many_boxes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playhead.media.mp4.index.MAX_TOP_BOXES", 20)

    with pytest.raises(Mp4Unreadable, match="more than 20 boxes"):
        list(top_boxes(MemoryBytes(full_box(b"free", 0, 0) * 21)))


def test_all_samples_may_use_a_later_entry() -> None:
    """The entry in use comes first; only samples of several entries are mixed."""
    index = movie_box([picture_tables()])
    stsd = index.index(b"stsd") - 4
    old = struct.unpack_from(">I", index, stsd)[0]
    other = AVC_ENTRY.replace(b"avc1", b"hvc1")
    both = full_box(b"stsd", 0, 0, struct.pack(">I", 2), other, AVC_ENTRY)
    grown = bytearray(index[:stsd] + both + index[stsd + old :])
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        at = grown.index(name) - 4
        struct.pack_into(">I", grown, at, struct.unpack_from(">I", grown, at)[0] + len(both) - old)
    struct.pack_into(">I", grown, grown.index(b"stsc") + 20, 2)

    track = movie_of(bytes(grown[8:]), size_bytes=5000, moov_offset=0).tracks[0]

    assert ([entry.fourcc for entry in track.entries], track.mixed) == (["avc1", "hvc1"], False)


def test_a_fragmented_file_is_read_through() -> None:
    assert read(fragmented_file()).fragmented


def covered(moov: bytes, covers: int) -> bytes:
    """A movie box with covers in front of its tracks, as some taggers put them."""
    data = box(b"data", struct.pack(">II", 13, 0), bytes(4))
    ilst = box(b"ilst", box(b"covr", *[data] * covers))
    start = moov.index(b"trak") - 4
    return moov[:start] + box(b"udta", full_box(b"meta", 0, 0, ilst)) + moov[start:]


@pytest.mark.parametrize("covers", [0, 1, 2])
def test_a_track_has_the_index_that_libav_gives_its_stream(covers: int) -> None:
    """Tracks of text count as well, and so do covers that come before the tracks."""
    index = movie_box([picture_tables(), sound_tables(), sound_tables()])
    index = index.replace(b"\0\0\0\0soun", b"\0\0\0\0text", 1)

    movie = movie_of(covered(index[8:], covers), size_bytes=5000, moov_offset=0)

    assert [(track.kind, track.index) for track in movie.tracks] == [("video", covers), ("audio", covers + 2)]
    assert movie.audio_track(covers + 2) is movie.audio is movie.audio_track(-1)
    assert movie.audio_track(covers) is None


def test_a_track_is_enabled_where_its_header_says_so() -> None:
    index = bytearray(movie_box([picture_tables(), sound_tables()]))
    flags = index.rindex(b"tkhd") + 4
    assert index[flags : flags + 4] == b"\0\0\0\3"
    index[flags + 3] = 2

    movie = movie_of(bytes(index[8:]), size_bytes=5000, moov_offset=0)

    assert [track.enabled for track in movie.tracks] == [True, False]


UNREAD: dict[str, tuple[bytes, bytes]] = {
    "an entry of a version not known": (b"mp4a" + bytes(7) + b"\1\0\0", b"mp4a" + bytes(7) + b"\1\0\7"),
    "no sample entries": (b"stsd" + bytes(7) + b"\1", b"stsd" + bytes(8)),
    "no sizes": (b"stsz", b"nope"),
    "a timescale of 0": (struct.pack(">I", 48_000) + struct.pack(">I", 1024 * 18), bytes(8)),
}


@pytest.mark.parametrize("name", UNREAD)
def test_an_audio_track_that_cannot_be_read_takes_no_other_down(name: str) -> None:
    """Of the first of two audio tracks only the index is kept; the second is not taken for it."""
    before, after = UNREAD[name]
    index = movie_box([picture_tables(), sound_tables(), sound_tables()])
    place = index.index(before, index.index(b"trak", index.index(b"trak") + 4))
    damaged = index[:place] + after + index[place + len(before) :]

    movie = movie_of(damaged[8:], size_bytes=5000, moov_offset=0)

    assert ([track.index for track in movie.tracks], movie.unread) == ([0, 2], (1,))
    assert movie.audio_track(-1) is movie.audio_track(1) is None
    assert movie.audio_track(2) is movie.audio


def test_a_video_track_that_cannot_be_read_refuses_the_file() -> None:
    """Another one would be taken for it."""
    index = movie_box([picture_tables(), picture_tables()]).replace(b"stsz", b"nope", 1)

    with pytest.raises(Mp4Unreadable):
        movie_of(index[8:], size_bytes=5000, moov_offset=0)
