"""``playhead serve``: its folder, its port and its worker, which starts while the server is still imported."""

import asyncio
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from playhead.app.folders import prepare_folder
from playhead.app.supervisor import ChildProcess
from playhead.kit.environment import PREFIX, service_links
from playhead.kit.heap import share_heap
from playhead.settings import Settings, SettingsInvalid

if TYPE_CHECKING:
    from playhead.app.deaths import Deaths

Announce = Callable[[str], None]
"""Prints a line for the person at the terminal."""

BACKLOG = 2048


def serve(settings: Settings, *, with_worker: bool, announce: Announce) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; a second one ends at once.

    Raises:
        SettingsInvalid: port in use, folder not writable or in use: nothing was started.
    """
    share_heap()
    prepare_folder(settings.data)
    with _only_server_of(settings.data), _listen(settings.host, settings.port) as listener:
        asyncio.run(_serve(settings, listener, with_worker=with_worker, announce=announce))


def serve_beside(settings: Settings, *, parent: int, listener: int, channel: int, with_worker: bool) -> None:
    """Serve as one more process of a server, on its listener, until SIGTERM or its end.

    Args:
        parent: Process id of the server.
        listener: Descriptor that it listens on.
        channel: Descriptor of our end of the socket pair to it.
        with_worker: It keeps a worker.
    """
    share_heap()
    from playhead.app.server import run_beside

    sockets = socket.socket(fileno=listener), socket.socket(fileno=channel)
    asyncio.run(run_beside(settings, parent, *sockets, with_worker=with_worker))


async def _serve(settings: Settings, listener: socket.socket, *, with_worker: bool, announce: Announce) -> None:
    """Start the worker, then import the server: each takes two seconds of a core."""
    deaths: asyncio.Future[Deaths] = asyncio.get_running_loop().create_future()

    async def report(pid: int, how: str) -> None:
        await (await deaths).report(pid, how)

    environment = _environment(settings)
    worker = ChildProcess("worker", ["worker"], environment, died=report) if with_worker else None
    supervisor = asyncio.create_task(worker.run(), name="supervisor") if worker else None
    try:
        if worker:
            await worker.started.wait()
        from playhead.app.server import run

        await run(settings, listener, environment, worker, deaths, announce)
    finally:
        if worker and supervisor:
            await worker.stop()
            supervisor.cancel()
            await asyncio.gather(supervisor, return_exceptions=True)
        if deaths.done():
            await deaths.result().close()


def _environment(settings: Settings) -> dict[str, str]:
    """Environment of the child processes: this one's, with what flags override."""
    data = f'"{settings.data}"'  # quoted, or a blank at its end would be dropped
    overridden = {"DATA": data, "HOST": settings.host, "PORT": str(settings.port), "WORKERS": "1"}
    links = service_links(os.environ)  # which would not be known as such beside our own port
    kept = {name: value for name, value in os.environ.items() if name not in links}
    return kept | {f"{PREFIX}{name}": value for name, value in overridden.items()}


@contextmanager
def _only_server_of(folder: Path) -> Iterator[None]:
    """Hold the data folder; the kernel lets go of it with the process, however that ends."""
    descriptor = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            raise SettingsInvalid(
                f"Another playhead serve{f' (process {holder})' if holder else ''} works on {folder}.",
                hint="Stop it, or choose another folder with PLAYHEAD_DATA.",
                code="folder_taken",
            ) from None
        with suppress(OSError):  # for people; a full disk has no room for it
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    try:
        found = socket.getaddrinfo(
            host.removeprefix("[").removesuffix("]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except socket.gaierror as error:
        raise SettingsInvalid(f"PLAYHEAD_HOST {host!r} is not an address of this machine: {error.strerror}.") from error
    family, kind, protocol, _, address = found[0]
    # With its protocol named: only then does asyncio end Nagle's algorithm, which holds small answers back 40 ms.
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            reserved = "Ports below 1024 are for root. " if isinstance(error, PermissionError) else ""
            raise SettingsInvalid(
                f"Cannot listen on {host} port {port}: {error.strerror}.",
                hint=f"{reserved}Choose another port with --port or PLAYHEAD_PORT; 0 takes a free one.",
                code="port_taken",
            ) from error
        listener.listen(BACKLOG)
        yield listener
    finally:
        listener.close()
