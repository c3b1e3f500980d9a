"""Boxes, of which an MP4 consists (ISO/IEC 14496-12 section 4.2)."""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from playhead.errors import PlayheadError

MAX_BOXES = 100_000
"""Boxes in one container; more is an attack, not a video."""


class Mp4Unreadable(PlayheadError):
    """An index that is damaged, lies about its size, or uses features that our reader does not know.

    The video itself may be intact: libav may still read it.
    """

    code = "mp4_unreadable"
    title = "The index of this MP4 cannot be used"
    status = 422
    fault = "caller"


class Box(NamedTuple):
    """A box inside a buffer: its type, and its content as the half-open ``[start, end)`` of that buffer."""

    kind: bytes
    start: int
    end: int


def walk(buffer: bytes | memoryview, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """The boxes side by side in a span of a buffer.

    A size of 1 means that 64 bits follow, 0 that the box reaches to the end. Fewer than 8 bytes at the end are
    padding.

    Raises:
        Mp4Unreadable: a box reaches out of the span, or there are more than ``MAX_BOXES``.
    """
    end = len(buffer) if end is None else end
    count = 0
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", buffer, start)
        header = 8
        if size == 1:
            if start + 16 > end:
                raise Mp4Unreadable(f"The box {_name(kind)} has no room for its size.")
            (size,) = struct.unpack_from(">Q", buffer, start + 8)
            header = 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            raise Mp4Unreadable(f"The box {_name(kind)} claims {size} bytes where {end - start} are left.")
        count += 1
        if count > MAX_BOXES:
            raise Mp4Unreadable(f"More than {MAX_BOXES} boxes lie side by side.")
        yield Box(kind, start + header, start + size)
        start += size


def children(buffer: bytes | memoryview, parent: Box, skip: int = 0) -> dict[bytes, Box]:
    """Find the boxes inside a box by type; of several of one type the first.

    Args:
        skip: Bytes of the parent's own fields before its first child.

    Raises:
        Mp4Unreadable: as `walk`.
    """
    found: dict[bytes, Box] = {}
    for child in walk(buffer, parent.start + skip, parent.end):
        found.setdefault(child.kind, child)
    return found


def need(boxes: dict[bytes, Box], kind: bytes) -> Box:
    """Find a required box.

    Raises:
        Mp4Unreadable: it is not.
    """
    try:
        return boxes[kind]
    except KeyError:
        raise Mp4Unreadable(f"The box {_name(kind)} is missing.") from None


def fields(form: str, buffer: bytes | memoryview, inside: Box, at: int = 0) -> tuple[Any, ...]:
    """Read fields of a box.

    Args:
        form: As `struct` has it; the fields are big-endian, so it begins with ``>``.
        at: Where, from the start of the box's content.

    Raises:
        Mp4Unreadable: the box is too short for them.
    """
    if at < 0 or inside.start + at + struct.calcsize(form) > inside.end:
        raise Mp4Unreadable(f"The box {_name(inside.kind)} is cut short at {inside.end - inside.start} bytes.")
    return struct.unpack_from(form, buffer, inside.start + at)


def box(kind: bytes, *parts: bytes) -> bytes:
    """Write a box around its parts."""
    size = 8 + sum(map(len, parts))
    if size < 1 << 32:
        return b"".join((struct.pack(">I4s", size, kind), *parts))
    return b"".join((struct.pack(">I4sQ", 1, kind, size + 8), *parts))


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """Write a box that begins with a version and 24 flags (section 4.2.2)."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _name(kind: bytes) -> str:
    return repr(kind.decode("latin-1"))
