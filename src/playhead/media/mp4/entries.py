"""Sample entries: how the samples of a track are coded (ISO/IEC 14496-12 section 8.5.2 and chapter 12)."""

import struct

from playhead.media.mp4.boxes import Box, Mp4Unreadable, box, children, fields, full_box, walk
from playhead.media.mp4.movie import Colour, SampleEntry, TrackKind

MAX_ENTRIES = 64
"""Of one track; one is usual, a few after a change of encoder."""

_CONFIGS = frozenset((b"avcC", b"hvcC", b"av1C", b"vpcC", b"vvcC", b"esds", b"dOps", b"dfLa", b"dac3", b"dec3"))
_PCM = frozenset(
    ("sowt", "twos", "raw ", "NONE", "lpcm", "ipcm", "fpcm", "in24", "in32", "fl32", "fl64", "ulaw", "alaw")
)
_PROTECTED = frozenset((b"encv", b"enca", b"drmi", b"drms"))
_VISUAL = 78
_AUDIO = 28
_QUICKTIME = {0: _AUDIO, 1: _AUDIO + 16, 2: _AUDIO + 36}


def read_entries(buffer: bytes | memoryview, stsd: Box, kind: TrackKind) -> list[SampleEntry]:
    """Read every entry of an ``stsd`` box.

    Raises:
        Mp4Unreadable: there is none, there are more than ``MAX_ENTRIES``, or one is cut short.
    """
    version = fields(">B", buffer, stsd)[0]
    boxes = list(walk(buffer, stsd.start + 8, stsd.end))[: fields(">I", buffer, stsd, 4)[0]]
    if not 0 < len(boxes) <= MAX_ENTRIES:
        raise Mp4Unreadable(f"The track has {len(boxes)} sample entries.")
    if kind == "video":
        return [_visual(buffer, entry) for entry in boxes]
    return [_audio(buffer, entry, iso=version == 1) for entry in boxes]


def read_entry(raw: bytes, kind: TrackKind) -> SampleEntry:
    """Read one entry from its own bytes, header included.

    Raises:
        Mp4Unreadable: it is cut short.
    """
    entry = next(walk(raw), None)
    if entry is None:
        raise Mp4Unreadable("A sample entry of no bytes.")
    return _visual(raw, entry) if kind == "video" else _audio(raw, entry, iso=False)


def read_protection(buffer: bytes | memoryview, stsd: Box, kind: TrackKind) -> str | None:
    """The scheme that the samples of a track are encrypted by (ISO/IEC 14496-12 section 8.12); None: they are clear.

    Returns:
        Four characters such as ``cenc``, or the entry's own name where the file does not name the scheme.

    Raises:
        Mp4Unreadable: an entry is cut short.
    """
    for entry in walk(buffer, stsd.start + 8, stsd.end):
        if entry.kind in _PROTECTED:
            return _scheme(buffer, entry, kind) or _fourcc(entry)
    return None


def _scheme(buffer: bytes | memoryview, entry: Box, kind: TrackKind) -> str:
    fixed = _VISUAL if kind == "video" else _QUICKTIME.get(fields(">H", buffer, entry, 8)[0], _AUDIO)
    inner = children(buffer, Box(entry.kind, min(entry.start + fixed, entry.end), entry.end))
    schm = children(buffer, inner[b"sinf"]).get(b"schm") if b"sinf" in inner else None
    return "" if schm is None else str(fields(">4s", buffer, schm, 4)[0].decode("latin-1")).strip()


def _visual(buffer: bytes | memoryview, entry: Box) -> SampleEntry:
    width, height = fields(">HH", buffer, entry, 24)
    config, colour, aspect = b"", None, (1, 1)
    for child in walk(buffer, min(entry.start + _VISUAL, entry.end), entry.end):
        if child.kind in _CONFIGS and not config:
            config = bytes(buffer[child.start : child.end])
        elif child.kind == b"colr":
            colour = colour or _colour(buffer, child)
        elif child.kind == b"pasp":
            across, down = fields(">II", buffer, child)
            aspect = (across, down) if across and down else (1, 1)
    return SampleEntry(
        fourcc=_fourcc(entry),
        raw=_raw(buffer, entry),
        config=config,
        width=width,
        height=height,
        colour=colour,
        pixel_aspect=aspect,
    )


def _colour(buffer: bytes | memoryview, colr: Box) -> Colour | None:
    """``nclx`` (section 12.1.5) and QuickTime's ``nclc``, which knows no full range; ICC profiles are left out."""
    kind = fields(">4s", buffer, colr)[0]
    if kind == b"nclx":
        primaries, transfer, matrix, flags = fields(">HHHB", buffer, colr, 4)
        return Colour(primaries, transfer, matrix, full_range=bool(flags & 0x80))
    return Colour(*fields(">HHH", buffer, colr, 4)) if kind == b"nclc" else None


def _audio(buffer: bytes | memoryview, entry: Box, *, iso: bool) -> SampleEntry:
    version, channels, rate = fields(">H6xH6xI", buffer, entry, 8)
    rate >>= 16
    fixed = _AUDIO if iso else _QUICKTIME.get(version, 0)
    if not fixed:
        raise Mp4Unreadable(f"An audio entry of version {version} is not known.")
    if fixed == _QUICKTIME[2]:
        rate, channels = _second_version(buffer, entry)
    found = _audio_config(buffer, entry, fixed)
    raw = _raw(buffer, entry)
    if found is not None and fixed != _AUDIO:
        raw = _plain_entry(raw, channels, rate, bytes(buffer[found.start : found.end]), found.kind)
    return SampleEntry(
        fourcc=_fourcc(entry),
        raw=raw,
        config=b"" if found is None else bytes(buffer[found.start : found.end]),
        channels=channels,
        sample_rate=rate,
    )


def _second_version(buffer: bytes | memoryview, entry: Box) -> tuple[int, int]:
    """Rate and channels of version 2 of QuickTime's audio entry (QuickTime File Format, "Sound Sample Description")."""
    rate, channels = fields(">dI", buffer, entry, 32)
    if not 0 < rate < 1 << 32:
        raise Mp4Unreadable(f"An audio entry claims a rate of {rate} Hz.")
    return int(rate), channels


def _audio_config(buffer: bytes | memoryview, entry: Box, fixed: int) -> Box | None:
    """The codec's own box; QuickTime hides it in ``wave``."""
    for child in walk(buffer, min(entry.start + fixed, entry.end), entry.end):
        if child.kind in _CONFIGS:
            return child
        if child.kind == b"wave":
            inner = (part for part in walk(buffer, child.start, child.end) if part.kind in _CONFIGS)
            found = next(inner, None)
            if found is not None:
                return found
    return None


def _plain_entry(raw: bytes, channels: int, rate: int, config: bytes, kind: bytes) -> bytes:
    """A QuickTime audio entry in the shape of ISO 14496-12 section 12.2.3, which every player reads."""
    head = raw[8:16] + struct.pack(">8xHHHH", min(channels, 0xFFFF), 16, 0, 0)
    return box(raw[4:8], head, struct.pack(">I", (rate & 0xFFFF) << 16), box(kind, config))


def pcm_frame_bytes(entry: SampleEntry) -> int:
    """Bytes of one sample of all channels of uncompressed audio; 0 for any other."""
    if entry.fourcc not in _PCM or len(entry.raw) < 8 + _AUDIO:
        return 0
    version, bits = struct.unpack_from(">H8xH", entry.raw, 16)
    if version == 1 and len(entry.raw) >= 8 + _QUICKTIME[1]:
        return int.from_bytes(entry.raw[44:48], "big")
    if version == 2 and len(entry.raw) >= 8 + _QUICKTIME[2]:
        return int.from_bytes(entry.raw[64:68], "big")
    return entry.channels * (1 if entry.fourcc in ("ulaw", "alaw") else bits // 8)


def with_colour(entry: bytes, colour: Colour) -> bytes:
    """Give a visual sample entry a ``colr`` of type ``nclx`` instead of its own.

    Args:
        entry: The whole box, header included.

    Raises:
        Mp4Unreadable: it is cut short.
    """
    outer = next(walk(entry), None)
    if outer is None or outer.end - outer.start < _VISUAL:
        raise Mp4Unreadable("A visual sample entry is cut short.")
    kept = [
        box(child.kind, entry[child.start : child.end])
        for child in walk(entry, outer.start + _VISUAL, outer.end)
        if child.kind != b"colr"
    ]
    flags = 0x80 if colour.full_range else 0
    colr = box(b"colr", struct.pack(">4sHHHB", b"nclx", colour.primaries, colour.transfer, colour.matrix, flags))
    return box(outer.kind, entry[outer.start : outer.start + _VISUAL], *kept, colr)


def stsd(*entries: bytes) -> bytes:
    """Write a sample description box around whole entries."""
    return full_box(b"stsd", 0, 0, struct.pack(">I", len(entries)), *entries)


def _fourcc(entry: Box) -> str:
    return entry.kind.decode("latin-1")


def _raw(buffer: bytes | memoryview, entry: Box) -> bytes:
    return box(entry.kind, bytes(buffer[entry.start : entry.end]))
