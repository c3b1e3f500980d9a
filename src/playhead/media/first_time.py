"""What the first bytes of an HLS segment say, without a demuxer: when it begins, and how its audio is framed."""

from collections.abc import Iterator

from playhead.media.mp4.boxes import Box, Mp4Unreadable, children, fields, need, walk

TS_CLOCK = 90_000
WRAP_S = (1 << 33) / TS_CLOCK
"""Seconds after which the clock of MPEG-TS begins at 0 again: 26.5 h."""

HEAD_BYTES = 1 << 17
"""Bytes of a segment that are enough to find its first frame."""

_AAC_WITH_ADTS = 0x0F
_AUDIO_TYPES = {0x03, 0x04, _AAC_WITH_ADTS, 0x11, 0x81, 0x87}
"""Stream types of MPEG audio, AAC, AC-3 and E-AC-3 (ISO/IEC 13818-1 table 2-34, ATSC A/53)."""

_PACKET = 188
_SYNC = 0x47


def first_time(head: bytes, init: bytes = b"") -> float | None:
    """Seconds on the clock of the source; of the video where there is any. None where nothing is found.

    Args:
        head: The segment, or its first `HEAD_BYTES`.
        init: Its initialization section, for fragmented MP4.
    """
    if init:
        try:
            return _of_fragments(head, init)
        except Mp4Unreadable:
            return None
    return _of_packets(head)


def has_adts(head: bytes) -> bool:
    """Whether the first audio of MPEG-TS is AAC with ADTS headers, which MP4 does not have."""
    for payload in _units(head):
        section = payload[1 + payload[0] :] if payload else b""
        if len(section) < 12 or section[0] != 2:  # not a program map
            continue
        end = min(len(section), 3 + ((section[1] & 15) << 8 | section[2])) - 4
        at = 12 + ((section[10] & 15) << 8 | section[11])
        while at + 5 <= end:
            if section[at] in _AUDIO_TYPES:
                return section[at] == _AAC_WITH_ADTS
            at += 5 + ((section[at + 3] & 15) << 8 | section[at + 4])
    return False


def _units(head: bytes) -> Iterator[bytes]:
    """The payloads of the packets of MPEG-TS in which something starts."""
    for at in range(max(head.find(_SYNC), 0), len(head) - _PACKET + 1, _PACKET):
        if head[at] != _SYNC:
            return
        if head[at + 1] & 0x40 and head[at + 3] & 0x10:
            yield head[at + 4 + (1 + head[at + 4] if head[at + 3] & 0x20 else 0) : at + _PACKET]


def _of_packets(head: bytes) -> float | None:
    """Of MPEG-TS (ISO/IEC 13818-1): the first PES header of a video stream, else of an audio stream."""
    audio: float | None = None
    for pes in _units(head):
        if len(pes) < 19 or pes[:3] != b"\0\0\1":
            continue
        time = _stamp(pes)
        if 0xE0 <= pes[3] <= 0xEF and time is not None:
            return time
        if audio is None and (0xC0 <= pes[3] <= 0xDF or pes[3] == 0xBD):
            audio = time
    return audio


def _stamp(pes: bytes) -> float | None:
    """The decode time of a PES header, or its presentation time where both are the same (section 2.4.3.7)."""
    flags = pes[7] >> 6
    if not flags & 2:
        return None
    field = pes[14:19] if flags == 3 else pes[9:14]
    ticks = (field[0] >> 1 & 7) << 30 | field[1] << 22 | field[2] >> 1 << 15 | field[3] << 7 | field[4] >> 1
    return ticks / TS_CLOCK


def _of_fragments(head: bytes, init: bytes) -> float | None:
    timescales = _timescales(init)
    found: dict[bool, float] = {}
    for moof in _top(head):
        if moof.kind != b"moof":
            continue
        for traf in (each for each in walk(head, moof.start, moof.end) if each.kind == b"traf"):
            boxes = children(head, traf)
            number = fields(">I", head, need(boxes, b"tfhd"), 4)[0]
            if number in timescales and (tfdt := boxes.get(b"tfdt")):
                ticks = fields(">Q" if head[tfdt.start] == 1 else ">I", head, tfdt, 4)[0]
                timescale, is_video = timescales[number]
                found.setdefault(is_video, ticks / timescale)
        break
    return found.get(True, found.get(False))


def _top(head: bytes) -> list[Box]:
    """The whole boxes of a head that may be cut off."""
    found: list[Box] = []
    try:
        found.extend(walk(head))
    except Mp4Unreadable:
        at = 0
        while at + 8 <= len(head):
            size = int.from_bytes(head[at : at + 4], "big")
            if size < 8 or at + size > len(head):
                break
            found.append(Box(head[at + 4 : at + 8], at + 8, at + size))
            at += size
    return found


def _timescales(init: bytes) -> dict[int, tuple[int, bool]]:
    """Timescale of each track, and whether it is video."""
    top = {each.kind: each for each in walk(init)}
    found = {}
    for trak in walk(init, need(top, b"moov").start, top[b"moov"].end):
        if trak.kind != b"trak":
            continue
        boxes = children(init, trak)
        tkhd, mdia = need(boxes, b"tkhd"), children(init, need(boxes, b"mdia"))
        mdhd, hdlr = need(mdia, b"mdhd"), need(mdia, b"hdlr")
        number = fields(">I", init, tkhd, 20 if init[tkhd.start] == 1 else 12)[0]
        timescale = fields(">I", init, mdhd, 20 if init[mdhd.start] == 1 else 12)[0]
        found[number] = (timescale or 1, fields(">4s", init, hdlr, 8)[0] == b"vide")
    return found
