"""The socket that a server listens on."""

import asyncio
import socket

from playhead.app.serve import _listen


async def test_small_answers_are_not_held_back() -> None:
    """An answer is a head and a body in two writes; Nagle's algorithm makes the second wait for an ACK."""
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    with _listen("127.0.0.1", 0) as listener:
        server = await asyncio.start_server(accept, sock=listener)
        _, writer = await asyncio.open_connection(*listener.getsockname())

        assert await asyncio.wait_for(told, 10) != 0

        writer.close()
        server.close()
