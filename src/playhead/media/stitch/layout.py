"""In which order the packets of a clip lie in the reel: as they lay in their file, unless one track runs away."""

from collections.abc import Iterator
from typing import NamedTuple

CHUNK_S = 0.5
"""How far one track may run ahead of the other. A player reads both from one place in the file, and holds the bytes
between them; MP4 writers interleave by a second at most. Chromium drops sound that lies far away (measured)."""


class Packet(NamedTuple):
    """One sample on its way into the reel.

    Attributes:
        at_s: When it is decoded, from the clip's first frame.
        file: Number of its file; -1 for a packet of our own.
        offset, size: Where it lies there, and how long it is.
        skip: Bytes of it that stand before *insert*.
        insert: Bytes of our own to be put into it.
        append: Bytes of our own to be put behind it.
    """

    at_s: float
    file: int
    offset: int
    size: int
    skip: int = 0
    insert: bytes = b""
    append: bytes = b""


def interleaved(pictures: Iterator[Packet], sounds: Iterator[Packet]) -> Iterator[tuple[int, Packet]]:
    """Put both tracks of one clip into one order; each keeps its own.

    Packets of one file come as they lie in it, so that long spans can be copied at once. Where a track would run
    ahead of the other by more than ``CHUNK_S`` the other catches up first; so packets of two files come in turns.

    Yields:
        0 for a picture and 1 for sound, and the packet.
    """
    lanes = (pictures, sounds)
    heads = [next(pictures, None), next(sounds, None)]
    turn, catching_up = 0, False
    while True:
        mine, other = heads[turn], heads[1 - turn]
        if mine is not None and other is not None:
            if not catching_up or mine.at_s > other.at_s:
                catching_up = False
                turn, catching_up = _turn(turn, mine, other)
        elif mine is None:
            turn = 1 - turn
        head = heads[turn]
        if head is None:
            return
        yield turn, head
        heads[turn] = next(lanes[turn], None)


def _turn(turn: int, mine: Packet, other: Packet) -> tuple[int, bool]:
    """Whose turn it is, and whether that one has to catch up."""
    swap = mine.file == other.file and other.offset < mine.offset
    first, second = (other, mine) if swap else (mine, other)
    far = first.at_s - second.at_s > CHUNK_S
    return turn if swap == far else 1 - turn, far
