"""The pump sends exactly its parts, in order, however the client takes them; and says how it ended, once."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from playhead.delivery.connections import pump as pumping
from playhead.delivery.connections.open_files import OpenFile
from playhead.delivery.connections.pump import FileShrank, FileSpan, Part, Pump
from playhead.kit.units import KIB, MIB
from tests.fixtures.examples import examples

pytestmark = pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="the pump is for Linux")

CONTENT = os.urandom(3 * MIB)


@dataclass
class Counter:
    handed_bytes: int = 0


@dataclass
class Ended:
    """Each end that was told."""

    errors: list[BaseException | None] = field(default_factory=list)


@contextmanager
def connected() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A TCP connection over loopback: ours, and the client's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * KIB)
        client.connect(listener.getsockname())
        ours, _ = listener.accept()
    ours.setblocking(False)
    client.setblocking(False)
    with ours, client:
        yield ours, client


async def receive(client: socket.socket, size: int, *, at_once: int = 64 * KIB) -> bytes:
    """Read so many bytes, or to the end."""
    loop, got = asyncio.get_running_loop(), bytearray()
    while len(got) < size and (data := await loop.sock_recv(client, min(at_once, size - len(got)))):
        got += data
    return bytes(got)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pump") / "film"
    path.write_bytes(CONTENT)
    return path


@contextmanager
def opened(path: Path) -> Iterator[OpenFile]:
    with path.open("rb") as file:
        held = OpenFile.borrow(file.fileno())
    yield held
    held.release()


SPANS = st.tuples(st.integers(0, 2 * MIB), st.sampled_from([1, 100, 16 * KIB, 16 * KIB + 1, 300 * KIB, MIB]))


@examples(40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.one_of(st.binary(max_size=2000), SPANS), max_size=12), head=st.binary(max_size=300))
async def test_every_byte_arrives_in_order(film: Path, parts: list[bytes | tuple[int, int]], head: bytes) -> None:
    wanted = b"".join(part if isinstance(part, bytes) else CONTENT[part[0] : part[0] + part[1]] for part in parts)
    counter, ended = Counter(), Ended()
    with opened(film) as file, connected() as (ours, client):
        sent: list[Part] = [part if isinstance(part, bytes) else FileSpan(file, *part) for part in parts]
        pump = Pump(asyncio.get_running_loop(), ours)

        pump.start(sent, ended.errors.append, head=head, counting=counter)
        got = await receive(client, len(head) + len(wanted))

        assert got == head + wanted
        while pump.is_busy:
            await asyncio.sleep(0)
        assert (ended.errors, counter.handed_bytes) == ([None], len(wanted))
        pump.close(ConnectionResetError())


async def test_a_head_that_the_socket_has_no_room_for_is_not_counted(film: Path) -> None:
    head, counter, ended = b"h" * (8 * MIB), Counter(), Ended()
    with opened(film) as file, connected() as (ours, client):
        pump = Pump(asyncio.get_running_loop(), ours)

        pump.start([FileSpan(file, 5, 100), b"end"], ended.errors.append, head=head, counting=counter)
        assert pump.is_busy
        got = await receive(client, len(head) + 103)

        assert got == head + CONTENT[5:105] + b"end"
        assert (ended.errors, counter.handed_bytes) == ([None], 103)
        pump.close(ConnectionResetError())


async def test_what_the_disk_must_be_asked_for_is_read_in_a_thread(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file can be made cold without root, so the question whether it is warm is answered with no."""
    asked: list[tuple[int, int]] = []

    def cold(fd: int, offset: int, count: int, step: int) -> bool:
        asked.append((offset, count))
        return False

    monkeypatch.setattr(pumping, "in_memory", cold)
    monkeypatch.setattr(pumping, "read_in_memory", lambda *_: None)
    with opened(film) as file, connected() as (ours, client):
        pump = Pump(asyncio.get_running_loop(), ours)
        sending = asyncio.create_task(pump.send([FileSpan(file, 0, 2 * MIB), b"|", FileSpan(file, 10, 20)]))

        got = await receive(client, 2 * MIB + 21)
        await sending

        assert got == CONTENT[: 2 * MIB] + b"|" + CONTENT[10:30]
        assert asked
        pump.close(ConnectionResetError())


async def test_a_client_that_leaves_ends_it_once(film: Path) -> None:
    ended = Ended()
    with opened(film) as file, connected() as (ours, client):
        pump = Pump(asyncio.get_running_loop(), ours)
        pump.start([FileSpan(file, 0, 3 * MIB)] * 20, ended.errors.append)
        await receive(client, KIB)

        client.close()
        async with asyncio.timeout(60):
            while pump.is_busy:
                await asyncio.sleep(0.01)
        pump.close(ConnectionResetError())

        (error,) = ended.errors
        assert isinstance(error, OSError)


async def test_closing_tells_who_waits_and_who_comes_later(film: Path) -> None:
    later = Ended()
    with opened(film) as file, connected() as (ours, _client):
        pump = Pump(asyncio.get_running_loop(), ours)
        sending = asyncio.create_task(pump.send([FileSpan(file, 0, 3 * MIB)] * 20))
        await asyncio.sleep(0)

        pump.close(ConnectionResetError("gone"))
        with pytest.raises(ConnectionResetError):
            await sending
        pump.start([b"x"], later.errors.append)

        assert len(later.errors) == 1


@pytest.mark.parametrize("count", [100, 64 * KIB])
async def test_a_file_that_is_shorter_than_its_span_is_an_error(tmp_path: Path, count: int) -> None:
    path = tmp_path / "short"
    path.write_bytes(b"x" * 50)
    with opened(path) as file, connected() as (ours, _client):
        pump = Pump(asyncio.get_running_loop(), ours)

        with pytest.raises(FileShrank):
            await pump.send([FileSpan(file, 0, count)])
        pump.close(ConnectionResetError())


async def test_giving_up_stops_the_sending(film: Path) -> None:
    with opened(film) as file, connected() as (ours, client):
        pump = Pump(asyncio.get_running_loop(), ours)
        sending = asyncio.create_task(pump.send([FileSpan(file, 0, 3 * MIB)] * 20))
        await receive(client, KIB)

        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

        assert not pump.is_busy
        pump.close(ConnectionResetError())
