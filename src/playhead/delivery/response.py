"""Sends a selection over any ASGI server: flat memory, one descriptor, no body that ends quietly too soon."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby

import structlog
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from playhead.delivery.errors import BodyCutShort
from playhead.delivery.media import Kind, Media
from playhead.delivery.ranges import Span
from playhead.delivery.selection import Selection
from playhead.delivery.sources import FileSource, Source, Sources
from playhead.delivery.transfers import Transfer, Transfers, Viewer
from playhead.delivery.wire.connection import Wire
from playhead.delivery.wire.protocol import WIRE, ZERO_COPY
from playhead.delivery.wire.pump import FileShrank, FileSpan, Part
from playhead.storage.errors import StoreUnavailable

log = structlog.get_logger(__name__)


class MediaResponse(Response):
    """A file, or parts of it. Return it from an endpoint that has authorised the request.

    The file is opened before the head is sent, so that missing bytes are a 404; and closed in all cases. Over
    Playhead's own protocol its bytes go from the file to the socket in the kernel, elsewhere in chunks.

    Args:
        selection: 200, 206 or 304, as ``select`` made it.
        media: The file that the spans are of; None when there are none.
        headers: What the endpoint adds, such as Cache-Control.
    """

    def __init__(
        self,
        selection: Selection,
        media: Media | None,
        *,
        sources: Sources,
        transfers: Transfers,
        video_id: str,
        kind: Kind,
        headers: Mapping[str, str],
    ) -> None:
        self.selection = selection
        self.media = media
        self.sources = sources
        self.transfers = transfers
        self.video_id = video_id
        self.kind = kind
        self.status_code = selection.status
        self.background = None
        self.body = b""
        self.raw_headers = [
            *selection.headers,
            *((name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it.

        Raises:
            MediaNotFound: the bytes are not there; nothing was sent.
            StoreUnavailable: a remote store does not give them; nothing was sent.
            TooManyTransfers: this client takes as many files as it may; nothing was sent.
            BodyCutShort: the file shrank; the server must end the connection.
        """
        if self.selection.status == 304:
            await self._send_head(send)
            await _finish(send)
            return
        source = _Nothing() if self.media is None else await self.sources.open(self.media, self.selection.parts)
        try:
            if self.selection.parts:
                await self._send_body(source, scope, receive, send)
            else:
                await self._send_head(send)
                await _finish(send)
        finally:
            source.close()

    async def _send_head(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": list(self.raw_headers)})

    async def _send_body(self, source: Source, scope: Scope, receive: Receive, send: Send) -> None:
        extensions = scope.get("extensions") or {}
        wire: Wire | None = extensions.get(WIRE)
        transfer = self.transfers.begin(
            viewer_of(scope),
            video_id=self.video_id,
            kind=self.kind,
            status=self.status_code,
            expected_bytes=self.selection.length,
            carrier=wire,
        )
        zero_copy = ZERO_COPY in extensions and isinstance(source, FileSource | _Nothing)
        if wire is not None:
            wire.begin(transfer, cork=zero_copy)
        try:
            await self._send_head(send)
            if zero_copy:
                await self._send_parts(source, send)
            else:
                async with _watched(receive) as gone:
                    client = _Client(send, gone, transfer, past_python=ZERO_COPY in extensions)
                    await self._send_chunks(source, client)
            await _finish(send)
        except (_ClientGone, ConnectionError):
            transfer.end("gone")
            return
        except StoreUnavailable as error:
            transfer.end("failed")
            log.warning("store_read_failed", transfer=transfer.id, error=error.detail)
            return  # without its end, so that the server hangs up
        except BaseException:
            transfer.end("failed")
            raise
        if wire is not None:
            wire.finish(transfer)
        else:
            transfer.end("complete")

    async def _send_parts(self, source: Source, send: Send) -> None:
        """Have the server send all parts past Python."""
        parts: list[Part] = []
        for part in self.selection.parts:
            if isinstance(part, Span):
                assert isinstance(source, FileSource)
                parts.append(FileSpan(source.file, part.start, part.length))
            else:
                parts.append(part)
        try:
            await send({"type": ZERO_COPY, "parts": parts, "count": self.selection.length, "more_body": True})
        except FileShrank as error:
            raise self._cut_short("early") from error

    async def _send_chunks(self, source: Source, client: "_Client") -> None:
        for together, group in groupby(self.selection.parts, key=lambda part: isinstance(part, Span)):
            if together:
                await self._send_chunks_of(source, [part for part in group if isinstance(part, Span)], client)
            else:
                await client.send(b"".join(part for part in group if isinstance(part, bytes)))
        client.check()

    async def _send_chunks_of(self, source: Source, spans: list[Span], client: "_Client") -> None:
        missing = sum(span.length for span in spans)
        chunks = source.chunks(spans[0]) if len(spans) == 1 else source.gather(spans)
        try:
            async for chunk in chunks:
                await client.send(chunk)
                missing -= len(chunk)
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()
        if missing:
            raise self._cut_short(f"{missing} bytes early")

    def _cut_short(self, when: str) -> BodyCutShort:
        return BodyCutShort(f"{self.media.key if self.media else 'a file'} ended {when}.")


def viewer_of(scope: Scope) -> Viewer:
    """Who takes the answer to a request: by its credential, else by its link."""
    state = scope.get("state") or {}
    principal, client = state.get("principal"), scope.get("client")
    who = state.get("share", "link")
    if principal is not None:
        who = principal.credential_id if principal.via == "key" else principal.user_id
    agent = Headers(scope=scope).get("user-agent")
    return Viewer(who, client[0] if client else None, agent[:200] if agent else None, state.get("request_id"))


class _Nothing:
    """The source of a body that is all bytes."""

    def chunks(self, span: Span) -> AsyncIterator[bytes]:  # noqa: ARG002
        return _no_bytes()

    def gather(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:  # noqa: ARG002
        return _no_bytes()

    def close(self) -> None:
        """Nothing is open."""


async def _no_bytes() -> AsyncIterator[bytes]:
    no_chunks: tuple[bytes, ...] = ()
    for chunk in no_chunks:
        yield chunk


class _ClientGone(Exception):
    """The client left before it had all."""


@dataclass(frozen=True, slots=True)
class _Client:
    """Who takes the body: counts what it got and notices that it left.

    Attributes:
        past_python: Chunks go to the socket as they are, not through a buffer that copies what it cannot send at once.
    """

    _send: Send
    _gone: "asyncio.Task[None]"
    _transfer: Transfer
    past_python: bool

    def check(self) -> None:
        if self._gone.done():
            raise _ClientGone

    async def send(self, chunk: bytes) -> None:
        self.check()
        try:
            # Always more_body: the end is sent apart, once it is certain that nothing is missing.
            if self.past_python:
                await self._send({"type": ZERO_COPY, "parts": [chunk], "count": len(chunk), "more_body": True})
            else:
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                self._transfer.handed_bytes += len(chunk)
        except OSError as error:  # how ASGI servers of spec 2.4 tell
            raise _ClientGone from error


async def _finish(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@asynccontextmanager
async def _watched(receive: Receive) -> AsyncIterator["asyncio.Task[None]"]:
    """A task that is done once the client has left."""

    async def until_disconnect() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    task = asyncio.create_task(until_disconnect(), name="media-disconnect")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # a receive that failed is a client that is gone
