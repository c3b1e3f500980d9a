"""Writer of an MP4's index (ISO/IEC 14496-12 chapter 8): for whole files that begin with it, and for init segments.

The same tables always give the same bytes: no dates, no names of tools. Offsets in the tables count from the first byte
of media, so the index can be measured before it is known where the media will begin.
"""

import math
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, islice
from operator import ne, sub
from typing import Literal

from playhead.media.mp4.boxes import box, full_box
from playhead.media.mp4.entries import stsd
from playhead.media.mp4.movie import Track, TrackKind
from playhead.media.mp4.presentation import Shown
from playhead.media.orientation import UNITY

Runs = Sequence[tuple[int, int]]
"""``(how many samples, which value)``."""

BRANDS = (b"isom", b"iso2", b"mp41")
SEGMENT_BRANDS = (b"iso6", b"cmfc", b"mp41")

_WIDE = (1 << 32) - 1
_MAX_TIMESCALE = (1 << 31) - 1
_ROUGH_TIMESCALE = 1_000_000


@dataclass(slots=True)
class TrackTables:
    """Tables of one track in the index.

    Attributes:
        timescale: Ticks a second of everything here.
        entry: The whole sample entry box.
        durations: ``stts``: runs of sample durations.
        sizes: In bytes, one for each sample.
        chunk_offsets: Where each chunk begins, in bytes from the first byte of media.
        chunk_counts: How many samples each chunk holds, at least 1.
        shifts: ``ctts``: runs of composition offsets; empty when all are 0.
        sync: Indexes of sync samples from 0; None when every sample is one.
        media_time: Where presentation begins.
        duration: How long it lasts from there.
        delay: How long nothing is shown before it.
        width, height: As shown, in pixels; 0 for audio.
        matrix: 36 bytes of ``tkhd``.
        language: ISO 639-2.
        enabled: Whether a player uses it without being asked.
    """

    kind: TrackKind | Literal["text"]
    timescale: int
    entry: bytes
    durations: Runs = ()
    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    chunk_offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    chunk_counts: "array[int]" = field(default_factory=lambda: array("I"))
    shifts: Runs = ()
    sync: "array[int] | None" = None
    media_time: int = 0
    duration: int = 0
    delay: int = 0
    width: int = 0
    height: int = 0
    matrix: bytes = UNITY
    language: str = "und"
    enabled: bool = True


def runs_of(values: Sequence[int]) -> list[tuple[int, int]]:
    """Put equal neighbours together."""
    if not len(values):
        return []
    starts = list(compress(range(len(values)), map(ne, values, chain((None,), values))))
    ends = chain(islice(starts, 1, None), (len(values),))
    return [(end - start, values[start]) for start, end in zip(starts, ends, strict=True)]


def joined(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put neighbouring runs of the same value together; runs of no samples vanish."""
    found: list[tuple[int, int]] = []
    for count, value in runs:
        if found and found[-1][1] == value:
            found[-1] = (found[-1][0] + count, value)
        elif count:
            found.append((count, value))
    return found


def tables_of(track: Track, span: Shown) -> TrackTables:
    """The tables of a track as it was read, to be written again around the same bytes.

    Chunks are the runs of the file that was read, with their offsets there.

    Args:
        span: What is shown of it.
    """
    samples = track.samples
    ends = chain(islice(samples.runs, 1, None), (len(samples),))
    return TrackTables(
        kind=track.kind,
        timescale=track.timescale,
        entry=track.entry.raw,
        durations=runs_of(array("q", map(sub, islice(samples.dts, 1, None), samples.dts))),
        sizes=array("I", samples.sizes),
        chunk_offsets=array("Q", map(samples.offsets.__getitem__, samples.runs)),
        chunk_counts=array("I", map(sub, ends, samples.runs)),
        shifts=runs_of(samples.cts) if samples.cts is not None else (),
        sync=None if samples.sync is None else array("I", samples.sync),
        media_time=span.first,
        duration=span.end - span.first,
        delay=max(0, round(span.start_s * track.timescale)),
        width=track.entry.width,
        height=track.entry.height,
        matrix=track.matrix or UNITY,
        language=track.language,
    )


def movie_timescale(tracks: Iterable[TrackTables]) -> int:
    """Ticks a second in which the edits of all tracks are whole numbers; microseconds when there is none below 2^31."""
    exact = math.lcm(*(track.timescale for track in tracks))
    return exact if exact <= _MAX_TIMESCALE else _ROUGH_TIMESCALE


def ftyp(brands: Sequence[bytes] = BRANDS) -> bytes:
    """The box a file begins with; the first brand is the major one (section 4.3)."""
    return box(b"ftyp", brands[0], struct.pack(">I", 512), *brands)


def faststart_header(tracks: Sequence[TrackTables], media_bytes: int, *more: bytes) -> bytes:
    """Everything of a file that comes before its first byte of media: ``ftyp``, ``moov``, the header of ``mdat``.

    Args:
        media_bytes: How many bytes of media will follow.
        more: Boxes for the end of ``moov``, such as ``udta``.
    """
    head, mdat = ftyp(), mdat_header(media_bytes)
    wide = media_bytes > _WIDE
    start = len(head) + len(mdat) + len(movie_box(tracks, *more, wide=wide))
    if not wide and start + media_bytes > _WIDE:
        wide = True
        start = len(head) + len(mdat) + len(movie_box(tracks, *more, wide=True))
    return b"".join((head, movie_box(tracks, *more, media_start=start, wide=wide), mdat))


def mdat_header(media_bytes: int) -> bytes:
    """The header of a media data box: 8 bytes, or 16 from 4 GiB on."""
    if media_bytes + 8 <= _WIDE:
        return struct.pack(">I4s", media_bytes + 8, b"mdat")
    return struct.pack(">I4sQ", 1, b"mdat", media_bytes + 16)


def movie_box(
    tracks: Sequence[TrackTables],
    *more: bytes,
    timescale: int | None = None,
    media_start: int = 0,
    wide: bool | None = None,
) -> bytes:
    """Write ``moov`` for a file that is not fragmented. Its length does not depend on *media_start*, given *wide*.

    Args:
        more: Boxes behind the tracks.
        timescale: Of the movie header and the edits; None chooses one in which they are exact.
        media_start: Offset in the file of the first byte of media.
        wide: Offsets take 64 bits; None: as the offsets need.
    """
    timescale = timescale or movie_timescale(tracks)
    if wide is None:
        wide = any(media_start + max(track.chunk_offsets, default=0) > _WIDE for track in tracks)
    return _moov(tracks, timescale, [_tables(track, media_start, wide=wide) for track in tracks], *more)


def init_segment(tracks: Sequence[TrackTables]) -> bytes:
    """Write ``ftyp`` and ``moov`` without samples: these follow in fragments, whose track ids count from 1."""
    tables = [_tables(_empty(track), 0, wide=False) for track in tracks]
    trex = (full_box(b"trex", 0, 0, struct.pack(">5I", number, 1, 0, 0, 0)) for number in range(1, len(tracks) + 1))
    return ftyp(SEGMENT_BRANDS) + _moov(tracks, movie_timescale(tracks), tables, box(b"mvex", *trex), shown=False)


def _empty(track: TrackTables) -> TrackTables:
    return TrackTables(track.kind, track.timescale, track.entry)


def _moov(
    tracks: Sequence[TrackTables], timescale: int, tables: Sequence[bytes], *more: bytes, shown: bool = True
) -> bytes:
    """Section 8.2.1. Not *shown*: durations are left at 0, as those of an unfinished recording."""
    lengths = [_scaled(track, track.delay + track.duration, timescale) if shown else 0 for track in tracks]
    traks = [
        _trak(number, track, timescale, length, stbl)
        for number, (track, length, stbl) in enumerate(zip(tracks, lengths, tables, strict=True), 1)
    ]
    mvhd = (
        _clock(timescale, max(lengths, default=0))
        + struct.pack(">IH10x", 0x10000, 0x100)
        + UNITY
        + struct.pack(">24xI", len(tracks) + 1)
    )
    return box(b"moov", _timed(b"mvhd", mvhd), *traks, *more)


def _trak(number: int, track: TrackTables, timescale: int, length: int, stbl: bytes) -> bytes:
    """Section 8.3.1."""
    audio = track.kind == "audio"
    wide = length > _WIDE - 1
    tkhd = full_box(
        b"tkhd",
        int(wide),
        2 + track.enabled,
        struct.pack(">QQI4xQ" if wide else ">III4xI", 0, 0, number, length),
        struct.pack(">8xhhH2x", 0, int(audio), 0x100 if audio else 0),
        track.matrix,
        struct.pack(">II", track.width << 16, track.height << 16),
    )
    return box(b"trak", tkhd, _edit(track, timescale, length), _mdia(track, stbl))


def _edit(track: TrackTables, timescale: int, length: int) -> bytes:
    """Section 8.6.6. A length of 0 means "all there is", as in fragmented files."""
    delay = _scaled(track, track.delay, timescale)
    rows = [(delay, -1)] if delay else []
    rows.append((max(0, length - delay), track.media_time))
    wide = max(length, track.media_time) >= 1 << 31
    form = ">Qqi" if wide else ">Iii"
    packed = (struct.pack(form, shown, at, 0x10000) for shown, at in rows)
    return box(b"edts", full_box(b"elst", int(wide), 0, struct.pack(">I", len(rows)), *packed))


def _mdia(track: TrackTables, stbl: bytes) -> bytes:
    """Section 8.4.1."""
    total = sum(count * delta for count, delta in track.durations) if len(track.sizes) else 0
    packed = sum((ord(letter) - 0x60 & 31) << shift for letter, shift in zip(track.language, (10, 5, 0), strict=False))
    mdhd = _timed(b"mdhd", _clock(track.timescale, total) + struct.pack(">HH", packed, 0))
    if track.kind == "video":
        handler, header = b"vide", full_box(b"vmhd", 0, 1, bytes(8))
    elif track.kind == "text":
        handler, header = b"sbtl", full_box(b"nmhd", 0, 0)
    else:
        handler, header = b"soun", full_box(b"smhd", 0, 0, bytes(4))
    hdlr = full_box(b"hdlr", 0, 0, bytes(4), handler, bytes(12), b"Playhead\0")
    dref = full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))
    return box(b"mdia", mdhd, hdlr, box(b"minf", header, box(b"dinf", dref), stbl))


def _clock(timescale: int, duration: int) -> bytes:
    """Times of making and change, timescale, duration: with 64 bits only where 32 are too few."""
    return struct.pack(">QQIQ" if duration > _WIDE - 1 else ">IIII", 0, 0, timescale, duration)


def _timed(kind: bytes, content: bytes) -> bytes:
    plain = {b"mvhd": 96, b"mdhd": 20}[kind]
    return full_box(kind, int(len(content) > plain), 0, content)


def _tables(track: TrackTables, media_start: int, *, wide: bool) -> bytes:
    """``stbl`` (section 8.5.1)."""
    sizes = struct.pack(">II", 0, len(track.sizes)) + _big(track.sizes)
    parts = [stsd(track.entry), _pairs(b"stts", 0, track.durations)]
    if track.shifts:
        parts.append(_pairs(b"ctts", int(any(shift < 0 for _, shift in track.shifts)), track.shifts))
    if track.sync is not None:
        numbers = array("I", map((1).__add__, track.sync))
        parts.append(full_box(b"stss", 0, 0, struct.pack(">I", len(numbers)), _big(numbers)))
    parts += [_chunk_counts(track.chunk_counts), full_box(b"stsz", 0, 0, sizes)]
    offsets = array("Q" if wide else "I", map(media_start.__add__, track.chunk_offsets))
    parts.append(full_box(b"co64" if wide else b"stco", 0, 0, struct.pack(">I", len(offsets)), _big(offsets)))
    return box(b"stbl", *parts)


def _pairs(kind: bytes, version: int, runs: Runs) -> bytes:
    flat = array("q", chain.from_iterable(runs))
    return full_box(kind, version, 0, struct.pack(">I", len(runs)), _big(array("I", (one & _WIDE for one in flat))))


def _chunk_counts(counts: "array[int]") -> bytes:
    """``stsc`` (section 8.7.4): a row where the count changes."""
    firsts = compress(range(len(counts)), map(ne, counts, chain((-1,), counts)))
    rows = array("I", chain.from_iterable((first + 1, counts[first], 1) for first in firsts))
    return full_box(b"stsc", 0, 0, struct.pack(">I", len(rows) // 3), _big(rows))


def _big(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        return numbers.tobytes()
    swapped = numbers[:]
    swapped.byteswap()
    return swapped.tobytes()


def _scaled(track: TrackTables, ticks: int, timescale: int) -> int:
    """From the track's timescale to the movie's, to the nearest tick."""
    return (2 * ticks * timescale + track.timescale) // (2 * track.timescale)
