"""``playhead serve --workers``: one port, one list of transfers, one sum of figures; who dies is replaced."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from playhead.kit.units import KIB, MIB
from tests.fixtures.media_site import wait_for
from tests.fixtures.server import Server, running_server
from tests.fixtures.stored_videos import link_to, put_file
from tests.fixtures.tiers import thorough

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at processes by /proc")

SIZE = 64 * MIB


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("several"), arguments=["--workers", "2"]) as running:
        wait_for(lambda: len(listeners(running)) == 2, "both processes serve")
        yield running


@pytest.fixture(scope="module")
def film(server: Server) -> str:
    return put_file(server, lambda path: path.write_bytes(bytes(SIZE)))


def family(server: Server) -> list[int]:
    """The processes that serve, the first first."""
    pid = server.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children if b"--listener" in Path(f"/proc/{child}/cmdline").read_bytes())]


def listeners(server: Server) -> set[int]:
    """The processes that have answered a request over a connection of their own."""
    found = set()
    with ExitStack() as stack:
        for _ in range(16):  # the kernel gives each connection to whichever process is first
            stack.enter_context(asking(server, "/livez"))
        for pid in family(server):
            if connections(pid, server):
                found.add(pid)
    return found


def asking(server: Server, path: str) -> socket.socket:
    """A connection over which something was asked, and the first bytes of the answer came."""
    parts = urlsplit(server.url)
    assert parts.port is not None
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * KIB)
    connection.settimeout(20)
    connection.connect(("127.0.0.1", parts.port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    assert connection.recv(KIB).startswith(b"HTTP/1.1 200")
    return connection


def connections(pid: int, server: Server) -> int:
    """How many clients of the server's port a process holds."""
    port = f":{urlsplit(server.url).port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    inodes = {line.split()[9] for line in lines if line.split()[1].endswith(port) and line.split()[3] == "01"}
    count = 0
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            link = os.readlink(entry)  # noqa: PTH115
        except FileNotFoundError:
            continue
        found = re.fullmatch(r"socket:\[(\d+)\]", link)
        count += found is not None and found[1] in inodes
    return count


def sent_by_both(server: Server, link: str, stack: ExitStack) -> list[socket.socket]:
    """Connections over which a file is on its way, of each process at least one."""
    held: list[socket.socket] = []

    def by_both() -> bool:
        held.append(stack.enter_context(asking(server, link)))
        return all(connections(pid, server) for pid in family(server))

    wait_for(by_both, "both processes send the film")
    return held


def rest_of(connection: socket.socket) -> int:
    """How many bytes still come before it ends."""
    size = 0
    with suppress(ConnectionResetError):
        while data := connection.recv(MIB):
            size += len(data)
    return size


def figure(server: Server, name: str) -> float:
    """A sample of ``/metrics``."""
    text = httpx2.get(f"{server.url}/metrics", trust_env=False).text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_transfers_of_all_processes_are_listed_counted_and_ended(server: Server, film: str) -> None:
    with ExitStack() as stack:
        held = sent_by_both(server, link_to(server, film), stack)
        for _ in range(4):  # whichever process answers
            items = server.get("/api/v1/transfers")["items"]
            assert [one["video_id"] for one in items] == [film] * len(held)
            assert figure(server, "playhead_transfers_active") == len(held)

        with server.client() as client:
            for one in items:
                assert client.delete(f"/api/v1/transfers/{one['id']}").status_code == 204
            assert client.delete(f"/api/v1/transfers/{items[0]['id']}").json()["code"] == "transfer_not_found"
        assert all(rest_of(connection) < SIZE for connection in held)
    ended_ones = server.get("/api/v1/transfers?state=ended")["items"]
    assert {one["outcome"] for one in ended_ones} == {"shed"}
    assert figure(server, 'playhead_transfers_total{kind="file",outcome="shed"}') == len(held)
    assert figure(server, "playhead_transfers_active") == 0


def test_a_deleted_video_is_sent_no_further_by_any_process(server: Server) -> None:
    film = put_file(server, lambda path: path.write_bytes(bytes(SIZE)))
    with ExitStack() as stack:
        held = sent_by_both(server, link_to(server, film), stack)

        with server.client() as client:
            assert client.delete(f"/api/v1/videos/{film}").status_code == 204

        assert all(rest_of(connection) < SIZE for connection in held)
    assert figure(server, "playhead_transfers_active") == 0


def test_a_process_that_dies_is_replaced_and_the_others_serve_on(server: Server, film: str) -> None:
    (other,) = (pid for pid in family(server) if pid != server.process.pid)

    os.kill(other, signal.SIGKILL)

    for _ in range(20):
        with asking(server, link_to(server, film)):
            pass
    wait_for(lambda: len(set(family(server)) - {other}) == 2, "there is a new one")
    wait_for(lambda: len(listeners(server)) == 2, "it serves")


@thorough
def test_all_end_together(tmp_path: Path) -> None:
    with running_server(tmp_path, arguments=["--workers", "3"]) as server:
        wait_for(lambda: len(family(server)) == 3, "three processes")
        pids = family(server)

        assert server.stop() == 0

    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@thorough
def test_the_others_leave_with_a_first_one_that_is_killed(tmp_path: Path) -> None:
    with running_server(tmp_path, arguments=["--workers", "2"]) as server:
        wait_for(lambda: len(listeners(server)) == 2, "both processes serve")
        other = family(server)[1]

        server.process.kill()

        wait_for(lambda: not Path(f"/proc/{other}").exists(), "the other has left")
