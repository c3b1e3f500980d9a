"""The WebSocket of EventSub: a session, its keepalives, and its move to another server when Twitch asks for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import structlog

from playhead.errors import Unavailable
from playhead.live.detect.eventsub import Message, socket_message

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

log = structlog.get_logger(__name__)

KEEPALIVE_S: Final = 20
"""Longest silence that Twitch is asked for; 10 to 600 are allowed."""

SPARE_S: Final = 5.0
"""How much later than promised a message may come before the connection counts as dead."""

CONNECT_S: Final = 20.0
MAX_MESSAGE: Final = 1 << 20


class SocketLost(Unavailable):
    """The WebSocket ended or fell silent; events may be missed until the next one is open."""

    code = "eventsub_socket_lost"
    title = "The WebSocket to Twitch was lost"


@dataclass(slots=True)
class _Session:
    id: str
    connection: "ClientConnection"
    silence_s: float


class EventSocket:
    """One chain of sessions, until the connection is lost.

    Args:
        url: ``wss://eventsub.wss.twitch.tv/ws``.
        on_session: Called with the id of each session, at once: one without subscriptions is closed after 10 s.
        on_message: Called with each notification and revocation.
    """

    def __init__(
        self,
        url: str,
        *,
        on_session: Callable[[str], Awaitable[None]],
        on_message: Callable[[Message], Awaitable[None]],
        keepalive_s: int = KEEPALIVE_S,
        spare_s: float = SPARE_S,
    ) -> None:
        self._url, self._on_session, self._on_message = url, on_session, on_message
        self._keepalive_s, self._spare_s = keepalive_s, spare_s

    async def run(self) -> None:
        """Listen. It only ends by an error, or when it is canceled.

        Raises:
            SocketLost: the connection ended, fell silent, or said what is no message.
        """
        from websockets.exceptions import WebSocketException

        query = urlencode({"keepalive_timeout_seconds": self._keepalive_s})
        try:
            async with AsyncExitStack() as closing:
                session = await self._open(f"{self._url}?{query}", closing)
                await self._on_session(session.id)
                while True:
                    session = await self._move(session, await self._listen(session), closing)
        except TimeoutError as error:
            raise SocketLost("Twitch's WebSocket fell silent.") from error
        except (OSError, ValueError, KeyError, TypeError, WebSocketException) as error:
            raise SocketLost(f"Twitch's WebSocket was lost: {type(error).__name__}: {error}"[:300]) from error

    async def _open(self, url: str, closing: AsyncExitStack) -> _Session:
        from websockets.asyncio.client import connect

        async with asyncio.timeout(CONNECT_S):
            # No pings: Twitch closes connections that send anything but pongs (its code 4001).
            connection = await connect(url, ping_interval=None, max_size=MAX_MESSAGE, close_timeout=2)
            closing.push_async_callback(connection.close)
            welcome = await _receive(connection)
        session = welcome["payload"]["session"]
        silence_s = float(session.get("keepalive_timeout_seconds") or self._keepalive_s) + self._spare_s
        return _Session(str(session["id"]), connection, silence_s)

    async def _move(self, session: _Session, url: str, closing: AsyncExitStack) -> _Session:
        """Open the session's next connection before the old one is closed: nothing is lost in between."""
        moved = await self._open(url, closing)
        await session.connection.close()
        log.info("eventsub_session_moved")
        if moved.id != session.id:
            await self._on_session(moved.id)
        return moved

    async def _listen(self, session: _Session) -> str:
        """Handle messages; the URL to move to, when Twitch names one."""
        while True:
            async with asyncio.timeout(session.silence_s):
                document = await _receive(session.connection)
            kind = document["metadata"]["message_type"]
            if kind == "session_reconnect":
                return str(document["payload"]["session"]["reconnect_url"])
            if kind in ("notification", "revocation"):
                await self._on_message(socket_message(document))


async def _receive(connection: "ClientConnection") -> dict[str, Any]:
    document = json.loads(await connection.recv())
    if not isinstance(document, dict):
        raise TypeError("a message is no object")
    return document
