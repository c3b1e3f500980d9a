"""A segment of MPEG-TS moved on in time, so that a clip in a loop is one stream (ISO/IEC 13818-1, 2.4.3)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

PACKET: Final = 188
HZ: Final = 90_000
_MASK: Final = (1 << 33) - 1


def shifted(segment: bytes, offset_s: float, packets: Mapping[int, int]) -> bytes:
    """Add to all PTS, DTS and PCR, and count the packets on.

    Args:
        packets: Packets with a payload before this segment, by PID.
    """
    moved, ticks, counts = bytearray(segment), round(offset_s * HZ), Counter(packets)
    for start in _packets(moved):
        pid = _pid(moved, start)
        has_payload = moved[start + 3] >> 4 & 1
        moved[start + 3] = moved[start + 3] & 0xF0 | (counts[pid] - 1 + has_payload) & 0x0F
        counts[pid] += has_payload
        _shift_clock(moved, start, ticks)
        _shift_times(moved, start, ticks)
    return bytes(moved)


def count_packets(segment: bytes) -> Counter[int]:
    """Packets with a payload, by PID: those that the continuity counter counts."""
    return Counter(_pid(segment, start) for start in _packets(segment) if segment[start + 3] & 0x10)


def _packets(data: bytes | bytearray) -> Iterator[int]:
    return iter(range(0, len(data) - PACKET + 1, PACKET))


def _pid(data: bytes | bytearray, start: int) -> int:
    return (data[start + 1] & 0x1F) << 8 | data[start + 2]


def _shift_clock(data: bytearray, start: int, ticks: int) -> None:
    """Move the PCR in an adaptation field: 33 bits of 90 kHz, then 6 reserved and 9 of the remainder."""
    has_field = data[start + 3] & 0x20 and data[start + 4] > 0
    if has_field and data[start + 5] & 0x10:
        at = start + 6
        value = int.from_bytes(data[at : at + 6], "big")
        base = ((value >> 15) + ticks) & _MASK
        data[at : at + 6] = (base << 15 | value & 0x7FFF).to_bytes(6, "big")


def _shift_times(data: bytearray, start: int, ticks: int) -> None:
    """Move PTS and DTS in the head of a PES packet that begins here."""
    control = data[start + 3]
    if not (data[start + 1] & 0x40 and control & 0x10):
        return
    at = start + 4 + (data[start + 4] + 1 if control & 0x20 else 0)
    if data[at : at + 3] != b"\x00\x00\x01":
        return
    flags = data[at + 7] >> 6
    for place in [at + 9] * (flags >= 2) + [at + 14] * (flags == 3):
        _write_time(data, place, (_read_time(data, place) + ticks) & _MASK)


def _read_time(data: bytearray, at: int) -> int:
    return (
        (data[at] >> 1 & 7) << 30 | data[at + 1] << 22 | data[at + 2] >> 1 << 15 | data[at + 3] << 7 | data[at + 4] >> 1
    )


def _write_time(data: bytearray, at: int, value: int) -> None:
    data[at] = data[at] & 0xF0 | (value >> 30) << 1 | 1
    data[at + 1] = value >> 22 & 0xFF
    data[at + 2] = (value >> 15 & 0x7F) << 1 | 1
    data[at + 3] = value >> 7 & 0xFF
    data[at + 4] = (value & 0x7F) << 1 | 1
