"""Sends a selection over any ASGI server: flat memory, one descriptor, no body that ends quietly too soon."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from playhead.delivery.errors import BodyCutShort
from playhead.delivery.media import Kind, Media
from playhead.delivery.ranges import Span
from playhead.delivery.selection import Selection
from playhead.delivery.sources import Source, open_source
from playhead.delivery.transfers import Transfer
from playhead.observe.metrics import Metrics
from playhead.storage.store import Store


class MediaResponse(Response):
    """A file, or parts of it. Return it from an endpoint that has authorised the request.

    The file is opened before the head is sent, so that missing bytes are a 404; and closed in all cases.

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
        store: Store,
        metrics: Metrics,
        video_id: str,
        kind: Kind,
        headers: Mapping[str, str],
    ) -> None:
        self.selection = selection
        self.media = media
        self.store = store
        self.metrics = metrics
        self.video_id = video_id
        self.kind = kind
        self.status_code = selection.status
        self.background = None
        self.body = b""
        self.raw_headers = [
            *selection.headers,
            *((name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it.

        Raises:
            MediaNotFound: the bytes are not there; nothing was sent.
            BodyCutShort: the file shrank; the server must end the connection.
        """
        if self.selection.status == 304:
            await self._send_head(send)
            await _finish(send)
            return
        source = _Nothing() if self.media is None else await open_source(self.store, self.media)
        try:
            await self._send_head(send)
            if not self.selection.parts or await self._send_body(source, receive, send):
                await _finish(send)
        finally:
            source.close()

    async def _send_head(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": list(self.raw_headers)})

    async def _send_body(self, source: Source, receive: Receive, send: Send) -> bool:
        """Send all parts; False when the client left."""
        transfer = Transfer(
            self.metrics,
            video_id=self.video_id,
            kind=self.kind,
            status=self.status_code,
            expected_bytes=self.selection.length,
        )
        try:
            async with _watched(receive) as gone:
                await self._send_parts(source, _Client(send, gone, transfer))
        except _ClientGone:
            transfer.end("gone")
            return False
        except BaseException:
            transfer.end("failed")
            raise
        transfer.end("complete")
        return True

    async def _send_parts(self, source: Source, client: "_Client") -> None:
        for together, group in groupby(self.selection.parts, key=lambda part: isinstance(part, Span)):
            if together:
                await self._send_spans(source, [part for part in group if isinstance(part, Span)], client)
            else:
                await client.send(b"".join(part for part in group if isinstance(part, bytes)))
        client.check()

    async def _send_spans(self, source: Source, spans: list[Span], client: "_Client") -> None:
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
            name = self.media.key if self.media else "a file"
            raise BodyCutShort(f"{name} ended {missing} bytes early.")


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
    """Who takes the body: counts what it got and notices that it left."""

    _send: Send
    _gone: "asyncio.Task[None]"
    _transfer: Transfer

    def check(self) -> None:
        if self._gone.done():
            raise _ClientGone

    async def send(self, chunk: bytes) -> None:
        self.check()
        try:
            # Always more_body: the end is sent apart, once it is certain that nothing is missing.
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        except OSError as error:  # how ASGI servers of spec 2.4 tell
            raise _ClientGone from error
        self._transfer.sent_bytes += len(chunk)


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
