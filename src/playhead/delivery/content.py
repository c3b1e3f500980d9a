"""Content-Type and Content-Disposition of media, from names that strangers chose."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

UNKNOWN_TYPE = "application/octet-stream"
MAX_NAME = 150

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
}
_MEDIA = re.compile(r"(?:video|audio)/[a-z0-9][a-z0-9.+-]*|image/(?:jpeg|png|webp|avif)", re.ASCII)
_UNSAFE = re.compile(r'[\\/:*?"<>|]')
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
    """Write the header (RFC 6266), with an ASCII name for old clients and the true one (RFC 8187) beside it."""
    kind = "attachment" if download else "inline"
    name = safe_filename(filename)
    plain = " ".join(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().split())
    header = f'{kind}; filename="{plain.replace("%", "_").strip(" .") or "video"}"'
    if plain == name and "%" not in name:
        return header
    return f"{header}; filename*=UTF-8''{quote(name, safe=_ATTR_CHAR)}"


def safe_filename(filename: str) -> str:
    """A name that every file system takes: no separators, no control or direction characters, 150 at most."""
    shown = "".join(char for char in filename if unicodedata.category(char)[0] != "C")
    name = _UNSAFE.sub("_", shown).strip(" .") or "video"
    if len(name) <= MAX_NAME:
        return name
    extension = extension_of(name)
    return f"{name[: MAX_NAME - len(extension) - 1]}.{extension}" if extension else name[:MAX_NAME]
