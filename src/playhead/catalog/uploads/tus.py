"""The words of tus 1.0.0 (https://tus.io/protocols/resumable-upload): headers in and out, without a web framework."""

import base64
from collections.abc import Mapping
from email.utils import format_datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from playhead.catalog.errors import TusVersionUnsupported, UploadHeaderInvalid, UploadTypeInvalid
from playhead.catalog.tables import UploadRow
from playhead.catalog.uploads.completion import UploadState
from playhead.storage.checksum import ALGORITHMS

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,creation-defer-length,termination,expiration,checksum,concatenation"
BODY_TYPE: Final = "application/offset+octet-stream"
MAX_METADATA: Final = 4096
"""Longest ``Upload-Metadata`` that is kept, in bytes."""
MAX_PARTS: Final = 100
"""Most partial uploads of a final one."""


def capabilities(max_bytes: int) -> dict[str, str]:
    """The answer to OPTIONS."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(max_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def require_version(headers: Mapping[str, str]) -> None:
    """Every request but OPTIONS says ``Tus-Resumable: 1.0.0``.

    Raises:
        TusVersionUnsupported: another version, or none.
    """
    version = headers.get("tus-resumable")
    if version != VERSION:
        raise TusVersionUnsupported(
            f"Tus-Resumable is {version or 'missing'}.",
            hint=f"This server speaks tus {VERSION}; send Tus-Resumable: {VERSION}.",
        )


def require_body_type(headers: Mapping[str, str]) -> None:
    """A body of upload bytes says so.

    Raises:
        UploadTypeInvalid: another content type.
    """
    found = headers.get("content-type", "")
    if found.partition(";")[0].strip().lower() != BODY_TYPE:
        raise UploadTypeInvalid(f"The content type is {found or 'missing'}.", hint=f"Send {BODY_TYPE}.")


def number(headers: Mapping[str, str], name: str) -> int | None:
    """A header that holds a whole number of bytes; None when it is absent.

    Raises:
        UploadHeaderInvalid: anything but digits, or more of them than a file can have.
    """
    value = headers.get(name.lower())
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise UploadHeaderInvalid(f"{name} is {value[:40]!r}; it must be a whole number of bytes.")
    return int(value)


def announced_length(headers: Mapping[str, str]) -> int | None:
    """The length that a creation announces; None when it is deferred.

    Raises:
        UploadHeaderInvalid: neither or both of ``Upload-Length`` and ``Upload-Defer-Length: 1``.
    """
    size = number(headers, "Upload-Length")
    deferred = headers.get("upload-defer-length")
    if deferred is not None and deferred != "1":
        raise UploadHeaderInvalid(f"Upload-Defer-Length is {deferred[:40]!r}; it can only be 1.")
    if (size is None) == (deferred is None):
        raise UploadHeaderInvalid("Send either Upload-Length or Upload-Defer-Length: 1.")
    return size


def concat(headers: Mapping[str, str]) -> Literal["whole", "partial"] | list[str]:
    """Read ``Upload-Concat``: whether an upload stands alone or is a part, or the ids of the parts that it is made of.

    Raises:
        UploadHeaderInvalid: it does not read, names a part twice or more than 100, or comes with a length.
    """
    value = headers.get("upload-concat")
    if value is None:
        return "whole"
    if value.strip() == "partial":
        return "partial"
    kind, _, urls = value.partition(";")
    if kind.strip() != "final" or not urls.split():
        raise UploadHeaderInvalid(
            f"Upload-Concat is {value[:40]!r}.", hint="Send partial, or final; and the URLs of the parts with spaces."
        )
    if "upload-length" in headers or "upload-defer-length" in headers:
        raise UploadHeaderInvalid("A final upload is as long as its parts: leave Upload-Length out.")
    ids = [urlsplit(url).path.rstrip("/").rpartition("/")[2] for url in urls.split()]
    if len(set(ids)) < len(ids) or len(ids) > MAX_PARTS:
        raise UploadHeaderInvalid(
            f"Upload-Concat names {len(ids)} parts, {len(set(ids))} of them different.",
            hint=f"A part can be used once, and a final upload has at most {MAX_PARTS}.",
        )
    return ids


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Read ``Upload-Metadata``: pairs of a key and a base64 value, joined by commas.

    Raises:
        UploadHeaderInvalid: a value that is not base64, a doubled key, or more than 4 KiB.
    """
    header = headers.get("upload-metadata", "")
    if len(header) > MAX_METADATA:
        raise UploadHeaderInvalid(f"Upload-Metadata has {len(header)} bytes; at most {MAX_METADATA} are read.")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        if key in found:
            raise UploadHeaderInvalid(f"Upload-Metadata names {key[:40]!r} twice.")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
        except ValueError as error:
            raise UploadHeaderInvalid(f"The value of {key[:40]!r} in Upload-Metadata is not base64.") from error
    return found


def describe(state: UploadState) -> dict[str, str]:
    """The headers that describe the state of an upload."""
    row = state.row
    headers = {"Tus-Resumable": VERSION, "Upload-Offset": str(state.offset), "Cache-Control": "no-store"}
    if row.concat:
        headers["Upload-Concat"] = _concat(row)
    if row.size_bytes is None:
        headers["Upload-Defer-Length"] = "1"
    else:
        headers["Upload-Length"] = str(row.size_bytes)
    if row.metadata_header:
        headers["Upload-Metadata"] = row.metadata_header
    if row.completed_at is not None:
        headers["Playhead-Video"] = row.video_id
    else:
        headers["Upload-Expires"] = format_datetime(row.expires_at, usegmt=True)
    return headers


def _concat(row: UploadRow) -> str:
    urls = " ".join(f"/api/v1/uploads/{upload_id}" for upload_id, _ in row.parts or ())
    return f"final;{urls}" if row.parts else "partial"
