"""Parameter sets among the samples: a source that changed its frame size under a header that was written before.

A capture ends its part where that happens; one that was killed, or another recorder, may not have.
"""

import struct
from collections.abc import Iterator
from dataclasses import replace

from playhead.media.mp4 import h264
from playhead.media.mp4.boxes import Mp4Unreadable, box
from playhead.media.mp4.configuration import AVC, nal_config
from playhead.media.mp4.movie import SampleEntry, Track
from playhead.media.mp4.source import ReadAt

_HEAD_BYTES = 1024
"""Where the parameter sets of a keyframe are: before its first slice."""

_HIGH, _HIGH_TAIL = frozenset((100, 110, 122, 144)), bytes((0xFD, 0xF8, 0xF8, 0))
"""Profiles whose configuration says more (ISO/IEC 14496-15 section 5.3.3.1): 4:2:0 of 8 bits, as broadcasts are."""

_SPS, _PPS, _SLICES = 7, 8, frozenset((1, 5))


def entries_in_band(source: ReadAt, track: Track) -> Iterator[tuple[int, SampleEntry]]:
    """The keyframes from which another frame size counts, and how they are coded. H.264 alone."""
    entry, samples = track.entry, track.samples
    if entry.fourcc not in AVC:
        return
    try:
        config = nal_config(entry)
        size = _size(config.sps[0]) if config.sps else None
    except (Mp4Unreadable, ValueError):
        return
    for sync in range(len(samples)) if samples.sync is None else samples.sync:
        head = source.read_at(samples.offsets[sync], min(samples.sizes[sync], _HEAD_BYTES))
        sets = list(_sets(head, config.nal_length))
        sps = [one for one in sets if one[0] & 31 == _SPS]
        found = _size(sps[0]) if sps else size
        if found is not None and found != size:
            size = found
            yield sync, _entry(entry, sps, [one for one in sets if one[0] & 31 == _PPS], found)


def _size(sps: bytes) -> tuple[int, int] | None:
    try:
        facts = h264.read_sps(sps)
    except (Mp4Unreadable, ValueError, IndexError):
        return None
    return facts.width, facts.height


def _sets(head: bytes, length: int) -> Iterator[bytes]:
    at = 0
    while at + length < len(head):
        size = int.from_bytes(head[at : at + length], "big")
        unit = head[at + length : at + length + size]
        if not unit or unit[0] & 31 in _SLICES:
            return
        if unit[0] & 31 in (_SPS, _PPS) and len(unit) == size:
            yield unit
        at += length + size


def _entry(entry: SampleEntry, sps: list[bytes], pps: list[bytes], size: tuple[int, int]) -> SampleEntry:
    """The entry that a part would have had that begins here."""
    length = entry.config[4] & 3
    head = bytes((1, *sps[0][1:4], 0xFC | length, 0xE0 | len(sps)))
    config = head + b"".join(map(_counted, sps)) + bytes((len(pps),)) + b"".join(map(_counted, pps))
    config += _HIGH_TAIL if sps[0][1] in _HIGH else b""
    fields = struct.pack(">6xH16xHHIIIH32xHh", 1, *size, 72 << 16, 72 << 16, 0, 1, 24, -1)
    raw = box(b"avc1", fields, box(b"avcC", config))
    return replace(entry, fourcc="avc1", raw=raw, config=config, width=size[0], height=size[1], pixel_aspect=(1, 1))


def _counted(unit: bytes) -> bytes:
    return struct.pack(">H", len(unit)) + unit
