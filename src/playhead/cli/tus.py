"""A tus 1.0 client (https://tus.io/protocols/resumable-upload) that keeps a few hundred kB in memory.

The file is sent in PATCH requests of bounded size. After an interruption a HEAD request asks for the offset, and the
upload resumes there: within a run, and in a later run through ``Unfinished``.
"""

import base64
import mimetypes
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import httpx2

from playhead.cli.client import PREFIX, Api, Refused, ServerUnreachable, reason
from playhead.cli.progress import BytesDone
from playhead.cli.unfinished import Source, Unfinished, file_name
from playhead.errors import Conflict, PlayheadError, Unavailable
from playhead.kit.units import KIB, MIB, format_bytes

VERSION = {"Tus-Resumable": "1.0.0"}
REQUEST_BYTES = 64 * MIB
"""Largest PATCH: its round trip is negligible, and it passes proxies with a body limit of 100 MB."""
BLOCK_BYTES = 256 * KIB
PATIENCE_S = 60.0
"""Longest time of retries without progress."""
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0

_GONE = frozenset({404, 410})
_AGAIN = frozenset({409, 423, 429, 460, 500, 502, 503, 504})


class UploadInterrupted(Unavailable):
    """The upload stopped; the server keeps what it has received."""

    code = "upload_interrupted"
    title = "The upload was interrupted"


class _Gone(Exception):
    """The server no longer knows the upload."""


def upload(
    api: Api, source: Source, *, title: str | None, unfinished: Unfinished, done: BytesDone = lambda _count: None
) -> str:
    """Upload a file, and resume an earlier attempt.

    Returns:
        The id of the new video.

    Raises:
        Refused: the server rejects the upload, for example as too large.
        UploadInterrupted: no progress for ``PATIENCE_S``; the same call resumes the upload.
        Conflict: the file was modified meanwhile.
    """
    place = unfinished.find(api.url, source)
    if place is not None:
        try:
            return _Sending(api, source, place, unfinished, done).run()
        except _Gone:
            unfinished.forget(api.url, source)
    place = _create(api, source, title)
    unfinished.keep(api.url, source, place)
    try:
        return _Sending(api, source, place, unfinished, done).run()
    except _Gone as error:
        unfinished.forget(api.url, source)
        raise UploadInterrupted(
            f"The server discarded the upload of {source.path.name}.", hint="Run the same command again."
        ) from error


class _Sending:
    """One upload at a known URL."""

    def __init__(self, api: Api, source: Source, place: str, unfinished: Unfinished, done: BytesDone) -> None:
        self.api = api
        self.source = source
        self.place = place
        self.unfinished = unfinished
        self.done = done
        self._best = -1
        self._trouble_since: float | None = None

    def run(self) -> str:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                video = self._ask()
                while video is None:
                    video = self._send_piece()
                    wait_s = FIRST_WAIT_S
            except (httpx2.TransportError, ServerUnreachable) as error:
                self._or_give_up(reason(error) if isinstance(error, httpx2.TransportError) else error.detail, error)
            except Refused as error:
                self._or_refused(error)
            else:
                self.unfinished.forget(self.api.url, self.source)
                return video
            time.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _ask(self) -> str | None:
        """Ask for the offset; returns the video id if the upload is complete."""
        answer = self.api.once("HEAD", self.place, headers=VERSION)
        self._at(int(answer.headers["Upload-Offset"]))
        return answer.headers.get("Playhead-Video")

    def _send_piece(self) -> str | None:
        length = min(REQUEST_BYTES, self.source.size_bytes - self.offset)
        headers = {
            **VERSION,
            "Upload-Offset": str(self.offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
        }
        with self.source.path.open("rb", buffering=0) as file:
            self._check_unchanged()
            blocks = _blocks(file, self.offset, length, self.done)
            answer = self.api.once("PATCH", self.place, headers=headers, content=blocks, timeout=_PATIENT)
        self._check_unchanged()
        self._at(int(answer.headers["Upload-Offset"]))
        return answer.headers.get("Playhead-Video")

    def _at(self, offset: int) -> None:
        self.offset = offset
        self.done(offset)
        if offset > self._best:
            self._best, self._trouble_since = offset, None

    def _check_unchanged(self) -> None:
        if Source.of(self.source.path) == self.source:
            return
        self.unfinished.forget(self.api.url, self.source)
        raise Conflict(
            f"{self.source.path.name} changed during its upload.",
            hint="Upload it again once it is complete.",
            code="file_changed",
            title="The file changed during its upload",
        )

    def _or_refused(self, error: Refused) -> None:
        if error.response_status in _GONE:
            raise _Gone from error
        if error.response_status not in _AGAIN:
            raise error
        self._or_give_up(error.detail, error)

    def _or_give_up(self, why: str, error: PlayheadError | httpx2.TransportError) -> None:
        now = time.monotonic()
        self._trouble_since = self._trouble_since or now
        if now - self._trouble_since < PATIENCE_S:
            return
        there, size = format_bytes(max(self._best, 0)), format_bytes(self.source.size_bytes)
        raise UploadInterrupted(
            f"The upload of {self.source.path.name} stopped at {there} of {size}: {why}",
            hint="Run the same command again to resume.",
        ) from error


_PATIENT = httpx2.Timeout(60, connect=5, read=300)
# The response to the last PATCH comes once the server has stored the whole file.


def _create(api: Api, source: Source, title: str | None) -> str:
    kind = mimetypes.guess_type(source.path.name)[0] or "application/octet-stream"
    metadata = {"filename": file_name(source.path), "filetype": kind, **({"title": title} if title else {})}
    headers = {
        **VERSION,
        "Upload-Length": str(source.size_bytes),
        "Upload-Metadata": ",".join(f"{name} {_encoded(value)}" for name, value in metadata.items()),
        "Content-Length": "0",
    }
    answer = api.request("POST", "/uploads", headers=headers)
    return place_of(answer.headers["Location"], PREFIX + "/uploads")


def place_of(location: str, base: str) -> str:
    """Reduce a ``Location`` to a path on the same server, so that the key is sent to no other host."""
    url = urlsplit(urljoin(base, location))
    return url.path + (f"?{url.query}" if url.query else "")


def _encoded(value: str) -> str:
    return base64.b64encode(value.encode("utf-8", "replace")).decode("ascii")


def _blocks(file: BinaryIO, start: int, length: int, done: Callable[[int], None]) -> Iterator[bytes]:
    file.seek(start)
    left = length
    while left:
        block = file.read(min(BLOCK_BYTES, left))
        if not block:
            return  # the file shrank: the request ends short, and the check after it reports the change
        yield block
        left -= len(block)
        done(start + length - left)
