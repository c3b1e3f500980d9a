"""What is known of a file's layout, and the sentences about it."""

from typing import NamedTuple

from playhead.kit.units import format_bytes

MAX_STEPS = 500_000
"""Boxes, pages, tags or blocks that are looked at in one file: 34 hours of fragments of half a second."""


class Extent(NamedTuple):
    """The bytes of a file's first recording, which begins at byte 0.

    Attributes:
        end: Exclusive, at most the file's size: libav must not read on into a torn fragment or a second recording.
        needed: Where the recording ends by its own headers; beyond the file's size where it was cut off.
        readable: Cut off, it can still be read as far as it goes, as a recording in fragments or clusters.
        second: Another recording begins at *end*.
    """

    end: int
    needed: int
    readable: bool = False
    second: bool = False


def remarks_on(extent: Extent, size_bytes: int, duration_s: float) -> tuple[str, ...]:
    """What the owner of a file should know about its layout; *duration_s* is that of the first recording."""
    found = []
    if extent.needed > size_bytes:
        missing = format_bytes(extent.needed - size_bytes)
        found.append(
            f"The file is cut off, as after a crash of the recorder: its end (at least {missing}) is missing. "
            "What is there is read."
        )
    if extent.second:
        found.append(
            f"Behind the first recording ({duration_s:.1f} s, {format_bytes(extent.end)}) there is a second one of "
            f"{format_bytes(size_bytes - extent.end)}, which is not read; split the file to use it."
        )
    return tuple(found)
