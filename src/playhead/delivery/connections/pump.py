"""A sender of file parts into one connection by ``sendfile``: what fits at once, the rest as the client takes it."""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import NamedTuple, Protocol

from playhead.delivery.connections import tcp
from playhead.delivery.connections.disk import READ_STEP, copy_in_memory, in_memory, read_ahead, read_in_memory, threads
from playhead.delivery.connections.open_files import OpenFile
from playhead.kit.units import KIB, MIB

TURN_BYTES = MIB
"""Bytes that one connection sends before the others have their turn, however fast its client is."""

FIRST_BYTES = 256 * KIB
"""Bytes sent before the loop watches the socket: small ranges end without a turn of the loop."""

SMALL_BYTES = 16 * KIB
"""Largest span of a file that is copied, so that several are sent in one call."""

_GATHERED = 128 * KIB

_first = memoryview(bytearray(64 * KIB))
"""Buffer for the start of a body, which is sent together with the head: up to this size one call for both is twice as
fast as ``MSG_MORE`` and ``sendfile``, and what follows by ``sendfile`` fills its packets better."""


class FileSpan(NamedTuple):
    """Bytes of an open file."""

    file: OpenFile
    offset: int
    length: int


class HeadRest(NamedTuple):
    """The unsent rest of a head."""

    data: memoryview


Part = bytes | memoryview | FileSpan


class Counting(Protocol):
    """A counter of bytes handed to the kernel, such as a transfer."""

    handed_bytes: int


class FileShrank(Exception):
    """The file ended before the span did."""


class _State(Enum):
    DONE = auto()
    FULL = auto()
    COLD = auto()


Done = Callable[[BaseException | None], None]
"""Called once when the kernel has all parts, or with the error that prevents it."""


class Pump:
    """The sender of one connection. For the loop's thread alone; one body at a time.

    The transport keeps its socket for reading, so that a client that leaves is seen at once even when it takes
    nothing. Writing uses a duplicate of the descriptor, which asyncio and uvloop both let us watch.
    """

    __slots__ = (
        "_corked",
        "_counting",
        "_done",
        "_gone",
        "_loop",
        "_parts",
        "_socket",
        "_step",
        "_tcp",
        "_warm",
        "_watching",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
        self._loop, self._tcp = loop, connection
        self._socket = socket.socket(connection.family, connection.type, connection.proto, os.dup(connection.fileno()))
        self._parts: deque[Part | HeadRest] = deque()
        self._done: Done | None = None
        self._counting: Counting | None = None
        self._watching = self._corked = False
        self._warm, self._step = 0, TURN_BYTES
        self._gone: BaseException | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a body is on its way."""
        return self._done is not None

    def start(self, parts: Iterable[Part], done: Done, *, head: bytes = b"", counting: Counting | None = None) -> None:
        """Send a head, then parts; files must be held by the caller until *done* was called.

        Args:
            counting: Counts bytes of the parts, not of the head.
        """
        if self._gone is not None:
            done(self._gone)
            return
        self._parts.extend(parts)
        self._done, self._counting = done, counting
        self._warm, self._step = 0, TURN_BYTES
        try:
            if head and not self._send_head(head):
                self._watch(on=True)
                return
        except OSError as error:
            self._finish(error)
            return
        self._run(FIRST_BYTES)

    async def send(self, parts: Iterable[Part], *, counting: Counting | None = None) -> None:
        """`start`, and wait for its end.

        Raises:
            ConnectionError: the client left.
            FileShrank: a file ended early.
        """
        future: asyncio.Future[None] = self._loop.create_future()

        def done(error: BaseException | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.start(parts, done, counting=counting)
        try:
            await future
        except asyncio.CancelledError:
            self._finish(ConnectionAbortedError("the response was given up"))
            raise

    def cork(self, on: bool) -> None:
        """Join what is sent into full packets; off sends what waits."""
        if self._corked != on and self._gone is None:
            self._corked = on
            tcp.cork(self._tcp, on)

    def close(self, error: BaseException) -> None:
        """End what is being sent with *error* and close the descriptor, before the connection closes."""
        if self._gone is None:
            self._finish(error)
            self._gone = error.with_traceback(None)  # its frames would keep files open until the next collection
            self._socket.close()

    def _send_head(self, head: bytes) -> bool:
        """Send a head, with the start of the body where that is in memory; whether the kernel took all of it."""
        part, copied = self._parts[0] if self._parts else None, 0
        if isinstance(part, FileSpan):
            copied = copy_in_memory(part.file.fd, _first[: part.length], part.offset) or 0
        try:
            sent = self._socket.sendmsg((head, _first[:copied]))
        except (BlockingIOError, InterruptedError):
            sent = 0
        if sent < len(head):
            self._parts.appendleft(HeadRest(memoryview(head)[sent:]))
            return False
        if isinstance(part, FileSpan) and sent > len(head):
            self._took(part, sent - len(head))
        return sent == len(head) + copied

    def _run(self, room: int = TURN_BYTES) -> None:
        if self._done is None:
            return
        try:
            state = self._send(room)
        except (BlockingIOError, InterruptedError):
            state = _State.FULL
        except (OSError, FileShrank) as error:
            self._finish(error)
            return
        if state is _State.DONE:
            self._finish(None)
            return
        self._watch(on=state is _State.FULL)
        if state is _State.COLD:
            self._read_from_disk()

    def _send(self, room: int) -> _State:
        while self._parts:
            if room <= 0:
                return _State.FULL
            part = self._parts[0]
            if isinstance(part, FileSpan) and part.length > SMALL_BYTES:
                count = self._warm_bytes(part, min(part.length, room))
                if not count:
                    return _State.COLD
                if (sent := self._send_span(part, count)) < count:
                    return _State.FULL
            else:
                data, wanted, taken = self._gather()
                if not taken:
                    return _State.COLD
                if (sent := self._send_bytes(data, wanted, taken)) < len(data):
                    return _State.FULL
            room -= sent
        return _State.DONE

    def _warm_bytes(self, part: FileSpan, count: int) -> int:
        """Number of the next bytes that are in memory; bytes once found there are not checked again."""
        if self._warm <= part.offset:
            if not in_memory(part.file.fd, part.offset, count, self._step):
                return 0
            self._warm = part.offset + count
        return min(count, self._warm - part.offset)

    def _send_span(self, part: FileSpan, count: int) -> int:
        sent = os.sendfile(self._socket.fileno(), part.file.fd, part.offset, count)
        if sent == 0:
            raise FileShrank
        self._took(part, sent)
        return sent

    def _took(self, part: FileSpan, sent: int) -> None:
        """Record that the kernel took the start of the first part."""
        self._count(sent)
        if sent == part.length:
            self._parts.popleft()
            self._warm = 0
        else:
            self._parts[0] = FileSpan(part.file, part.offset + sent, part.length - sent)

    def _gather(self) -> tuple[bytes, int, int]:
        """Small parts from the front joined: the bytes, the number that counts, and the number of parts."""
        pieces: list[bytes | memoryview] = []
        size = counted = 0
        for part in self._parts:
            piece = self._small(part)
            if piece is None:
                break
            pieces.append(piece)
            size += len(piece)
            counted += 0 if isinstance(part, HeadRest) else len(piece)
            if size >= _GATHERED:
                break
        return b"".join(pieces), counted, len(pieces)

    def _small(self, part: Part | HeadRest) -> bytes | memoryview | None:
        """A part as bytes; None for one that is better sent from its file, or that is not in memory."""
        if isinstance(part, HeadRest):
            return part.data
        if not isinstance(part, FileSpan):
            return part
        return self._read_small(part) if part.length <= SMALL_BYTES else None

    def _read_small(self, part: FileSpan) -> bytes | None:
        if part.offset + part.length <= self._warm:
            data: bytes | None = os.pread(part.file.fd, part.length, part.offset)
        else:
            data = read_in_memory(part.file.fd, part.offset, part.length)
        if data is not None and len(data) < part.length:
            raise FileShrank
        return data

    def _send_bytes(self, data: bytes, counted: int, taken: int) -> int:
        more = socket.MSG_MORE if taken < len(self._parts) else 0
        sent = self._socket.send(data, more)
        for _ in range(taken):
            self._parts.popleft()
        self._warm = 0
        uncounted = len(data) - counted  # stands before what counts: the rest of a head
        self._count(max(0, sent - uncounted))
        if sent < len(data):
            rest = memoryview(data)[max(sent, uncounted) :]
            self._parts.appendleft(rest)
            if sent < uncounted:
                self._parts.appendleft(HeadRest(memoryview(data)[sent:uncounted]))
        return sent

    def _read_from_disk(self) -> None:
        part = self._parts[0]
        assert isinstance(part, FileSpan)
        count = min(part.length, TURN_BYTES)
        self._step = READ_STEP  # a file that was not in memory once is checked in small steps
        file = part.file.hold()
        reading = self._loop.run_in_executor(threads, read_ahead, file.fd, part.offset, count)
        reading.add_done_callback(lambda read: self._was_read(file, part.offset + count, read))

    def _was_read(self, file: OpenFile, until: int, reading: "asyncio.Future[None]") -> None:
        file.release()
        error = None if reading.cancelled() else reading.exception()
        if self._done is None:  # the client left meanwhile
            return
        if error is not None:
            self._finish(error)
            return
        self._warm = until
        self._run()

    def _watch(self, *, on: bool) -> None:
        if self._watching is on:
            return
        self._watching = on
        if on:
            self.cork(on=True)
            self._loop.add_writer(self._socket.fileno(), self._run)
        else:
            self._loop.remove_writer(self._socket.fileno())

    def _count(self, sent: int) -> None:
        if self._counting is not None:
            self._counting.handed_bytes += sent

    def _finish(self, error: BaseException | None) -> None:
        self._watch(on=False)
        self._parts.clear()
        if error is None:
            self.cork(on=False)
        done, self._done, self._counting = self._done, None, None
        if done is not None:
            done(error)
