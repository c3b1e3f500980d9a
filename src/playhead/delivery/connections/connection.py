"""A TCP connection that carries transfers: counts acknowledged bytes and closes itself when it stalls."""

import asyncio
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from playhead.delivery.connections import tcp
from playhead.delivery.connections.pump import Done, Part, Pump
from playhead.delivery.transfers.registry import Transfer
from playhead.observe.metrics import Outcome

ANSWER_STALL_S = 30.0
"""Seconds without an acknowledged byte after which a connection with an unread response is closed."""


class _Tail(NamedTuple):
    """A body that the kernel has and the client has not: complete once *until* bytes are acknowledged."""

    transfer: Transfer
    until: int


class Connection:
    """The `Carrier` of transfers.

    Args:
        zero_copy: Whether the transport writes to the socket directly, so that files may bypass it; not under TLS.
        drained: Waits until the transport's own buffer is empty.

    Attributes:
        transfer: The current transfer.
        is_open: Whether the socket is open.
    """

    __slots__ = (
        "_acked",
        "_drained",
        "_loop",
        "_moved_s",
        "_pump",
        "_sent_bytes",
        "_tails",
        "_tcp",
        "_transport",
        "is_open",
        "transfer",
        "zero_copy",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        transport: asyncio.Transport,
        connection: socket.socket,
        *,
        zero_copy: bool,
        drained: Callable[[], Awaitable[None]],
    ) -> None:
        self._loop, self._transport, self._tcp, self._drained = loop, transport, connection, drained
        self._pump: Pump | None = None
        self.zero_copy = zero_copy
        self._tails: deque[_Tail] = deque()
        self._acked, self._moved_s = -1, 0.0
        self._sent_bytes: int | None = None  # since the connection began; None when others have sent since we knew
        self.transfer: Transfer | None = None
        self.is_open = True

    @property
    def pump(self) -> Pump:
        """Its pump, made for the first body, so that idle connections hold one descriptor."""
        if self._pump is None:
            tcp.bound_unsent(self._tcp)
            self._pump = Pump(self._loop, self._tcp)
        return self._pump

    @property
    def is_settled(self) -> bool:
        """Whether the client has every body that was sent."""
        return not self._tails

    def begin(self, transfer: Transfer, *, cork: bool) -> None:
        """Begin to carry a transfer.

        Args:
            cork: Whether head and body share packets; only where the pump sends the body, whose end uncorks.
        """
        self.transfer = transfer
        self._moved_s = self._loop.time()
        if cork and self.zero_copy and self.is_open:
            self.pump.cork(on=True)

    def start(self, head: bytes, parts: Iterable[Part], transfer: Transfer | None, done: Done) -> None:
        """Send a whole response; *done* is called once the kernel has it, or with the error."""
        self.transfer = transfer
        self._moved_s = self._loop.time()
        if self._sent_bytes is None:
            self._sent_bytes = self._sent()
        self._sent_bytes += len(head)
        self.pump.start(parts, done, head=head, counting=transfer)

    def uncounted(self) -> None:
        """Stop counting sent bytes: others write to this connection from now on."""
        self._sent_bytes = None

    async def send(self, parts: Iterable[Part]) -> None:
        """Send parts of a body, which count for the current transfer.

        Raises:
            ConnectionError: the client left.
            FileShrank: a file ended early.
        """
        await self._drained()
        if not self.is_open:
            raise ConnectionResetError("the client left")
        await self.pump.send(parts, counting=self.transfer)

    def finish(self, transfer: Transfer) -> None:
        """Record that the kernel has the whole body: it is complete once the client has acknowledged it."""
        self.transfer = None
        if not self.is_open:
            return
        if self._sent_bytes is not None:
            self._sent_bytes += transfer.handed_bytes
        if self.zero_copy and self._left():
            until = self._sent() if self._sent_bytes is None else self._sent_bytes
            self._tails.append(_Tail(transfer, until))
        else:
            self._settle()
            transfer.end("complete", acked_bytes=transfer.handed_bytes)

    def settle(self) -> None:
        """End the transfers that the client has all of: a client that sends another request probably has."""
        if self._tails and self.is_open:
            self._settle()

    def delivered(self, handed_bytes: int) -> int:
        """Bytes that the client has acknowledged, out of those handed to the kernel."""
        return max(0, handed_bytes - self._left()) if self.is_open else 0

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    def check_timeouts(self, now: float) -> None:
        """End the transfers that the client has all of, and close the connection when it stalls."""
        waiting = self.transfer or (self._tails[0].transfer if self._tails else None)
        if waiting is None and not self._transport.get_write_buffer_size():
            return
        acked = tcp.acked_bytes(self._tcp)
        if acked != self._acked:
            self._acked, self._moved_s = acked, now
            self._settle(acked)
        elif now - self._moved_s > (waiting.stall_s if waiting else ANSWER_STALL_S) and self._left():
            self._end_all("stalled")
            self.abort()

    def close(self, error: Exception | None) -> None:
        """End all transfers before the socket closes."""
        if not self.is_open:
            return
        self._end_all("gone")
        self.is_open = False
        if self._pump is not None:
            self._pump.close(error or ConnectionResetError("the client left"))
        self.transfer = None

    def _left(self) -> int:
        """Bytes that the client has not acknowledged, in the transport and in the kernel.

        Under TLS those of the kernel are left out: they are not the body's, and the socket is closed before we know.
        """
        return self._transport.get_write_buffer_size() + (tcp.unacked_bytes(self._tcp) if self.zero_copy else 0)

    def _sent(self) -> int:
        """Bytes sent since the connection began, acknowledged or not."""
        while True:
            acked = tcp.acked_bytes(self._tcp)
            left = self._left()
            if acked == tcp.acked_bytes(self._tcp):
                return acked + left

    def _settle(self, acked: int | None = None) -> None:
        if not self._tails:
            return
        acked = tcp.acked_bytes(self._tcp) if acked is None else acked
        while self._tails and self._tails[0].until <= acked:
            transfer = self._tails.popleft().transfer
            transfer.end("complete", acked_bytes=transfer.handed_bytes)

    def _end_all(self, outcome: Outcome) -> None:
        acked = tcp.acked_bytes(self._tcp) if self._tails else 0
        self._settle(acked)
        while self._tails:
            tail = self._tails.popleft()
            tail.transfer.end(outcome, acked_bytes=tail.transfer.handed_bytes - (tail.until - acked))
        if self.transfer is not None:
            self.transfer.end(outcome)
