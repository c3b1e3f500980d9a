"""Format of a file by its first bytes, before any decoder sees it. Pure; names and media types are not trusted."""

from dataclasses import dataclass

from playhead.media.errors import COPY_AGAIN, EmptyFile, NotAVideo

HEAD_BYTES = 4096

_POINTERS = "It points to other files instead of holding a video; the video file itself is needed."


@dataclass(frozen=True, slots=True)
class Container:
    """Name of a demuxer, and common name of its format."""

    demuxer: str
    name: str


MP4 = Container("mov", "mp4")
QUICKTIME = Container("mov", "mov")
MATROSKA = Container("matroska", "mkv")
WEBM = Container("matroska", "webm")
AVI = Container("avi", "avi")
MPEG_TS = Container("mpegts", "mpegts")
MPEG_PS = Container("mpeg", "mpeg")
FLV = Container("flv", "flv")
OGG = Container("ogg", "ogg")
ASF = Container("asf", "wmv")
GIF = Container("gif", "gif")
DEMUXER_OPTIONS = {"mpegts": {"merge_pmt_versions": "1"}}
"""Options of libav by demuxer: a track whose number changes in a transport stream goes on."""

_MAGIC = (
    (b"AVI ", 8, AVI),
    (b"WAVE", 8, Container("wav", "wav")),
    (b"FLV\x01", 0, FLV),
    (b"OggS", 0, OGG),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", 0, ASF),
    (b"GIF8", 0, GIF),
    (b"\x00\x00\x01\xba", 0, MPEG_PS),
    (b"fLaC", 0, Container("flac", "flac")),
    (b"ID3", 0, Container("mp3", "mp3")),
    (b"\xff\xfb", 0, Container("mp3", "mp3")),
)
"""Magic numbers: bytes, offset and container."""

_MP4_BOXES = (b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"moof", b"styp", b"sidx", b"uuid")
_OTHER_FILES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"BM", "a bitmap image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


_TEXTS = (
    ("#extm3u", "", f"it is an HLS playlist. {_POINTERS}"),
    ("ffconcat", "", f"it is a list of files for ffmpeg. {_POINTERS}"),
    ("v=0", "", f"it is a session description (SDP). {_POINTERS}"),
    ("", "<mpd", f"it is a DASH manifest. {_POINTERS}"),
    ("", "<svg", "it is an SVG drawing."),
    ("", "<html", "it is a web page, perhaps the error page of where it was downloaded from."),
    ("", "<!doctype html", "it is a web page, perhaps the error page of where it was downloaded from."),
)
"""Texts that are not videos: beginning, content, and a sentence."""


def sniff(head: bytes) -> Container:
    """Container of a file, from its first 4096 bytes (fewer if the file is shorter).

    Raises:
        EmptyFile: there are no bytes.
        NotAVideo: any other format, with a sentence that names it.
    """
    if not head:
        raise EmptyFile("This file is empty (0 bytes).", hint=COPY_AGAIN)
    found = _container(head)
    if found is None:
        raise NotAVideo(_what_else(head))
    return found


def _container(head: bytes) -> Container | None:
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head[4:8] in _MP4_BOXES:
        return QUICKTIME
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEBM if b"webm" in head[:64] else MATROSKA
    found = next((found for magic, at, found in _MAGIC if head[at : at + len(magic)] == magic), None)
    return MPEG_TS if found is None and _has_ts_packets(head) else found


def _by_brand(brand: bytes) -> Container | None:
    if brand in (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"crx "):
        return None
    return QUICKTIME if brand == b"qt  " else MP4


def _has_ts_packets(head: bytes) -> bool:
    """Whether a sync byte recurs every 188 bytes; 192 on Blu-ray and in camcorders, 204 with error correction.

    Captured from a network or cut out of another file, the first packet is torn: then ten are required.
    """
    return any(
        len(head) > start + step * (least - 1) and head[start : start + step * least : step] == b"G" * least
        for step in _TS_STEPS
        for start, least in ((0, 3), (4, 3), *((torn, 10) for torn in range(1, 2 * step)))
    )


_TS_STEPS = (188, 192, 204)


def _what_else(head: bytes) -> str:
    known = next((words for magic, words in _OTHER_FILES if head.startswith(magic)), None)
    if known is None and (head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")):
        known = "an image"
    if known is not None:
        image = " Add it to a project as an image." if known.endswith("image") else ""
        return f"This is not a video: it is {known}.{image}"
    if not head.strip(b"\0"):
        return "This is not a video: it begins with nothing but zeros, as after a copy that went wrong."
    text = _as_text(head)
    if text is None:
        perhaps = ", and may be encrypted" if len(head) >= 2048 and len(set(head)) >= _RANDOM else ""
        return f"This is not a video: it does not begin like any format that Playhead reads{perhaps}."
    return _what_text(text)


_RANDOM = 250
"""Distinct byte values in some thousand bytes: no header has as many, but an encrypted segment of HLS does."""


def _as_text(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    else:
        text = head.decode("utf-8", errors="ignore")
        if len(text.encode()) < len(head) - 3 and not head.isascii():  # more lost than a character cut at the end
            return None
    odd = sum(1 for char in text if not char.isprintable() and char not in "\r\n\t\f\ufeff")
    return text.lstrip("\ufeff \r\n\t") if odd * 50 <= len(text) else None


def _what_text(text: str) -> str:
    low = text[:2000].lower()
    for begins, contains, words in _TEXTS:
        if low.startswith(begins) and contains in low:
            return f"This is not a video: {words}"
    return "This is not a video: it reads like text."
