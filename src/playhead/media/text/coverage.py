"""Characters that a font file has, from its ``cmap`` table (OpenType 1.9), read without a font library."""

import struct
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UNICODE: Final = {(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}
_MOST_GROUPS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Coverage:
    """Code points in ascending spans ``[starts[n], ends[n])``, which do not overlap."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, char: str) -> bool:
        """Whether there is a glyph for a character."""
        at = bisect_right(self.starts, ord(char)) - 1
        return at >= 0 and ord(char) < self.ends[at]


def coverage_of(path: Path) -> Coverage | None:
    """What a file covers; of a collection its first face. None when it is no font that can be read."""
    try:
        data = path.read_bytes()
        return _merged(_spans(data, _cmap(data)))
    except (OSError, struct.error, LookupError):
        return None


def _cmap(data: bytes) -> int:
    """Offset of the table."""
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", data, start + 4)[0]
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if name == b"cmap":
            return int(offset)
    raise LookupError("cmap")


def _spans(data: bytes, at: int) -> list[tuple[int, int]]:
    """Spans of the largest Unicode subtable."""
    count = struct.unpack_from(">H", data, at + 2)[0]
    found: list[list[tuple[int, int]]] = []
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, at + 4 + 8 * number)
        if (platform, encoding) in _UNICODE:
            found.append(_subtable(data, at + offset))
    return max(found, key=lambda spans: sum(end - start for start, end in spans))


def _subtable(data: bytes, at: int) -> list[tuple[int, int]]:
    form = struct.unpack_from(">H", data, at)[0]
    if form == 12:
        return _format_12(data, at)
    return _format_4(data, at) if form == 4 else []


def _format_12(data: bytes, at: int) -> list[tuple[int, int]]:
    count = min(struct.unpack_from(">I", data, at + 12)[0], _MOST_GROUPS)
    groups = (struct.unpack_from(">III", data, at + 16 + 12 * number) for number in range(count))
    return [(first + (glyph == 0), last + 1) for first, last, glyph in groups]


def _format_4(data: bytes, at: int) -> list[tuple[int, int]]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    row = f">{count}H"
    ends = struct.unpack_from(row, data, at + 14)
    starts, deltas, offsets = (struct.unpack_from(row, data, at + 16 + 2 * count * number) for number in (1, 2, 3))
    spans = []
    for number in range(count):
        for code in range(starts[number], min(ends[number], 0xFFFE) + 1):
            place = at + 16 + 6 * count + 2 * number + offsets[number] + 2 * (code - starts[number])
            glyph = struct.unpack_from(">H", data, place)[0] if offsets[number] else code + deltas[number] & 0xFFFF
            if glyph:
                spans.append((code, code + 1))
    return spans


def _merged(spans: list[tuple[int, int]]) -> Coverage:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return Coverage(tuple(starts), tuple(ends))
