"""Taking connections, also where descriptors are short."""

import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from playhead.api.proxies import proxies
from playhead.delivery.wire import acceptor
from playhead.delivery.wire.acceptor import Acceptor
from playhead.delivery.wire.wires import Limits, Wires


class Greeter(asyncio.Protocol):
    """Says hello and hangs up."""

    def connection_made(self, transport: Any) -> None:
        transport.write(b"hello")
        transport.close()


class Listener(socket.socket):
    """Has no descriptor to spare, a few times."""

    shortages = 0

    def accept(self) -> Any:
        if self.shortages:
            self.shortages -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return super().accept()


class Connection:
    """One that is counted."""

    def sweep(self, now: float) -> None:
        """Nothing to look after."""


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setattr(acceptor, "PAUSE_S", 0.0)
    with Listener() as made:
        made.bind(("127.0.0.1", 0))
        made.listen(100)
        yield made


async def greeted(listener: socket.socket) -> bytes:
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    said = await reader.read()
    writer.close()
    return said


async def test_connections_wait_until_there_are_descriptors_again(listener: Listener) -> None:
    """Nobody is turned away, and the log has one line for all of them."""
    listener.shortages = 50
    acceptor = Acceptor(listener, Greeter)

    with capture_logs() as lines:
        said = await asyncio.gather(*(greeted(listener) for _ in range(50)))

    acceptor.close()
    await acceptor.wait_closed()
    assert said == [b"hello"] * 50
    assert [line["event"] for line in lines] == ["connections_wait_for_descriptors"]
    assert "ulimit -n 65536" in lines[0]["hint"]


async def test_after_the_end_no_connection_is_taken(listener: Listener) -> None:
    listener.shortages = 1
    taking = Acceptor(listener, Greeter)
    waiting = asyncio.create_task(greeted(listener))
    await asyncio.sleep(0)
    taking.close()
    listener.close()

    with pytest.raises(ConnectionResetError):
        await waiting


async def test_a_full_server_says_so_once() -> None:
    wires = Wires(limits=Limits(connections=2))

    with capture_logs() as lines:
        entered = [wires.enter(Connection(), "10.0.0.1") for _ in range(5)]

    assert entered == [True, True, False, False, False]
    assert [(line["event"], line["limit"]) for line in lines] == [("connections_refused", 2)]


async def test_a_proxy_in_a_trusted_network_has_no_limit() -> None:
    wires = Wires(limits=Limits(per_client=1), exempt=proxies(("10.0.0.0/8",)))

    assert [wires.enter(Connection(), "10.1.2.3") for _ in range(3)] == [True, True, True]
    assert [wires.enter(Connection(), "192.0.2.1") for _ in range(2)] == [True, False]
