"""Clients that mean harm, or do it: the server's memory stays small, and other viewers get their bytes."""

import hashlib
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from playhead.kit.units import KIB, MIB
from tests.fixtures.media_site import wait_for
from tests.fixtures.server import Server, running_server
from tests.fixtures.stored_videos import link_to, put_file

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks at memory by /proc")

FILM = os.urandom(MIB) * 48
MOST_MIB = 60
"""That the server may grow by under any of these."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("abuse")) as running:
        yield running


@pytest.fixture(scope="module")
def link(server: Server) -> str:
    link = link_to(server, put_file(server, lambda path: path.write_bytes(FILM)))
    assert hashlib.sha256(httpx2.get(server.url + link, trust_env=False).content).digest() == _digest()
    return link


def _digest() -> bytes:
    return hashlib.sha256(FILM).digest()


def connect(server: Server, number: int = 0, *, window: int = 16 * KIB) -> socket.socket:
    """A connection from one of many addresses."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    connection.settimeout(30)
    connection.bind((f"127.0.1.{1 + number // 50}", 0))
    port = urlsplit(server.url).port
    assert port is not None
    connection.connect(("127.0.0.1", port))
    return connection


def rss_mib(server: Server) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / KIB


def descriptors(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def unharmed(server: Server, link: str, harm: Callable[[ExitStack], None]) -> None:
    """A viewer that is in the middle of the film gets the rest of it, whatever else goes on; and so does a new one."""
    before = rss_mib(server)
    with ExitStack() as stack, httpx2.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        digest = hashlib.sha256()
        with client.stream("GET", link) as response:
            blocks = response.iter_raw(256 * KIB)
            digest.update(next(blocks))
            harm(stack)
            for block in blocks:
                digest.update(block)
        assert digest.digest() == _digest()
        assert hashlib.sha256(client.get(link).content).digest() == _digest()
        assert rss_mib(server) - before < MOST_MIB
    wait_for(lambda: server.get("/api/v1/transfers")["items"] == [], "every transfer has ended")


def test_two_hundred_clients_that_vanish_in_mid_transfer(server: Server, link: str) -> None:
    before = descriptors(server)

    def harm(_stack: ExitStack) -> None:
        clients = [connect(server, number) for number in range(200)]
        for client in clients:
            client.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for client in clients:
            assert client.recv(4 * KIB).startswith(b"HTTP/1.1 200")
        for number, client in enumerate(clients):
            if number % 2:  # with a reset, as when a phone loses its network and gets it back
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.close()

    unharmed(server, link, harm)
    outcomes = [one["outcome"] for one in server.get("/api/v1/transfers?state=ended")["items"]]
    assert outcomes.count("gone") > 150
    assert set(outcomes) <= {"gone", "complete"}
    wait_for(lambda: descriptors(server) <= before + 8, "their descriptors are closed")


def test_two_thousand_idle_connections(server: Server, link: str) -> None:
    def harm(stack: ExitStack) -> None:
        for number in range(2000):
            stack.enter_context(connect(server, number))

    unharmed(server, link, harm)


def test_readers_that_take_nothing(server: Server, link: str) -> None:
    def harm(stack: ExitStack) -> None:
        for number in range(300):
            client = stack.enter_context(connect(server, number))
            client.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    unharmed(server, link, harm)


@pytest.mark.parametrize(
    "ranges",
    [
        ",".join("0-" for _ in range(300)),
        ",".join(f"{n}-" for n in range(16)),
        ",".join(f"{n * MIB}-{n * MIB}" for n in range(1000)),
        f"0-{'9' * 900}",
    ],
)
def test_bombs_of_ranges_give_no_more_than_the_film(server: Server, link: str, ranges: str) -> None:
    def harm(stack: ExitStack) -> None:
        for number in range(50):
            client = stack.enter_context(connect(server, number))
            client.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\nRange: bytes={ranges}\r\n\r\n".encode())
            head = client.recv(4 * KIB)
            assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 206"))
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            assert length <= len(FILM)

    unharmed(server, link, harm)


def test_a_storm_of_links_that_are_not_good(server: Server, link: str) -> None:
    def harm(stack: ExitStack) -> None:
        clients = [stack.enter_context(connect(server, number)) for number in range(50)]
        for number in range(20):
            bad = link[: -2 - number % 5] + "AB"
            for client in clients:
                client.sendall(f"GET {bad} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            for client in clients:
                answer = client.recv(16 * KIB)
                while not answer.endswith(b"}"):
                    answer += client.recv(16 * KIB)
                assert answer.startswith(b"HTTP/1.1 403")

    unharmed(server, link, harm)
