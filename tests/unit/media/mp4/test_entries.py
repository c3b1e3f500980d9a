"""Sample entries of ISO and of QuickTime."""

import struct

import pytest

from playhead.media.mp4.aac import aac_config, aac_entry
from playhead.media.mp4.boxes import Box, Mp4Unreadable, box, full_box
from playhead.media.mp4.entries import read_entries, read_entry, stsd
from playhead.media.mp4.movie import Colour
from tests.fixtures.mp4_files import AVC_ENTRY, AVCC, visual_entry

ESDS = box(b"esds", aac_entry(44100, 2).config)


def quicktime(version: int, rate: int, channels: int, *inner: bytes) -> bytes:
    """A sound entry as QuickTime writes it: version 1 has four more numbers, version 2 has numbers of its own."""
    common = struct.pack(">6xHH6xHHhHI", 1, version, channels, 16, -2, 0, rate << 16)
    extra = {0: b"", 1: struct.pack(">4I", 1024, 0, 0, 2), 2: struct.pack(">IdI20x", 72, float(rate), channels)}[
        version
    ]
    return box(b"mp4a", common, extra, *inner)


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("wrapped", [False, True])
def test_quicktime_sound_becomes_an_iso_entry(version: int, wrapped: bool) -> None:
    inner = box(b"wave", box(b"frma", b"mp4a"), ESDS, bytes(8)) if wrapped else ESDS
    raw = quicktime(version, 44100, 2, inner)

    entry = read_entry(raw, "audio")

    assert (entry.fourcc, entry.sample_rate, entry.channels) == ("mp4a", 44100, 2)
    assert aac_config(entry) == aac_config(aac_entry(44100, 2))
    again = read_entry(entry.raw, "audio")
    assert (again.config, again.sample_rate, again.channels) == (entry.config, 44100, 2)
    if version:
        assert entry.raw[16:18] == b"\0\0"


def test_an_iso_entry_of_version_1_has_no_numbers_of_quicktime() -> None:
    raw = quicktime(1, 48000, 2)[:44]
    raw = box(b"mp4a", raw[8:36], ESDS)
    content = full_box(b"stsd", 1, 0, struct.pack(">I", 1), raw)

    assert read_entries(content, Box(b"stsd", 8, len(content)), "audio")[0].config == ESDS[8:]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        quicktime(0, 1, 1)[:20],
        box(b"mp4a", struct.pack(">6xHH18x", 1, 3)),
        box(b"mp4a", struct.pack(">6xHH18x", 1, 2), struct.pack(">IdI20x", 72, float("nan"), 2)),
        box(b"mp4a", struct.pack(">6xHH18x", 1, 2), struct.pack(">IdI20x", 72, 1e300, 2)),
    ],
)
def test_sound_that_cannot_be_read_is_refused(raw: bytes) -> None:
    with pytest.raises(Mp4Unreadable):
        read_entry(raw, "audio")


COLOURS = [
    (box(b"colr", b"nclx", struct.pack(">HHHB", 9, 16, 9, 0x80)), Colour(9, 16, 9, full_range=True)),
    (box(b"colr", b"nclx", struct.pack(">HHHB", 1, 1, 1, 0)), Colour(1, 1, 1)),
    (box(b"colr", b"nclc", struct.pack(">HHH", 1, 1, 6)), Colour(1, 1, 6)),
    (box(b"colr", b"prof", bytes(40)), None),
    (box(b"colr", b"prof", bytes(40)) + box(b"colr", b"nclx", struct.pack(">HHHB", 1, 1, 1, 0)), Colour(1, 1, 1)),
]


@pytest.mark.parametrize(("inner", "colour"), COLOURS)
def test_colour_is_read_from_either_shape(inner: bytes, colour: Colour | None) -> None:
    assert read_entry(visual_entry(b"avc1", 64, 36, box(b"avcC", AVCC), inner), "video").colour == colour


@pytest.mark.parametrize(("across", "down", "aspect"), [(4, 3, (4, 3)), (0, 1, (1, 1)), (1, 0, (1, 1))])
def test_pixel_aspect(across: int, down: int, aspect: tuple[int, int]) -> None:
    raw = visual_entry(b"avc1", 64, 36, box(b"pasp", struct.pack(">II", across, down)))

    assert read_entry(raw, "video").pixel_aspect == aspect


def test_an_entry_keeps_its_own_bytes() -> None:
    content = stsd(AVC_ENTRY, AVC_ENTRY)

    entries = read_entries(content, Box(b"stsd", 8, len(content)), "video")

    assert [entry.raw for entry in entries] == [AVC_ENTRY, AVC_ENTRY]


@pytest.mark.parametrize("entries", [[], [AVC_ENTRY] * 65], ids=["none", "65"])
def test_no_entry_and_too_many_are_refused(entries: list[bytes]) -> None:
    content = stsd(*entries)

    with pytest.raises(Mp4Unreadable):
        read_entries(content, Box(b"stsd", 8, len(content)), "video")
