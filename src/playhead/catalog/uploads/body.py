"""The body of ``POST /videos`` and ``/images``: a file, or a form with it. Read once, as a stream."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any, Final, Literal

from fastapi import Request
from starlette.requests import ClientDisconnect

from playhead.api.services import service
from playhead.catalog.errors import BodyTypeInvalid, UploadTooLarge, UploadTruncated
from playhead.catalog.titles import VideoName, clean_filename, clean_title, title_from
from playhead.catalog.uploads.form import Form, boundary_of
from playhead.kit.units import MIB
from playhead.settings import Settings

FORM_MARGIN: Final = MIB
"""Bytes of a form beside its file: parts, headers, fields."""

FileWhat = Literal["video", "image"]

_FILE: Final = {"type": "string", "format": "binary"}
_FORM: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": _FILE, "title": {"type": "string"}, "filename": {"type": "string"}},
}
FILE_OR_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": _FILE}, "multipart/form-data": {"schema": _FORM}},
    }
}
"""The body in OpenAPI."""

_LINGUIST: Final = "text/vnd.trolltech.linguist"
"""Type that many systems send for an MPEG transport stream, as ``.ts`` is also Qt Linguist's."""


class FileBody:
    """One request's video or image.

    Args:
        title, filename: Values of the query; a form has them in its fields.

    Raises:
        BodyTypeInvalid: neither such a file nor a form.
        InvalidInput: of the query.
    """

    def __init__(self, request: Request, what: FileWhat, *, title: str | None, filename: str | None) -> None:
        kind = _checked_kind(request, what)
        self._what = what
        self._request = request
        self._form = Form(boundary_of(request.headers)) if kind == "multipart/form-data" else None
        self._title = clean_title(title) if title else None
        self._filename = clean_filename(filename)

    @property
    def size(self) -> int | None:
        """Bytes of the file, where they are known before."""
        return None if self._form else self.length

    @property
    def length(self) -> int | None:
        """Bytes of the body, where they are known before."""
        length = self._request.headers.get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() and len(length) <= 18 else None

    def most(self, limit: int) -> int:
        """Most bytes of the body for a file within a limit."""
        return limit + FORM_MARGIN if self._form else limit

    def check_length(self, limit: int) -> None:
        """Refuse a form that cannot be small enough, before it is read.

        Raises:
            UploadTooLarge
        """
        if self._form and self.length is not None and self.length > self.most(limit):
            raise UploadTooLarge(self.length, limit)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the bytes of the file.

        Raises:
            UploadTruncated: the connection ended.
            FormInvalid: a form that does not read, or has another number of files than one.
        """
        try:
            async for chunk in self._form.file(self._request.stream()) if self._form else self._request.stream():
                if chunk:
                    yield chunk
        except ClientDisconnect as error:
            raise UploadTruncated(
                "The connection ended before the whole body came.", hint="Upload the file again."
            ) from error

    def named(self) -> VideoName:
        """Title and filename, known once the bytes have arrived.

        Raises:
            InvalidInput: of the form.
        """
        fields = self._form.fields if self._form else {}
        filename = clean_filename(fields.get("filename")) or self._filename
        filename = filename or (clean_filename(self._form.filename) if self._form else None)
        title = clean_title(fields["title"]) if fields.get("title", "").strip() else self._title
        return VideoName(title or title_from(filename, what=self._what), filename)

    def digest(self, sha256: str) -> str:
        """Identity of a body: the hash of the file and its names."""
        named = self.named()
        return hashlib.sha256(f"{sha256}\n{named.title}\n{named.filename}".encode("utf-8", "replace")).hexdigest()


async def digest_of(request: Request) -> str:
    """Read a repeated request to its end, without keeping it, to compare it with the first."""
    body = FileBody(
        request, "video", title=request.query_params.get("title"), filename=request.query_params.get("filename")
    )
    hashed, came, limit = hashlib.sha256(), 0, service(request, Settings).upload_max
    async for chunk in body.chunks():
        hashed.update(chunk)
        came += len(chunk)
        if came > limit:
            raise UploadTooLarge(came, limit)
    return body.digest(hashed.hexdigest())


def _checked_kind(request: Request, what: FileWhat) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise _invalid(request, what, f"The body is encoded as {encoding[:40]}.")
    if kind != "multipart/form-data" and _is_no_file(kind):
        raise _invalid(request, what, f"The content type is {kind[:80]}, which is no {what}.")
    return kind


def _is_no_file(kind: str) -> bool:
    if kind.startswith(("text/", "multipart/", "message/")):
        return kind != _LINGUIST
    return kind.endswith(("+json", "+xml")) or kind in (
        *("application/json", "application/xml", "application/x-ndjson", "application/javascript"),
        *("application/x-www-form-urlencoded", "application/offset+octet-stream"),
    )


def _invalid(request: Request, what: FileWhat, detail: str) -> BodyTypeInvalid:
    example = {"video": "x.mp4", "image": "x.png"}[what]
    return BodyTypeInvalid(detail, url=str(request.url.replace(query="")), example=example)
