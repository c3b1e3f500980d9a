"""Looking into sync samples: which of them begin something that needs nothing before it."""

import asyncio
import struct
from array import array

import pytest

from playhead.media.mp4.movie import SampleEntry, Samples, Track
from playhead.media.render.keyframes import is_clean, sync_samples

H264 = {"delimiter": 0x09, "sps": 0x67, "sei": 0x06, "idr": 0x65, "slice": 0x41, "partition": 0x42}
HEVC = {
    "delimiter": 35 << 1,
    "sei": 39 << 1,
    "trail": 1 << 1,
    "rasl": 9 << 1,
    "bla": 16 << 1,
    "idr": 20 << 1,
    "cra": 21 << 1,
}


def unit(header: int, size: int = 20) -> bytes:
    return struct.pack(">IB", size, header) + bytes(size - 1)


def clean(codec: str, *units: bytes, size: int | None = None) -> bool:
    sample = b"".join(units)
    samples = Samples(sizes=array("I", [len(sample) if size is None else size]), offsets=array("Q", [100]))
    track = Track(1, "video", 30, 0, [SampleEntry("avc1", b"")], samples)
    file = bytes(100) + sample + bytes(100)

    async def read(offset: int, count: int) -> bytes:
        assert count <= 1024
        return file[offset : offset + count]

    return asyncio.run(is_clean(read, track, 0, codec))


@pytest.mark.parametrize(
    ("codec", "units", "expected"),
    [
        ("h264", [unit(H264["idr"])], True),
        ("h264", [unit(H264["delimiter"], 2), unit(H264["sps"]), unit(H264["sei"], 700), unit(H264["idr"])], True),
        ("h264", [unit(H264["sei"], 50_000), unit(H264["idr"], 90_000)], True),
        ("h264", [unit(H264["sei"], 1019), unit(H264["idr"])], True),
        ("h264", [unit(H264["sei"]), unit(H264["slice"])], False),
        ("h264", [unit(H264["partition"]), unit(H264["idr"])], False),
        ("h264", [unit(H264["sei"])], False),
        ("h264", [b"\xff\xff\xff\xff\x06"], False),
        ("h264", [b"\0\0\0\0\0" * 50], False),
        ("h264", [b""], False),
        ("hevc", [unit(HEVC["delimiter"], 3), unit(HEVC["sei"]), unit(HEVC["idr"])], True),
        ("hevc", [unit(HEVC["bla"])], True),
        ("hevc", [unit(HEVC["cra"])], True),
        ("hevc", [unit(HEVC["trail"])], False),
        ("hevc", [unit(HEVC["rasl"])], False),
        ("av1", [b"\x12\0"], True),
    ],
)
def test_only_pictures_that_need_nothing_before_them_are_clean(codec: str, units: list[bytes], expected: bool) -> None:
    """H.264: IDR. HEVC: IRAP. Whatever stands before the slice is stepped over, a few small reads at most."""
    assert clean(codec, *units) is expected


@pytest.mark.parametrize(
    ("sync", "span", "expected"),
    [
        (array("I", [0, 30, 60]), (0, 90), [0, 30, 60]),
        (array("I", [0, 30, 60]), (1, 60), [30]),
        (array("I", [0, 30, 60]), (61, 90), []),
        (None, (2, 5), [2, 3, 4]),
        (None, (8, 20), [8, 9]),
    ],
)
def test_sync_samples_of_a_span(sync: "array[int] | None", span: tuple[int, int], expected: list[int]) -> None:
    """Half-open; without a list every sample is one."""
    samples = Samples(sizes=array("I", [1] * (10 if sync is None else 90)), sync=sync)
    track = Track(1, "video", 30, 0, [SampleEntry("avc1", b"")], samples)

    assert list(sync_samples(track, *span)) == expected
