"""CMAF writer: an init segment, and the head of a media segment whose samples are not moved.

Fragments after ISO/IEC 14496-12 section 8.8, as ISO/IEC 23000-19 narrows them: one track, one ``traf``, one ``trun``.
The media itself is never copied here; a segment is its head followed by spans of the original.
"""

import struct
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from playhead.media.mp4.boxes import box, full_box
from playhead.media.mp4.movie import TrackKind
from playhead.media.orientation import UNITY

Part = bytes | tuple[int, int]
"""A piece of a body: bytes, or the half-open ``(start, end)`` of the original file."""

TRACK = 1
"""The number of the only track."""

SYNC, NOT_SYNC = 0x02000000, 0x01010000
"""Sample flags (section 8.8.3.1): depends on no other; depends on others and is no sync sample."""

_HANDLERS = {"video": (b"vide", b"Video"), "audio": (b"soun", b"Sound")}


@dataclass(frozen=True, slots=True)
class Header:
    """The track of an init segment.

    Attributes:
        entry: The whole sample entry, as the original has it.
        timescale: Ticks a second.
        media_time: Ticks that are skipped at the start, by an edit list of one entry; 0 writes none.
        width, height: As shown, in pixels; 0 for audio.
        matrix: 36 bytes as stored, or none.
    """

    kind: TrackKind
    entry: bytes
    timescale: int
    media_time: int = 0
    width: int = 0
    height: int = 0
    matrix: bytes = b""
    language: str = "und"


@dataclass(frozen=True, slots=True)
class Run:
    """The samples of one segment, in decode order, all lists equally long.

    Attributes:
        number: Of the segment, from 0.
        start: Decode time of the first sample, in ticks.
        durations, sizes: In ticks; in bytes.
        shifts: From decode to composition time, none negative; None when all are 0.
        sync: Which samples, counted from 0 within the run, are sync samples; None when all are.
    """

    number: int
    start: int
    durations: Sequence[int]
    sizes: Sequence[int]
    shifts: Sequence[int] | None = None
    sync: Sequence[int] | None = None


def init_segment(header: Header) -> bytes:
    """Write ``ftyp`` and a ``moov`` without samples."""
    clock = struct.pack(">4I", 0, 0, 1000, 0)
    movie = struct.pack(">IH10x", 0x10000, 0x100) + UNITY + bytes(24) + struct.pack(">I", TRACK + 1)
    defaults = full_box(b"trex", 0, 0, struct.pack(">5I", TRACK, 1, 0, 0, 0))
    return box(b"ftyp", b"iso6\0\0\0\0iso6cmfcmp41") + box(
        b"moov", full_box(b"mvhd", 0, 0, clock, movie), _track(header), box(b"mvex", defaults)
    )


def segment_head(run: Run) -> bytes:
    """Write everything of a segment that comes before its media: ``styp``, ``moof``, and the header of ``mdat``.

    Raises:
        OverflowError: a duration or a shift needs more than 32 bits, or the media 4 GiB.
    """
    times = full_box(b"tfdt", 1, 0, struct.pack(">Q", run.start))
    track = full_box(b"tfhd", 0, 0x020020, struct.pack(">II", TRACK, SYNC))  # default-base-is-moof, default flags
    flags, samples = _table(run)
    # Everything but the data offset is known, so is its size: moof 8, mfhd 16, traf 8, trun 20 with its header.
    moof_size = 8 + 16 + 8 + len(track) + len(times) + 20 + len(samples)
    trun = full_box(b"trun", 1, flags, struct.pack(">II", len(run.sizes), moof_size + 8), samples)
    moof = box(b"moof", full_box(b"mfhd", 0, 0, struct.pack(">I", run.number + 1)), box(b"traf", track, times, trun))
    media = sum(run.sizes) + 8
    if media >> 32:
        raise OverflowError(f"A segment of {media} bytes.")
    return box(b"styp", b"msdh\0\0\0\0msdhmsix") + moof + struct.pack(">I4s", media, b"mdat")


def _table(run: Run) -> tuple[int, bytes]:
    """The flags of ``trun`` and its rows of big-endian numbers."""
    columns: list[array[int]] = [array("I", run.durations), array("I", run.sizes)]
    flags = 0x1 | 0x100 | 0x200
    if run.sync is not None:
        marks = array("I", [NOT_SYNC]) * len(run.sizes)
        for index in run.sync:
            marks[index] = SYNC
        columns.append(marks)
        flags |= 0x400
    if run.shifts is not None:
        columns.append(array("I", run.shifts))
        flags |= 0x800
    rows = array("I", bytes(4 * len(columns) * len(run.sizes)))
    for place, column in enumerate(columns):
        rows[place :: len(columns)] = column
    if sys.byteorder == "little":
        rows.byteswap()
    return flags, rows.tobytes()


def _track(header: Header) -> bytes:
    place = struct.pack(">IIIII8xHHHH", 0, 0, TRACK, 0, 0, 0, 0, 0x100 if header.kind == "audio" else 0, 0)
    size = struct.pack(">II", header.width << 16, header.height << 16)
    tkhd = full_box(b"tkhd", 0, 7, place, header.matrix or UNITY, size)
    handler, name = _HANDLERS[header.kind]
    mdhd = full_box(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, header.timescale, 0, _language(header.language), 0))
    hdlr = full_box(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, handler), name, b"\0")
    media = box(b"mdia", mdhd, hdlr, box(b"minf", _media_header(header), _DATA_HERE, _samples(header.entry)))
    return box(b"trak", tkhd, _edit(header.media_time), media)


def _edit(media_time: int) -> bytes:
    if not media_time:
        return b""
    return box(b"edts", full_box(b"elst", 1, 0, struct.pack(">IQqI", 1, 0, media_time, 0x10000)))


def _media_header(header: Header) -> bytes:
    return full_box(b"vmhd", 0, 1, bytes(8)) if header.kind == "video" else full_box(b"smhd", 0, 0, bytes(4))


def _samples(entry: bytes) -> bytes:
    """``stbl`` with the sample entry and no sample (section 8.5.1)."""
    described = full_box(b"stsd", 0, 0, struct.pack(">I", 1), entry)
    empty = [full_box(kind, 0, 0, bytes(size)) for kind, size in _EMPTY]
    return box(b"stbl", described, *empty)


def _language(code: str) -> int:
    letters = code if len(code) == 3 and code.isascii() and code.islower() else "und"
    return sum((ord(letter) - 0x60) << shift for letter, shift in zip(letters, (10, 5, 0), strict=True))


_DATA_HERE = box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))

_EMPTY = ((b"stts", 4), (b"stsc", 4), (b"stsz", 8), (b"stco", 4))
