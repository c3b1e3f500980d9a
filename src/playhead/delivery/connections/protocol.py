"""A uvicorn HttpTools protocol that sends files with sendfile(2) and enforces read timeouts.

It offers the ASGI extension ``http.response.zerocopysend`` to any response, and tries `Connections.direct` before there
is a scope, a task or a message. Its use of uvicorn's internals is pinned by a contract test.
"""

import asyncio
import functools
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from playhead.delivery.connections import tcp
from playhead.delivery.connections.connection import Connection
from playhead.delivery.connections.open_files import OpenFile
from playhead.delivery.connections.pump import FileShrank, FileSpan
from playhead.delivery.connections.registry import Connections, DirectResponse
from playhead.delivery.selection import fold
from playhead.delivery.transfers.registry import Transfer
from playhead.errors import PlayheadError
from playhead.kit.networks import plain_address

ZERO_COPY = "http.response.zerocopysend"
"""ASGI's extension: ``{"file", "offset", "count", "more_body"}``; here ``"parts"`` (`pump.Part`) with their ``"count"``
may replace ``"file"``."""

CONNECTION = "playhead.connection"
"""Our extension: the `Connection` under the request."""

_BODY = frozenset({b"content-length", b"transfer-encoding", b"upgrade", b"expect"})
_FULL = (
    b"content-type: text/plain; charset=utf-8\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 25\r\n\r\n"
    b"Too many connections now."
)


def protocol_of(connections: Connections) -> Callable[..., asyncio.Protocol]:
    """The protocol factory, for uvicorn's ``http``."""
    return functools.partial(MediaProtocol, connections=connections)


class MediaProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, connections: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections = connections
        self._connection: Connection | None = None
        self._peer = ""
        self._head_since: float | None = None
        self._head_bytes = 0
        self._data_at = self._free_since = 0.0
        self._learning: asyncio.Future[None] | None = None
        self._is_closing = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_since = self._data_at = self._free_since = self.loop.time()
        if self.client:
            self.client = (plain_address(self.client[0]), self.client[1])
        self._peer = self.client[0] if self.client else ""
        tcp_socket = transport.get_extra_info("socket")
        if tcp.IS_LINUX and tcp.is_tcp(tcp_socket):
            plain = self.scheme == "http"
            self._connection = Connection(self.loop, transport, tcp_socket, zero_copy=plain, drained=self._drained)
        if not self._connections.enter(self, self._peer):
            transport.write(STATUS_LINE[503] + _FULL)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.leave(self, self._peer)
        if self._connection is not None:
            self._connection.close(exc)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        if (
            self._connection is not None
        ):  # its descriptor must not keep the connection open behind the new protocol's back
            self._connection.close(None)
            self._connection = None
        self._connections.leave(self, self._peer)
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        self._data_at = self.loop.time()
        self._head_bytes += len(data)
        super().data_received(data)
        # Neither llhttp nor uvicorn has a limit. The packet that ended the previous head does not count.
        too_large = self._head_since is not None and self._head_bytes > self._connections.limits.head_bytes
        if too_large and not self.transport.is_closing():
            self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        if self._head_since is None:
            self._head_since = self.loop.time()

    def on_headers_complete(self) -> None:
        self._head_since = None
        if self._connection is not None:
            self._connection.settle()
        # Pipelined requests are left to the application, which checks the link when their turn comes, not now.
        answer = self._direct_response() if self._is_idle and self.url.startswith(b"/v/") else None
        if not isinstance(answer, DirectResponse):
            self._learning = answer
            super().on_headers_complete()
            return
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        cycle = DirectCycle(self, answer, keep_alive=keep_alive)
        self.cycle = cycle  # type: ignore[assignment]
        cycle.run()

    def on_response_complete(self) -> None:
        """uvicorn's, without a timer per response, which costs as much as the response; see `check_timeouts`."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        else:
            self._free_since = self.loop.time()

    def shutdown(self) -> None:
        if self._is_idle:
            self.close_when_taken()
        else:
            super().shutdown()

    def check_timeouts(self, now: float) -> None:
        """See `registry.Timed`."""
        if self.transport.is_closing():
            return
        if self._connection is not None:
            self._connection.check_timeouts(now)
        taken = self._is_closing and (self._connection is None or self._connection.is_settled)
        if taken or self._is_late(now):
            self.transport.close()

    def _is_late(self, now: float) -> bool:
        """Whether the client took too long to send another request, a head, or a request's body."""
        limits = self._connections.limits
        if self._is_idle:
            if self._head_since is None:
                return now - self._free_since > self.timeout_keep_alive
            return now - self._head_since > limits.head_s
        return self.cycle.more_body and not self.flow.read_paused and now - self._data_at > limits.body_s

    @property
    def _is_idle(self) -> bool:
        cycle: Any = self.cycle
        return cycle is None or cycle.response_complete

    @property
    def connection(self) -> Connection:
        """The connection as a carrier; direct responses always have one."""
        assert self._connection is not None
        return self._connection

    def answered(self, *, keep_alive: bool) -> None:
        """Called when the kernel has a whole response."""
        if keep_alive and not self._is_closing:
            self.on_response_complete()
        else:
            self.close_when_taken()

    def close_when_taken(self) -> None:
        """Shut down the sending side, and close once the client has acknowledged everything."""
        if self._connection is None or self._connection.is_settled:
            self.transport.close()
        elif not self._is_closing:
            self._say_end()

    def _say_end(self) -> None:
        self._is_closing = True
        if not self.transport.is_closing():
            with suppress(OSError):  # the client left, which connection_lost reports
                self.transport.write_eof()

    def _direct_response(self) -> "DirectResponse | asyncio.Future[None] | None":
        method = self.parser.get_method()
        if self._connection is None or not self._connection.zero_copy or method not in (b"GET", b"HEAD"):
            return None
        fields = fold(self.headers)
        return self._connections.direct(method, self.url, fields, self._peer) if _BODY.isdisjoint(fields) else None

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        learning, self._learning = self._learning, None
        if learning is not None:
            again = functools.partial(self._connections.direct, self.parser.get_method(), self.url, fold(self.headers))
            learning.add_done_callback(lambda _: self._ask_again(cycle, app, again(self._peer)))
            return
        if self._connection is not None:
            self._connection.uncounted()
            offered: dict[str, Any] = {CONNECTION: self._connection}
            if self._connection.zero_copy:
                offered[ZERO_COPY] = {}
            cycle.scope["extensions"] = offered
            cycle.send = functools.partial(self._send, cycle, cycle.send)
        super()._start_asgi_task(cycle, app)

    def _ask_again(self, cycle: Any, app: Any, answer: "DirectResponse | asyncio.Future[None] | None") -> None:
        """Begin a response that waited for what was not known."""
        if not isinstance(answer, DirectResponse):
            if not cycle.disconnected:
                self._start_asgi_task(cycle, app)
            return
        direct = DirectCycle(self, answer, keep_alive=cycle.keep_alive)
        if self.cycle is cycle:
            self.cycle = direct  # type: ignore[assignment]
        direct.run()

    async def _send(self, cycle: RequestResponseCycle, send: Any, message: Any) -> None:
        if message["type"] == ZERO_COPY:
            await self._send_parts(cycle, message)
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        ends = message["type"] == "http.response.body" and not message.get("more_body", False)
        if not ends or cycle.keep_alive or self.connection.transfer is None:
            await send(message)
            return
        cycle.keep_alive = True  # or uvicorn closes at once, and nobody knows whether the client has all of it
        await send(message)
        self._say_end()

    async def _send_parts(self, cycle: RequestResponseCycle, message: Any) -> None:
        if cycle.disconnected:
            raise ConnectionResetError("the client left")
        parts, count, borrowed = message.get("parts"), message.get("count"), None
        if parts is None:
            borrowed = OpenFile.borrow(message["file"].fileno())
            offset = message.get("offset")
            offset = os.lseek(borrowed.fd, 0, os.SEEK_CUR) if offset is None else offset
            count = borrowed.size - offset if count is None else count
            parts = [FileSpan(borrowed, offset, count)]
        try:
            if cycle.scope["method"] == "HEAD" or not count:
                return
            if count > cycle.expected_content_length:
                raise RuntimeError("Response content longer than Content-Length")
            try:
                await self.connection.send(parts)
            except (OSError, FileShrank) as error:
                if isinstance(error, OSError):
                    cycle.disconnected = True  # or uvicorn takes what the application leaves undone for its fault
                self.transport.abort()  # another response must never follow a short body
                raise
            cycle.expected_content_length -= count
        finally:
            if borrowed is not None:
                borrowed.release()

    async def _drained(self) -> None:
        transport = self.transport
        if transport.get_write_buffer_size() and not transport.is_closing():
            low, high = transport.get_write_buffer_limits()
            transport.set_write_buffer_limits(0)
            await self.flow.drain()
            transport.set_write_buffer_limits(high, low)


class DirectCycle:
    """A response given inside the protocol; to uvicorn it looks like its own `RequestResponseCycle`."""

    __slots__ = (
        "_answer",
        "_protocol",
        "_transfer",
        "body",
        "disconnected",
        "keep_alive",
        "message_event",
        "more_body",
        "response_complete",
    )

    def __init__(self, protocol: MediaProtocol, answer: DirectResponse, *, keep_alive: bool) -> None:
        self._protocol = protocol
        self._answer: DirectResponse | None = answer
        self._transfer: Transfer | None = None
        self.keep_alive = keep_alive
        self.response_complete = self.disconnected = self.more_body = False
        self.body = b""
        self.message_event = self

    def set(self) -> None:
        """Do nothing, in the place of an event: nobody waits for more of this request."""

    def run(self) -> None:
        """Send it."""
        protocol, answer = self._protocol, self._answer
        if answer is None or protocol.transport.is_closing():
            self.drop()
            return
        if protocol.transport.get_write_buffer_size():  # pipelined behind a response that the client has not taken yet
            waiting = protocol.loop.create_task(protocol._drained())
            protocol.tasks.add(waiting)
            waiting.add_done_callback(protocol.tasks.discard)
            waiting.add_done_callback(lambda _: self.run())
            return
        connection = protocol.connection
        try:
            self._transfer = answer.begin(connection) if answer.begin else None
        except PlayheadError:  # the client reached its limit since the request came
            self.drop()
            protocol.transport.abort()
            return
        connection.start(self._head(answer), answer.parts, self._transfer, self._done)

    def drop(self) -> None:
        """Drop the response and release its file."""
        answer, self._answer = self._answer, None
        if answer is not None and answer.file is not None:
            answer.file.release()

    def _head(self, answer: DirectResponse) -> bytes:
        fields = self._protocol.server_state.default_headers
        lines = (b"%b: %b\r\n" % field for field in fields)
        return b"".join((answer.head, *lines, b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"))

    def _done(self, error: BaseException | None) -> None:
        protocol, transfer = self._protocol, self._transfer
        self.response_complete = True
        self.drop()
        if error is not None:
            self.disconnected = True
            if transfer is not None:
                transfer.end("failed" if isinstance(error, FileShrank) else "gone")
            protocol.transport.abort()
            return
        if transfer is not None:
            protocol.connection.finish(transfer)
        protocol.answered(keep_alive=self.keep_alive)
