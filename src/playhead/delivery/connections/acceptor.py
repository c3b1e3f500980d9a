"""Accepts connections without ever exhausting the descriptors of the process.

asyncio's own server accepts its whole backlog in one go, before any connection is counted, and logs a traceback for
each that finds no descriptor left: 9,000 lines for a burst of 2,000 connections at a limit of 1,024 (measured).
"""

import asyncio
import errno
import socket
from collections.abc import Callable

from playhead.observe.storms import Storm

BATCH = 32
"""Connections accepted before other work has its turn."""

PAUSE_S = 0.5

_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

HINT = (
    "Raise the limit before the start: ulimit -n 65536, LimitNOFILE=65536 for systemd, --ulimit nofile=65536 for a "
    "container."
)


class Acceptor:
    """An active listener, in the place of uvicorn's `asyncio.Server`.

    Args:
        listener: Non-blocking from here on; its owner closes it.
        factory: Makes the protocol of a connection.
    """

    def __init__(self, listener: socket.socket, factory: Callable[[], asyncio.Protocol]) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener, self._factory = listener, factory
        self._starting: set[asyncio.Task[object]] = set()
        self._resuming: asyncio.TimerHandle | None = None
        self._exhausted = Storm(__name__, "connections_delayed", hint=HINT)
        listener.setblocking(False)
        self._loop.add_reader(listener, self._take)

    def close(self) -> None:
        """Stop accepting; open connections go on."""
        if self._resuming is not None:
            self._resuming.cancel()
        self._loop.remove_reader(self._listener)

    async def wait_closed(self) -> None:
        """Wait for connections that are being set up."""
        await asyncio.gather(*self._starting, return_exceptions=True)

    def _take(self) -> None:
        for _ in range(BATCH):
            try:
                connection, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _EXHAUSTED:
                    raise
                self._pause(error)
                return
            self._start(connection)

    def _start(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        setting_up = self._loop.connect_accepted_socket(self._factory, connection)
        task = self._loop.create_task(setting_up, name="connection set-up")
        self._starting.add(task)
        task.add_done_callback(self._started)

    def _started(self, task: "asyncio.Task[object]") -> None:
        self._starting.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, OSError):
            raise error  # the loop logs it; a client that has left already is not worth an entry

    def _pause(self, error: OSError) -> None:
        """Leave the rest in the kernel's queue for a moment, until some connections have closed."""
        self._exhausted.count(error=error.strerror)
        self._loop.remove_reader(self._listener)
        self._resuming = self._loop.call_later(PAUSE_S, self._loop.add_reader, self._listener, self._take)
