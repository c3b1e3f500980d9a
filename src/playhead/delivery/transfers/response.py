"""A response that sends a selection over any ASGI server with flat memory; a truncated body is always an error."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby

import structlog
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from playhead.catalog.files import MediaFile
from playhead.delivery.connections.connection import Connection
from playhead.delivery.connections.protocol import CONNECTION, ZERO_COPY
from playhead.delivery.connections.pump import FileShrank, FileSpan, Part
from playhead.delivery.errors import BodyCutShort
from playhead.delivery.links.target import Kind
from playhead.delivery.ranges import Span
from playhead.delivery.selection import Selection
from playhead.delivery.transfers.registry import Transfer, Transfers, Viewer
from playhead.delivery.transfers.sources import FileSource, GrowingMedia, Source, Sources
from playhead.storage.errors import StoreUnavailable

log = structlog.get_logger(__name__)


class MediaResponse(Response):
    """A file, or parts of it, for a request that was authorised.

    The file is opened before the head is sent, so that missing bytes are a 404, and closed in all cases. Over
    Playhead's own protocol the kernel sends its bytes from file to socket; other servers send them in chunks.

    Args:
        selection: 200, 206 or 304, as ``select`` made it.
        media: File of the spans; None when there are none.
        headers: Headers besides those of the selection, such as Cache-Control.
    """

    def __init__(
        self,
        selection: Selection,
        media: MediaFile | GrowingMedia | None,
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
            MediaNotFound: the bytes are missing; nothing was sent.
            StoreUnavailable: the remote store does not respond; nothing was sent.
            TooManyTransfers: the client has reached the limit; nothing was sent.
            BodyCutShort: the file shrank; the server must close the connection.
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
        connection: Connection | None = extensions.get(CONNECTION)
        transfer = self.transfers.begin(
            viewer_of(scope),
            video_id=self.video_id,
            kind=self.kind,
            status=self.status_code,
            expected_bytes=self.selection.length,
            carrier=connection,
        )
        zero_copy = ZERO_COPY in extensions and isinstance(source, FileSource | _Nothing)
        if connection is not None:
            connection.begin(transfer, cork=zero_copy)
        try:
            await self._send_head(send)
            if zero_copy:
                await self._send_parts(source, send)
            else:
                async with _watched(receive) as gone:
                    client = _Client(send, gone, transfer, zero_copy=ZERO_COPY in extensions)
                    await self._send_chunks(source, client)
            await _finish(send)
        except (_ClientGone, ConnectionError):
            transfer.end("gone")
            return
        except StoreUnavailable as error:
            transfer.end("failed")
            log.warning("store_read_failed", transfer=transfer.id, error=error.detail)
            return  # without the end of the body, so that the server closes the connection
        except BaseException:
            transfer.end("failed")
            raise
        if connection is not None:
            connection.finish(transfer)
        else:
            transfer.end("complete")

    async def _send_parts(self, source: Source, send: Send) -> None:
        """Have the server send all parts by zero-copy."""
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
    """The viewer of a response, by the credential of the request or by its link."""
    state = scope.get("state") or {}
    principal, client = state.get("principal"), scope.get("client")
    who = state.get("share", "link")
    if principal is not None:
        who = principal.credential_id if principal.via == "key" else principal.user_id
    agent = Headers(scope=scope).get("user-agent")
    return Viewer(who, client[0] if client else None, agent[:200] if agent else None, state.get("request_id"))


class _Nothing:
    """The source of a body in memory."""

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
    """The client left before the end of the body."""


@dataclass(frozen=True, slots=True)
class _Client:
    """The client of a body: counts what was sent and notices a disconnect.

    Attributes:
        zero_copy: Whether chunks go straight to the socket, not through a buffer that copies what it cannot send.
    """

    _send: Send
    _gone: "asyncio.Task[None]"
    _transfer: Transfer
    zero_copy: bool

    def check(self) -> None:
        if self._gone.done():
            raise _ClientGone

    async def send(self, chunk: bytes) -> None:
        self.check()
        try:
            # Always more_body: the end is sent separately, once it is certain that nothing is missing.
            if self.zero_copy:
                await self._send({"type": ZERO_COPY, "parts": [chunk], "count": len(chunk), "more_body": True})
            else:
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                self._transfer.handed_bytes += len(chunk)
        except OSError as error:  # how ASGI servers of spec 2.4 report a disconnect
            raise _ClientGone from error


async def _finish(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@asynccontextmanager
async def _watched(receive: Receive) -> AsyncIterator["asyncio.Task[None]"]:
    """A task that is done once the client has disconnected."""

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
