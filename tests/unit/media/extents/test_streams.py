"""Where the first recording of an AVI, Matroska, FLV, Ogg or ASF ends, and whether a second one follows."""

import struct

import pytest

from playhead.media.extents.extent import Extent
from playhead.media.extents.find import find_extent
from playhead.media.mp4.source import MemoryBytes

UNKNOWN = b"\x01" + b"\xff" * 7
EBML = b"\x1aE\xdf\xa3\x84webm"


def sized(size: int) -> bytes:
    return b"\x01" + size.to_bytes(7, "big")


def element(name: bytes, data: bytes, size: bytes = b"") -> bytes:
    return name + (size or sized(len(data))) + data


INFO = element(b"\x15\x49\xa9\x66", bytes(20))
BLOCKS = element(b"\xe7", b"\0") + element(b"\xa3", bytes(50)) * 3
CLUSTER = element(b"\x1f\x43\xb6\x75", BLOCKS)
LIVE_CLUSTER = element(b"\x1f\x43\xb6\x75", BLOCKS, UNKNOWN)
CUES = element(b"\x1c\x53\xbb\x6b", bytes(12))
HELD = INFO + CLUSTER * 2 + CUES


def webm(held: bytes = HELD, size: bytes = b"") -> bytes:
    return EBML + element(b"\x18\x53\x80\x67", held, size)


def riff(kind: bytes, size: int | None = None) -> bytes:
    held = kind + b"LIST" + struct.pack("<I", 24) + b"movi" + bytes(20) + b"idx1" + struct.pack("<I", 8) + bytes(8)
    return b"RIFF" + struct.pack("<I", len(held) if size is None else size) + held


AVI, MORE = riff(b"AVI "), riff(b"AVIX")
TAG = b"\x09" + (40).to_bytes(3, "big") + bytes(7) + bytes(40) + (51).to_bytes(4, "big")
FLV = b"FLV\x01\x05" + (9).to_bytes(4, "big") + bytes(4) + TAG * 4


def page(flags: int) -> bytes:
    return b"OggS\0" + bytes([flags]) + bytes(20) + b"\x02\x1e\x0a" + bytes(40)


OGG = page(2) + page(2) + page(0) * 3 + page(4)
ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + struct.pack("<Q", 60) + bytes(36)
ASF = ASF_HEADER + bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c") + struct.pack("<Q", 124) + bytes(100)
LIVE = webm(INFO + LIVE_CLUSTER * 2, UNKNOWN)
FILES = {
    "matroska": webm(),
    "matroska live": LIVE,
    "avi": AVI,
    "avi opendml": AVI + MORE,
    "flv": FLV,
    "ogg": OGG,
    "asf": ASF,
}


def extent(name: str, data: bytes) -> Extent:
    found = find_extent(MemoryBytes(data), name.partition(" ")[0])
    assert found is not None
    return found


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "tail", [b"", b"Recorded by an app", bytes(700), b"\xff" * 90], ids=["nothing", "text", "zeros", "ones"]
)
def test_a_whole_file_is_whole_whatever_follows(name: str, tail: bytes) -> None:
    data = FILES[name] + tail

    found = extent(name, data)

    assert found.needed <= len(data)
    assert len(FILES[name]) <= found.end <= len(data)
    assert not found.second


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("lost", [0, 30])
def test_a_second_recording_is_found(name: str, lost: int) -> None:
    """Also one that is cut off."""
    first = FILES[name]
    data = first + first[: len(first) - lost]

    found = extent(name, data)

    assert (found.end, found.second) == (len(first), True)
    assert found.needed <= len(first)


@pytest.mark.parametrize("name", ["matroska live", "flv", "ogg", "asf"])
def test_a_stream_that_was_cut_off_is_read_as_far_as_it_goes(name: str) -> None:
    data = FILES[name][:-20]

    found = extent(name, data)

    assert found.needed > len(data)
    assert found.readable


def test_a_torn_packet_of_asf_is_left_out() -> None:
    """All packets are of the size that the header says."""
    inner = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365") + bytes(76) + struct.pack("<I", 30)
    header = ASF_HEADER[:16] + struct.pack("<Q", 24 + len(inner)) + inner
    data = header + ASF[60:76] + struct.pack("<Q", 50 + 90) + bytes(26 + 90)

    assert extent("asf", data).end == len(data)
    assert extent("asf", data[:-40]).end == len(data) - 60


@pytest.mark.parametrize("name", ["matroska", "avi opendml"])
def test_a_finished_file_that_was_cut_off_is_not_whole(name: str) -> None:
    """Its recorder had written how long it is."""
    found = extent(name, FILES[name][:-20])

    assert (found.needed, found.readable) == (len(FILES[name]), False)


@pytest.mark.parametrize(
    "data",
    [webm(size=UNKNOWN), webm(size=sized(9_000_000)), webm(INFO + CLUSTER) + CLUSTER + CUES],
    ids=["open", "too large", "too small"],
)
def test_the_size_of_a_segment_is_not_believed(data: bytes) -> None:
    """The parts in it count: nothing is missing when the last of them, the Cues, is there."""
    found = extent("matroska", data)

    assert (found.needed, found.second) == (len(data), False)
    assert extent("matroska", data + data).end == len(data)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 9000])
def test_the_size_of_an_avi_is_not_believed(size: int) -> None:
    """A recorder that was killed leaves 0 or all ones; the media is there when the list that holds it is."""
    data = riff(b"AVI ", size)
    found = find_extent(MemoryBytes(data), "avi")

    assert found is None or found.needed <= len(data)


@pytest.mark.parametrize("step", [188, 192, 204])
def test_a_transport_stream_ends_before_a_long_tail(step: int) -> None:
    """libav gives up over 64 KiB without a packet; a shorter tail, or a torn packet, it leaves out by itself."""
    packets = (b"G" + bytes(step - 1)) * 700

    assert find_extent(MemoryBytes(packets[:-60]), "mpegts") is None
    assert find_extent(MemoryBytes(packets + bytes(900)), "mpegts") is None
    assert find_extent(MemoryBytes(packets + bytes(300_000)), "mpegts") == Extent(len(packets), len(packets))
    assert find_extent(MemoryBytes(bytes(300_000)), "mpegts") is None


def test_a_tail_of_almost_packets_is_not_taken_for_packets() -> None:
    """Sync bytes everywhere, but never five in step."""
    packets = (b"G" + bytes(187)) * 700
    tail = (b"G" * 188 + bytes(188)) * 1000

    assert find_extent(MemoryBytes(packets + tail), "mpegts") == Extent(len(packets) + 188, len(packets) + 188)


@pytest.mark.parametrize("tail", [bytes(300_000), bytes(range(256)) * 1000])
def test_an_ogg_ends_before_a_long_tail(tail: bytes) -> None:
    """As long as no other page is near: then it is damage."""
    assert extent("ogg", OGG + tail).end == len(OGG)
    assert extent("ogg", OGG + tail[:900] + OGG + tail).end > len(OGG) + len(tail)


def test_a_format_that_says_nothing_has_no_extent() -> None:
    """MPEG program streams: packs, one after the other."""
    assert find_extent(MemoryBytes(b"\0\0\1\xba" * 1000), "mpeg") is None
