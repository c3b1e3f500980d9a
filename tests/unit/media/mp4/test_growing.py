"""Files that grow: what is whole is read, what is torn waits, and nothing raises."""

from pathlib import Path

import pytest

from playhead.media.mp4.growing import Fragment, GrowingFile
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import MemoryBytes
from tests.fixtures.live_files import FRAGMENT_S, FRAMES, growing_content, other_fragment
from tests.fixtures.mp4_files import header, run_box, segment, track_fragment


def scanned(path: Path, content: bytes) -> GrowingFile:
    """A file with this content, scanned once."""
    path.write_bytes(content)
    file = GrowingFile(path)
    file.scan()
    return file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "part.mp4"


def test_fragments_are_found_with_their_places_and_times(path: Path) -> None:
    """A GOP of two fragments: the first of each begins with its keyframe."""
    content = growing_content(seconds=4, gop_s=1)

    file = scanned(path, content)

    assert [track.kind for track in file.tracks] == ["video", "audio"]
    assert file.init_size == len(header("video", "audio"))
    assert len(file.fragments) == 8
    assert [each.keyframe for each in file.fragments] == [True, False] * 4
    assert [each.start_s for each in file.fragments] == [FRAGMENT_S * number for number in range(8)]
    assert {each.duration_s for each in file.fragments} == {FRAGMENT_S}
    assert file.end_s == 4.0
    assert file.fragments[0].offset == file.init_size
    assert file.fragments[-1].offset + file.fragments[-1].size == len(content) == file.whole_bytes
    assert not file.truncated


def test_a_file_that_grows_is_read_on_from_where_the_last_scan_stopped(path: Path) -> None:
    """Byte by byte: each fragment appears once, when its last byte is there."""
    content = growing_content(seconds=2)
    whole = scanned(path, content).fragments[:]
    ends = {each.offset + each.size for each in whole}
    path.unlink()
    file = GrowingFile(path)
    assert file.scan() == 0

    found: list[Fragment] = []
    with path.open("wb", buffering=0) as out:
        for number, byte in enumerate(content, 1):
            out.write(bytes([byte]))
            assert file.scan() == (number in ends)
            found = file.fragments[:]

    assert found == whole


def test_a_file_cut_at_any_byte_keeps_every_fragment_before_the_cut(path: Path) -> None:
    """The last two seconds, byte by byte; the reader that finalises agrees about the whole fragments."""
    content = growing_content(seconds=4)
    whole = scanned(path, content).fragments[:]
    tail = next(each.offset for each in whole if each.start_s >= 2)

    for cut in range(tail, len(content)):
        file = scanned(path, content[:cut])
        movie = read_movie(MemoryBytes(content[:cut]))
        before = [each for each in whole if each.offset + each.size <= cut]
        assert file.fragments[:] == before
        assert file.truncated == (cut > before[-1].offset + before[-1].size)
        assert movie.video is not None
        assert len(movie.video.samples) >= FRAMES * len(before)


@pytest.mark.parametrize(
    "damage",
    [
        bytes(64),
        b"\xff" * 64,
        b"\0\0\0\x10moof" + bytes(8),
        b"\0\0\0\x01mdat" + b"\xff" * 8,
        b"\0\0\0\x18moof\0\0\0\x10traf\0\0\0\x08tfhd\0\0\0\x08mdat",
        segment([9] * 3, 0)[:20] + b"\xff" * 300,
    ],
)
def test_a_damaged_tail_hides_nothing_before_it(path: Path, damage: bytes) -> None:
    """As a power failure leaves it: zeros, noise, or a fragment that lies."""
    file = scanned(path, growing_content(seconds=2) + damage)

    assert len(file.fragments) == 4
    assert file.truncated


def test_a_header_that_is_not_whole_has_no_tracks(path: Path) -> None:
    content = growing_content(seconds=1)
    size = len(header("video", "audio"))

    assert scanned(path, content[: size - 1]).tracks == []
    assert scanned(path, content[:size]).init_size == size


def test_a_fragment_without_frames_lasts_no_time(path: Path) -> None:
    """As the last one of a source whose audio ends after its video."""
    audio = other_fragment(number=2, time=48_000)

    file = scanned(path, growing_content(seconds=1) + audio)

    assert file.fragments[-1] == Fragment(len(growing_content(seconds=1)), len(audio), 1.0, 0.0, keyframe=False)


def test_a_file_without_video_can_be_joined_at_every_fragment(path: Path) -> None:
    """Times are those of its audio."""
    run = run_box([6] * 24, 0, duration=1024, first_is_sync=False)
    one = other_fragment(number=1, time=24 * 1024, traf=track_fragment(1, 24 * 1024, run))

    file = scanned(path, header("audio") + one)

    assert [(each.start_s, each.duration_s, each.keyframe) for each in file.fragments] == [(0.512, 0.512, True)]


def test_what_a_capture_cut_off_again_is_forgotten(path: Path) -> None:
    """It cuts its part where the source went on with other parameters."""
    file = scanned(path, growing_content(seconds=4, gop_s=1))
    before = file.fragments[:]
    path.write_bytes(path.read_bytes()[: before[5].offset])

    assert file.scan() == 0
    assert file.fragments[:] == before[:5]
    assert file.whole_bytes == file.size_bytes == before[5].offset
    assert not file.truncated
