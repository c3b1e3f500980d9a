"""A client of tus 1.0 (https://tus.io/protocols/resumable-upload) that keeps a few hundred kB in memory.

The file goes up in PATCH requests of bounded size. After any interruption the server is asked how much it
has, and sending goes on from there: within a run, and in a later run through ``Unfinished``.
"""

import base64
import mimetypes
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import httpx2

from playhead.cli.client import PREFIX, Api, NoServer, Refused, reason
from playhead.cli.progress import BytesDone
from playhead.cli.unfinished import Source, Unfinished, file_name
from playhead.errors import Conflict, PlayheadError, Unavailable
from playhead.kit.units import KIB, MIB, format_bytes

VERSION = {"Tus-Resumable": "1.0.0"}
REQUEST_BYTES = 64 * MIB
"""One PATCH. Large enough that its round trip does not show, small enough for proxies with a body limit of 100 MB."""
BLOCK_BYTES = 256 * KIB
PATIENCE_S = 60.0
"""How long the upload tries on without a byte of progress."""
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0

_GONE = frozenset({404, 410})
_AGAIN = frozenset({409, 423, 429, 460, 500, 502, 503, 504})


class UploadInterrupted(Unavailable):
    """The upload stopped for now; what has arrived stays at the server."""

    code = "upload_interrupted"
    title = "The upload was interrupted"


class FileChanged(Conflict):
    """The file is not the one whose upload began."""

    code = "file_changed"
    title = "The file changed during its upload"


class _Gone(Exception):
    """The server no longer knows the upload."""


def upload(
    api: Api, source: Source, *, title: str | None, unfinished: Unfinished, done: BytesDone = lambda _count: None
) -> str:
    """Send a file, going on where an earlier try ended.

    Returns:
        The id of the new video.

    Raises:
        Refused: the server does not want it, such as too large or not allowed.
        UploadInterrupted: no progress for ``PATIENCE_S``; the same call later goes on.
        FileChanged: the file was written to meanwhile.
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
            f"The server gave up the upload of {source.path.name}.", hint="Run the same command again."
        ) from error


class _Sending:
    """One upload at a known place."""

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
            except (httpx2.TransportError, NoServer) as error:
                self._or_give_up(reason(error) if isinstance(error, httpx2.TransportError) else error.detail, error)
            except Refused as error:
                self._or_refused(error)
            else:
                self.unfinished.forget(self.api.url, self.source)
                return video
            time.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _ask(self) -> str | None:
        """Ask where to go on; gives the video when the upload turns out complete."""
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
        raise FileChanged(
            f"{self.source.path.name} was changed while it was uploaded.", hint="Upload it again when it is complete."
        )

    def _or_refused(self, error: Refused) -> None:
        if error.answered in _GONE:
            raise _Gone from error
        if error.answered not in _AGAIN:
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
            hint="Run the same command again to go on from there.",
        ) from error


_PATIENT = httpx2.Timeout(60, connect=5, read=300)
# The answer to the last PATCH comes when the server has stored the whole, which takes a while for large files.


def _create(api: Api, source: Source, title: str | None) -> str:
    kind = mimetypes.guess_type(source.path.name)[0] or "application/octet-stream"
    said = {"filename": file_name(source.path), "filetype": kind, **({"title": title} if title else {})}
    headers = {
        **VERSION,
        "Upload-Length": str(source.size_bytes),
        "Upload-Metadata": ",".join(f"{name} {_encoded(value)}" for name, value in said.items()),
        "Content-Length": "0",
    }
    answer = api.request("POST", "/uploads", headers=headers)
    return place_of(answer.headers["Location"], PREFIX + "/uploads")


def place_of(location: str, base: str) -> str:
    """Reduce a ``Location`` to a path of the server that was asked: the key goes to no other host."""
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
            return  # the file shrank: the request ends short, and the check after it says so
        yield block
        left -= len(block)
        done(start + length - left)
