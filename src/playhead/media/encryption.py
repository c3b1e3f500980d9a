"""Detection of encrypted files, in which a decoder would only find damage. Reads headers, in pure Python."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from playhead.media.errors import EncryptedVideo
from playhead.media.extents.matroska import TRACKS, element, elements, segment
from playhead.media.mp4.boxes import Box, Mp4Unreadable, children, fields, need, walk
from playhead.media.mp4.entries import read_protection
from playhead.media.mp4.index import read_content, top_boxes
from playhead.media.mp4.movie import TrackKind
from playhead.media.mp4.source import MemoryBytes, ReadAt
from playhead.media.sniff import Container

_HINT = "Export it, or download it, without copy protection (DRM)."
_SCHEMES = {
    **{scheme: f"Common Encryption, {scheme}" for scheme in ("cenc", "cbcs", "cens", "cbc1")},
    "piff": "PlayReady",
    **dict.fromkeys(("itun", "drmi", "drms"), "FairPlay"),
    **dict.fromkeys(("odkm", "adkm"), "OMA DRM"),
    **dict.fromkeys(("encv", "enca"), ""),
}
_KINDS: dict[bytes, TrackKind] = {b"vide": "video", b"soun": "audio"}
_MOST_TRACKS = 1 << 20
"""Most bytes of Matroska's ``Tracks``; fonts and covers are elsewhere."""
_MOST_PARTS = 10_000
"""Most parts of a Matroska file that are searched for its tracks; writers put them in front."""

_TRACK, _TYPE = 0xAE, 0x83
_TRACK_TYPES: dict[bytes, TrackKind] = {b"\x01": "video", b"\x02": "audio"}
_ENCRYPTION = (0x6D80, 0x6240, 0x5035)
"""ContentEncodings, ContentEncoding, ContentEncryption."""

_TS_BYTES = 1 << 20
_SAMPLE_AES = frozenset((0xDB, 0xCF))
"""Stream types of HLS's SAMPLE-AES: H.264 and AAC."""

_ASF_ENCRYPTION = (
    bytes.fromhex("fbb31122 23bd d211 b4b7 00a0c955fc6e".replace(" ", "")),
    bytes.fromhex("14e68a29 2226 174c b935 dae07ee9289c".replace(" ", "")),
)


def check_clear(source: ReadAt, container: Container) -> None:
    """Refuse a file whose video or audio is encrypted.

    Raises:
        EncryptedVideo: it is, according to the headers.
    """
    find = {"mov": _mp4, "matroska": _matroska, "mpegts": _mpegts, "asf": _asf}.get(container.demuxer)
    with suppress(Mp4Unreadable):
        found = list(find(source)) if find else []
        for kind, what in (("video", "This video"), ("audio", "The audio of this video")):
            schemes = [scheme for of, scheme in found if of == kind]
            if schemes and None not in schemes:
                name = _SCHEMES.get(schemes[0] or "", schemes[0])
                by = f" ({name})" if name else ""
                raise EncryptedVideo(f"{what} is encrypted{by}: Playhead cannot play or stitch it.", hint=_HINT)


_Tracks = Iterator[tuple[TrackKind, str | None]]
"""Kind and encryption scheme of each track; None for a clear one. One clear track of a kind is enough."""


def _mp4(source: ReadAt) -> _Tracks:
    moov = next((read_content(source, found) for found in top_boxes(source) if found.kind == b"moov"), b"")
    for trak in walk(moov):
        mdia = children(moov, children(moov, trak).get(b"mdia", _NOTHING)) if trak.kind == b"trak" else {}
        kind = _KINDS.get(fields(">4s", moov, mdia[b"hdlr"], 8)[0]) if b"hdlr" in mdia else None
        if kind is not None:
            stbl = need(children(moov, need(mdia, b"minf")), b"stbl")
            yield kind, read_protection(moov, need(children(moov, stbl), b"stsd"), kind)


_NOTHING = Box(b"", 0, 0)


def _matroska(source: ReadAt) -> _Tracks:
    whole = segment(source)
    parts = islice(elements(source, whole.data), _MOST_PARTS) if whole else ()
    tracks = next((found for found in parts if found.id == TRACKS), None)
    if tracks is None or tracks.end is None or tracks.end - tracks.data > _MOST_TRACKS:
        return
    data = source.read_at(tracks.data, tracks.end - tracks.data)
    for number, track in _ebml(data):
        held = dict(_ebml(track))
        kind = _TRACK_TYPES.get(held.get(_TYPE, b"")) if number == _TRACK else None
        if kind is not None:
            yield kind, "WebM encryption" if _deep(held, _ENCRYPTION) else None


def _ebml(data: bytes) -> Iterator[tuple[int, bytes]]:
    source, at = MemoryBytes(data), 0
    while (found := element(source, at)) is not None and found.end is not None:
        yield found.id, data[found.data : found.end]
        at = found.end


def _deep(held: dict[int, bytes], path: tuple[int, ...]) -> bool:
    return not path or (path[0] in held and _deep(dict(_ebml(held[path[0]])), path[1:]))


def _mpegts(source: ReadAt) -> _Tracks:
    """Scrambled packets (ISO/IEC 13818-1 section 2.4.3.3), or stream types of SAMPLE-AES in a program map."""
    data = source.read_at(0, _TS_BYTES)
    size, at = next(
        ((step, at) for step in (188, 192, 204) for at in range(2 * step) if _in_step(data, at, step)), (0, 0)
    )
    packets = [data[start : start + 188] for start in range(at, len(data) - 187, size)] if size else []
    media = [packet for packet in packets if packet[0] == 0x47 and packet[1] & 0x1F < 0x1F and packet[3] & 0x10]
    if sum(packet[3] >= 0x80 for packet in media) * 2 > len(media):
        yield "video", "scrambled, as pay television is"
    elif any(_sample_aes(packet) for packet in media if packet[1] & 0x40):
        yield "video", "HLS, SAMPLE-AES"


def _in_step(data: bytes, at: int, step: int) -> bool:
    return len(data) > at + 2 * step and set(data[at : at + 20 * step : step]) == {0x47}


def _sample_aes(packet: bytes) -> bool:
    """Whether a packet is a program map with such a stream (section 2.4.4.8)."""
    start = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
    section = packet[start + 1 + packet[start] :] if start < 188 else b""
    if len(section) < 12 or section[0] != 2:
        return False
    end = min(len(section), 3 + (int.from_bytes(section[1:3], "big") & 0xFFF) - 4)
    at = 12 + (int.from_bytes(section[10:12], "big") & 0xFFF)
    while at + 5 <= end:
        if section[at] in _SAMPLE_AES:
            return True
        at += 5 + (int.from_bytes(section[at + 3 : at + 5], "big") & 0xFFF)
    return False


def _asf(source: ReadAt) -> _Tracks:
    """An encryption object in the header (Advanced Systems Format, sections 3.14 and 3.15)."""
    header = source.read_at(0, min(int.from_bytes(source.read_at(16, 8), "little"), 1 << 20))
    if any(kind in header for kind in _ASF_ENCRYPTION):
        yield "video", "Windows Media DRM"
