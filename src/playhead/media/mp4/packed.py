"""A packed `Movie`: a file that is mapped, not parsed, with its tables as the machine holds them.

Layout: ``PHIX``, a version, the length of the facts, and a CRC-32 of all that follows these 16 bytes; then the facts as
JSON; then the tables, each at a multiple of 8. The file is a cache on one machine: another version, byte order or
checksum only means that it is made anew.
"""

import json
import mmap
import os
import struct
import sys
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from playhead.media.mp4.movie import ClockJump, Colour, Edit, Movie, SampleEntry, Samples, Track

VERSION = 6
_HEAD = struct.Struct("<4sHHII")
_ORDER = 1 if sys.byteorder == "little" else 2
_STEP = 1 << 20
_Code = Literal["I", "Q", "q", "i"]
_TABLES: tuple[tuple[str, _Code], ...] = (
    ("sizes", "I"),
    ("offsets", "Q"),
    ("dts", "q"),
    ("cts", "i"),
    ("sync", "I"),
    ("runs", "I"),
)


class PackedUnreadable(Exception):
    """Not a file of ours, of another version, or damaged."""


def pack(movie: Movie, out: BinaryIO) -> None:
    """Write a movie, a table at a time."""
    checksum, length = 0, 0
    for number, piece in enumerate(_pieces(movie)):
        checksum = zlib.crc32(piece, checksum)
        length = length if number else len(piece)
    out.write(_HEAD.pack(b"PHIX", VERSION, _ORDER, length, checksum))
    for piece in _pieces(movie):
        out.write(piece)


def _pieces(movie: Movie) -> Iterator[bytes | memoryview]:
    """The facts, then what they are padded with, then the tables."""
    tables: list[array[int]] = []
    facts = {
        "movie": {
            "size_bytes": movie.size_bytes,
            "timescale": movie.timescale,
            "header_duration": movie.header_duration,
            "faststart": movie.faststart,
            "fragmented": movie.fragmented,
            "brand": movie.brand,
            "unread": movie.unread,
            "jumps": [[str(jump.at_s), str(jump.by_s)] for jump in movie.jumps],
        },
        "tracks": [_track_facts(track, tables) for track in movie.tracks],
    }
    text = json.dumps(facts, separators=(",", ":")).encode()
    yield text
    yield bytes(-len(text) % 8)
    for table in tables:
        yield memoryview(table).cast("B") if len(table) else b""
        yield bytes(-len(table) * table.itemsize % 8)


def map_file(path: Path) -> Movie:
    """Read a movie from a file that stays mapped as long as the movie lives, and is shared among processes.

    It is checked by reading, not in the map: of that only what is used comes into memory.

    Raises:
        OSError: there is none.
        PackedUnreadable: not such a file, or not whole.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        head = os.pread(fd, _HEAD.size, 0)
        checksum = 0
        for at in range(_HEAD.size, os.fstat(fd).st_size, _STEP):
            checksum = zlib.crc32(os.pread(fd, _STEP, at), checksum)
        _check(head, checksum)
        mapped = mmap.mmap(fd, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(fd)
    return _unpacked(memoryview(mapped))


def _check(head: bytes, checksum: int) -> None:
    if len(head) < _HEAD.size:
        raise PackedUnreadable("shorter than its head")
    magic, version, order, _, wanted = _HEAD.unpack(head)
    if (magic, version, order) != (b"PHIX", VERSION, _ORDER):
        raise PackedUnreadable("of another version or machine")
    if checksum != wanted:
        raise PackedUnreadable("damaged")


def _unpacked(buffer: memoryview) -> Movie:
    length = _HEAD.unpack_from(buffer)[3]
    facts = json.loads(bytes(buffer[_HEAD.size : _HEAD.size + length]))
    tables = buffer[_HEAD.size + length + -length % 8 :]
    facts["movie"]["unread"] = tuple(facts["movie"]["unread"])
    facts["movie"]["jumps"] = [ClockJump(Fraction(at), Fraction(by)) for at, by in facts["movie"]["jumps"]]
    return Movie(**facts["movie"], tracks=[_track_of(track, tables) for track in facts["tracks"]])


def _track_facts(track: Track, tables: "list[array[int]]") -> dict[str, Any]:
    at = sum(map(_room, tables))
    places: dict[str, tuple[int, int] | None] = {}
    for name, code in _TABLES:
        table: array[int] | None = getattr(track.samples, name)
        if table is None:
            places[name] = None
            continue
        tables.append(table if table.itemsize == array(code).itemsize else array(code, table))
        places[name] = (at, len(table) * tables[-1].itemsize)
        at += _room(tables[-1])
    return {
        "id": track.id,
        "kind": track.kind,
        "timescale": track.timescale,
        "header_duration": track.header_duration,
        "language": track.language,
        "matrix": _text(track.matrix),
        "mixed": track.mixed,
        "index": track.index,
        "enabled": track.enabled,
        "edits": [[edit.duration, edit.media_time, str(edit.rate)] for edit in track.edits],
        "entries": [
            {**asdict(entry), "raw": _text(entry.raw), "config": _text(entry.config)} for entry in track.entries
        ],
        "tables": places,
    }


def _room(table: "array[int]") -> int:
    return len(table) * table.itemsize + -len(table) * table.itemsize % 8


def _track_of(facts: dict[str, Any], tables: memoryview) -> Track:
    places = facts.pop("tables")
    facts["matrix"] = b64decode(facts["matrix"])
    facts["edits"] = [Edit(duration, at, Fraction(rate)) for duration, at, rate in facts["edits"]]
    facts["entries"] = [_entry(entry) for entry in facts["entries"]]
    found = {}
    for name, code in _TABLES:
        place = places[name]
        view = None if place is None else tables[place[0] : place[0] + place[1]].cast(code)
        found[name] = cast("array[int] | None", view)  # reads like one
    return Track(**facts, samples=Samples(**cast(Any, found)))


def _entry(facts: dict[str, Any]) -> SampleEntry:
    colour = facts["colour"]
    return SampleEntry(
        **{
            **facts,
            "raw": b64decode(facts["raw"]),
            "config": b64decode(facts["config"]),
            "colour": None if colour is None else Colour(**colour),
            "pixel_aspect": tuple(facts["pixel_aspect"]),
        }
    )


def _text(data: bytes) -> str:
    return b64encode(data).decode()
