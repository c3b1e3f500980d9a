"""The guarded HTTP client: names are kept for the other side, addresses are checked, redirects too."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from playhead.api.outgoing import Outgoing
from playhead.kit.urls import UrlRefused


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if head.startswith("GET /away"):
            reply = (
                b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        else:
            host = next(line for line in head.split("\r\n") if line.lower().startswith("host:")).encode()
            reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(host), host)
        writer.write(reply)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}"


async def test_the_other_side_hears_the_name_it_was_called_by(origin: str) -> None:
    async with Outgoing(allow_private=True).client() as client:
        response = await client.get(f"{origin}/")
    assert response.text.lower() == f"host: {origin.removeprefix('http://')}"
    assert str(response.url).startswith(origin)


async def test_a_private_address_is_not_connected_to(origin: str) -> None:
    async with Outgoing(allow_private=False).client() as client:
        with pytest.raises(UrlRefused, match="not a public address"):
            await client.get(f"{origin}/")


async def test_a_redirect_is_checked_like_the_first_request(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from playhead.kit import urls

    monkeypatch.setattr(urls, "is_public", lambda address: address.startswith("127."))
    async with Outgoing(allow_private=False).client(follow_redirects=True) as client:
        with pytest.raises(UrlRefused, match=r"10\.0\.0\.1"):
            await client.get(f"{origin}/away")


async def test_two_hosts_at_one_address_do_not_share_a_connection() -> None:
    """The certificate of one was checked for its own name alone."""
    connections: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append("")
        with contextlib.suppress(asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                connections[-1] = next(line for line in head.decode().split("\r\n") if line.startswith("Host"))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Outgoing(allow_private=True).client() as client:
        for host in ("localhost", "localhost", "127.0.0.1"):
            await client.get(f"http://{host}:{port}/")
    server.close()

    assert connections == [f"Host: localhost:{port}", f"Host: 127.0.0.1:{port}"]
