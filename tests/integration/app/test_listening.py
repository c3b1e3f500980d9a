"""The socket that a server listens on."""

import asyncio
import socket

from playhead.app.serve import _listen
from playhead.delivery.connections.acceptor import Acceptor


async def test_small_answers_are_not_held_back() -> None:
    """An answer is a head and a body in two writes; Nagle's algorithm makes the second wait for an ACK."""
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    class Connection(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            connection = transport.get_extra_info("socket")
            told.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    with _listen("127.0.0.1", 0) as listener:
        server = Acceptor(listener, Connection)
        _, writer = await asyncio.open_connection(*listener.getsockname())

        assert await asyncio.wait_for(told, 120) != 0

        writer.close()
        server.close()
