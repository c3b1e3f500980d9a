"""The first decode time of a segment, from its bytes."""

import pytest

from playhead.media.first_time import WRAP_S, first_time, has_adts
from tests.fixtures.mp4_files import header, segment


def stamp(prefix: int, seconds: float) -> bytes:
    ticks = round(seconds * 90_000)
    return bytes(
        [
            prefix << 4 | (ticks >> 30 & 7) << 1 | 1,
            ticks >> 22 & 255,
            (ticks >> 15 & 127) << 1 | 1,
            ticks >> 7 & 255,
            (ticks & 127) << 1 | 1,
        ]
    )


def packet(payload: bytes, *, starts: bool = True, adaptation: bytes = b"") -> bytes:
    """A packet of MPEG-TS of 188 bytes."""
    field = bytes([len(adaptation)]) + adaptation if adaptation else b""
    head = bytes([0x47, 0x40 if starts else 0, 0, 0x30 if adaptation else 0x10])
    return (head + field + payload).ljust(188, b"\xff")


def pes(stream: int, pts_s: float, dts_s: float | None = None) -> bytes:
    flags, stamps = (0x80, stamp(2, pts_s)) if dts_s is None else (0xC0, stamp(3, pts_s) + stamp(1, dts_s))
    return bytes([0, 0, 1, stream, 0, 0, 0x80, flags, len(stamps)]) + stamps


TABLES = packet(b"\0\0\xb0\r") + packet(b"\0\x02\xb0\x12")


@pytest.mark.parametrize(
    ("head", "time_s"),
    [
        (TABLES + packet(pes(0xE0, 10.08, 10.0)), 10.0),
        (TABLES + packet(pes(0xC0, 9.0)) + packet(pes(0xE0, 10.0), adaptation=b"\x50" + bytes(6)), 10.0),
        (TABLES + packet(pes(0xC0, 9.0)) + packet(b"more", starts=False), 9.0),
        (b"\xff\xff" + packet(pes(0xE0, WRAP_S - 1)), WRAP_S - 1),
        (TABLES, None),
        (packet(pes(0xE0, 1.0))[:100], None),
        (b"", None),
        (b"<html>" * 100, None),
    ],
)
def test_of_mpeg_ts_it_is_that_of_the_video(head: bytes, time_s: float | None) -> None:
    assert first_time(head) == (None if time_s is None else pytest.approx(time_s, abs=1 / 90_000))


def test_of_fragments_it_is_that_of_the_video_in_its_timescale() -> None:
    init = header("video", "audio")
    head = segment([9] * 5, 30_720)

    assert first_time(head, init) == 2.0
    assert first_time(segment([9], 96_000, number=2) + head, init) == 2.0
    assert first_time(head[: len(head) - 20], init) == 2.0
    assert first_time(head[:30], init) is None
    assert first_time(b"noise" * 10, init) is None
    assert first_time(head, b"noise" * 10) is None


@pytest.mark.parametrize(("types", "adts"), [((0x1B, 0x0F), True), ((0x1B, 0x03, 0x0F), False), ((0x1B,), False)])
def test_the_program_map_says_how_audio_is_framed(types: tuple[int, ...], adts: bool) -> None:
    """The first audio counts: it is the one that is recorded."""
    entries = b"".join(bytes([kind, 0xE1, number, 0xF0, 0]) for number, kind in enumerate(types))
    section = bytes([2, 0xB0, 13 + len(entries)]) + bytes(7) + b"\xf0\0" + entries + bytes(4)

    assert has_adts(packet(b"\0\0\xb0\r" + bytes(20)) + packet(b"\0" + section)) is adts
