"""Whatever is done to a good file, reading it ends soon: with a movie or with one kind of refusal."""

import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playhead.media.mp4.aac import aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import codec_string
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.parameter_sets import parameter_sets, video_facts
from playhead.media.mp4.presentation import shown
from playhead.media.mp4.source import MemoryBytes
from playhead.media.mp4.write import faststart_header, tables_of
from tests.fixtures.examples import examples
from tests.fixtures.mp4_files import fragmented_file, plain_file

PLAIN, FRAGMENTED = plain_file(), fragmented_file()
FILES = [PLAIN, FRAGMENTED]

NUMBERS = st.sampled_from([0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]) | st.integers(0, 999)
CHANGES = st.lists(st.tuples(st.integers(0, len(PLAIN)), NUMBERS, st.sampled_from([1, 2, 4])), max_size=6)
BOX_NAMES = [
    b"moov", b"trak", b"stbl", b"stsd", b"stsz", b"stts", b"ctts", b"stsc", b"stco", b"stss", b"elst", b"esds",
    b"avcC", b"mdhd", b"tkhd", b"moof", b"traf", b"trun", b"tfhd", b"tfdt", b"trex", b"mdat",
]  # fmt: skip


def survives(content: bytes) -> None:
    """Read everything there is to read."""
    try:
        movie = read_movie(MemoryBytes(content))
    except Mp4Unreadable:
        return
    for track in movie.tracks:
        samples = track.samples
        assert len(samples.dts) == len(samples) + 1
        assert all(offset + size <= len(content) for offset, size in zip(samples.offsets, samples.sizes, strict=True))
        assert all(before <= after for before, after in zip(samples.dts, samples.dts[1:], strict=False))
        for ask in (video_facts, parameter_sets) if track.kind == "video" else (aac_config,):
            unharmed(lambda ask=ask, track=track: ask(track.entry))  # type: ignore[misc]
        unharmed(lambda track=track: codec_string(track.entry))  # type: ignore[misc]
    unharmed(lambda: faststart_header([tables_of(track, shown(movie, track)) for track in movie.tracks], 1))


def unharmed(ask: Callable[[], object]) -> None:
    try:
        ask()
    except Mp4Unreadable:
        return


@examples(500)
@given(content=st.sampled_from(FILES), changes=CHANGES, keep=st.integers(1, len(PLAIN)) | st.none())
@example(content=PLAIN, changes=[], keep=None)
@example(content=FRAGMENTED, changes=[], keep=None)
def test_bytes_that_change_do_no_harm(content: bytes, changes: list[tuple[int, int, int]], keep: int | None) -> None:
    mutated = bytearray(content)
    for at, number, width in changes:
        if at + width <= len(mutated):
            mutated[at : at + width] = (number & (1 << 8 * width) - 1).to_bytes(width, "big")

    survives(bytes(mutated[:keep]))


@examples(500)
@given(
    content=st.sampled_from(FILES),
    changes=st.lists(st.tuples(st.sampled_from(BOX_NAMES), st.integers(-1, 12), NUMBERS), min_size=1, max_size=4),
)
def test_boxes_that_lie_do_no_harm(content: bytes, changes: list[tuple[bytes, int, int]]) -> None:
    """Sizes, counts, flags and versions: the words right around a box's name."""
    mutated = bytearray(content)
    for name, word, number in changes:
        at = mutated.find(name) + 4 * word + (0 if word < 0 else 4)
        if 0 <= at <= len(mutated) - 4:
            mutated[at : at + 4] = number.to_bytes(4, "big")

    survives(bytes(mutated))


@pytest.mark.parametrize("content", FILES, ids=["plain", "fragmented"])
def test_no_lie_about_a_count_takes_memory(content: bytes) -> None:
    """Each word of the index in turn claims 2^31 - 1, 2^32 - 1 and 5 million of something."""
    tracemalloc.start()
    try:
        for at in range(0, content.index(b"mdat"), 4):
            for lie in (0x7FFFFFFF, 0xFFFFFFFF, 5_000_000):
                survives(content[:at] + lie.to_bytes(4, "big") + content[at + 4 :])
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
