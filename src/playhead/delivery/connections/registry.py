"""The connections of one process: their limits, and one timer that closes idle and stalled ones."""

import asyncio
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from playhead.delivery.conditions import Fields
from playhead.delivery.connections.acceptor import HINT
from playhead.delivery.connections.connection import Connection
from playhead.delivery.connections.open_files import OpenFile
from playhead.delivery.connections.pump import Part
from playhead.delivery.transfers.registry import Transfer
from playhead.kit.units import KIB
from playhead.observe.storms import Storm

CHECK_S = 2.0
"""Interval of the timeout checks."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of clients.

    Attributes:
        head_s: Seconds for a request's head, from the start of the connection or the head's first byte.
        head_bytes: Size of one request's head.
        body_s: Seconds without a byte of an expected request body.
        connections: Concurrent connections; 0 for no limit.
        per_client: Concurrent connections from one address; 0 for no limit.
    """

    head_s: float = 20.0
    head_bytes: int = 64 * KIB
    body_s: float = 60.0
    connections: int = 0
    per_client: int = 256


class DirectResponse(NamedTuple):
    """A response without the ASGI application.

    Attributes:
        head: Status line and headers, without ``Date`` and ``Connection`` and without the empty line.
        file: File that the response holds and releases.
        begin: Begins its transfer; None for a response without a body.
    """

    head: bytes
    parts: tuple[Part, ...] = ()
    file: OpenFile | None = None
    begin: Callable[[Connection], Transfer] | None = None


DirectHandler = Callable[[bytes, bytes, Fields, str], "DirectResponse | asyncio.Future[None] | None"]
"""Responds to a method, target, headers and peer address at once, or with None leaves them to the application. After a
future, call it once more when that is done."""


class Timed(Protocol):
    """A connection with timeouts."""

    def check_timeouts(self, now: float) -> None:
        """Close the connection if it is idle or stalled; called every two seconds with the loop's time."""
        ...


def no_direct_response(method: bytes, target: bytes, fields: Fields, peer: str) -> DirectResponse | None:  # noqa: ARG001
    """Leave all requests to the application."""
    return None


class Connections:
    """The open connections of one loop.

    Attributes:
        direct: Handler that is tried before the application.

    Args:
        exempt: Addresses of proxies, which are not limited by ``per_client``.
    """

    def __init__(
        self,
        *,
        direct: DirectHandler = no_direct_response,
        limits: Limits | None = None,
        exempt: Container[str] = frozenset(),
    ) -> None:
        self.direct = direct
        self.limits = limits or Limits()
        self._exempt = exempt
        self._open: set[Timed] = set()
        self._clients: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None
        self._full = Storm(__name__, "connections_refused", limit=self.limits.connections, hint=HINT)

    def enter(self, connection: Timed, client: str) -> bool:
        """Add a connection; False when there are too many. `leave` follows in both cases."""
        self._open.add(connection)
        self._clients[client] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(CHECK_S, self._check_timeouts)
        if 0 < self.limits.connections < len(self._open):
            self._full.count()
            return False
        return client in self._exempt or not 0 < self.limits.per_client < self._clients[client]

    def leave(self, connection: Timed, client: str) -> None:
        """Remove a connection that has closed."""
        self._open.discard(connection)
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    def _check_timeouts(self) -> None:
        loop = asyncio.get_running_loop()
        for connection in list(self._open):
            connection.check_timeouts(loop.time())
        self._timer = loop.call_later(CHECK_S, self._check_timeouts) if self._open else None
