"""Content-Type and Content-Disposition of media, from untrusted file names."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

UNKNOWN_TYPE = "application/octet-stream"
MAX_NAME = 150
MAX_NAME_BYTES = 200
"""Limit below the 255 of file systems, as browsers append ``.crdownload`` or a number."""

NAMELESS = "video"

_TYPES = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mpg": "video/mpeg",
    "mpeg": "video/mpeg",
    "ts": "video/mp2t",
    "m2ts": "video/mp2t",
    "ogv": "video/ogg",
    "flv": "video/x-flv",
    "3gp": "video/3gpp",
    "m4a": "audio/mp4",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "vtt": "text/vtt",
}
_MEDIA = re.compile(r"(?:video|audio)/[a-z0-9][a-z0-9.+-]*|image/(?:jpeg|png|webp|gif|avif)|text/vtt", re.ASCII)
_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_EXTENSION = re.compile(r"\.[^\s.]{1,8}\Z")
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\..*)?", re.IGNORECASE
)
_ATTR_CHAR = "!#$&+-.^_`|~"  # RFC 8187 section 3.2.1, beside letters and digits


def content_type_of(filename: str) -> str:
    """The media type by a file name's extension."""
    return _TYPES.get(extension_of(filename), UNKNOWN_TYPE)


def extension_of(filename: str) -> str:
    """A file name's extension in lower case without its dot; empty where there is none that a URL could carry."""
    suffix = PurePosixPath(filename).suffix[1:].lower()
    return suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= 8 else ""


def safe_content_type(content_type: str | None, filename: str) -> str:
    """The given type when it is media, never one that a browser would run (``text/html``, ``image/svg+xml``)."""
    wanted = content_type_of(filename) if content_type is None else content_type.strip().lower()
    return wanted if _MEDIA.fullmatch(wanted) else UNKNOWN_TYPE


def content_disposition(filename: str, *, download: bool) -> str:
    """The header (RFC 6266), with an ASCII name for old clients beside the true one (RFC 8187)."""
    kind = "attachment" if download else "inline"
    name = safe_filename(filename)
    stem, end = _split(name)
    plain = _named(_ascii(stem), end if end.isascii() else "").replace("%", "_")
    header = f'{kind}; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"


def safe_filename(filename: str) -> str:
    """A name that every file system accepts.

    No separators, no control or direction characters, none of the names of devices in Windows, at most `MAX_NAME`
    characters and `MAX_NAME_BYTES`; never empty, and never an extension or underscores alone.
    """
    shown = "".join(char for char in unicodedata.normalize("NFC", filename) if unicodedata.category(char)[0] != "C")
    stem, end = _split(_UNSAFE.sub("_", " ".join(shown.split())).rstrip(" ."))
    short = stem[: MAX_NAME - len(end)].encode()[: MAX_NAME_BYTES - len(end.encode())].decode(errors="ignore")
    name = _named(short, end)
    return f"_{name}" if _DEVICE.fullmatch(name) else name


def _split(name: str) -> tuple[str, str]:
    """Stem and extension, with its dot; in ``Dr. No`` there is none."""
    found = _EXTENSION.search(name)
    return (name[: found.start()], found[0]) if found else (name, "")


def _named(stem: str, end: str) -> str:
    stem = stem.strip(" .")
    return (stem if any(char.isalnum() or not char.isascii() for char in stem) else NAMELESS) + end


def _ascii(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().split())
