"""``playhead serve``: a server in one process or several, one worker beside it, one clean end."""

import asyncio
import fcntl
import gc
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
import uvicorn
from fastapi import FastAPI

from playhead.access.access import Access
from playhead.api.peers import Peers
from playhead.api.proxies import proxies
from playhead.api.server import Stopping
from playhead.app.api import create_app
from playhead.app.database import open_database
from playhead.app.deaths import Deaths
from playhead.app.descriptors import connections_for, raise_descriptor_limit
from playhead.app.domains import open_services
from playhead.app.folders import prepare_folder
from playhead.app.signals import stop_signals
from playhead.app.supervisor import STOP_S, ChildProcess
from playhead.db.migrate import migrate
from playhead.delivery.connections.acceptor import Acceptor
from playhead.delivery.connections.protocol import protocol_of
from playhead.delivery.connections.registry import Connections, DirectHandler, Limits, no_direct_response
from playhead.delivery.fast_path import FastPath
from playhead.kit.environment import PREFIX, service_links
from playhead.kit.heap import share_heap
from playhead.kit.ids import new_id
from playhead.services import Services
from playhead.settings import Settings, SettingsInvalid
from playhead.storage import keys
from playhead.storage.errors import StoreUnavailable
from playhead.storage.store import Presigning, Store

log = structlog.get_logger(__name__)

Announce = Callable[[str], None]
"""Prints a line for the person at the terminal."""

BACKLOG = 2048

KEEP_ALIVE_S = 30
"""An idle connection waits so long for its next request: longer than a player pauses between two segments."""


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
    sockets = socket.socket(fileno=listener), socket.socket(fileno=channel)
    asyncio.run(_serve_beside(settings, parent, *sockets, with_worker=with_worker))


async def _serve(settings: Settings, listener: socket.socket, *, with_worker: bool, announce: Announce) -> None:
    await _migrate(settings)
    services = open_services(settings, prompt=True)
    app = create_app(services, media_origins=await _media_origins(services), with_worker=with_worker)
    await _greet(services, _url(settings, listener), announce)
    children: list[ChildProcess] = []

    def hurry() -> None:
        for child in children:
            child.kill()

    server = _Server(_config(settings, app, services.get(FastPath)), services.get(Stopping), hurry)
    peers = services.get(Peers)
    joined: set[asyncio.Task[None]] = set()

    def join(connection: socket.socket) -> None:
        task = asyncio.create_task(peers.join(connection, first=True), name="server channel")
        joined.add(task)
        task.add_done_callback(joined.discard)

    environment, grace = _environment(settings), settings.shutdown_grace.total_seconds() + STOP_S
    beside = ["serve"] if with_worker else ["serve", "--no-worker"]
    children += (
        ChildProcess("server", beside, environment, listener=listener, joined=join, stop_s=grace)
        for _ in range(settings.workers - 1)
    )
    deaths = Deaths(open_database(settings, pool_size=1, prompt=True))
    if with_worker:
        children.append(ChildProcess("worker", ["worker"], environment, died=deaths.report))
    running = [asyncio.create_task(child.run(), name="supervisor") for child in children]
    # They end while the last transfers run, not after them.
    running.append(asyncio.create_task(_stop_children(children, services.get(Stopping)), name="stop of the others"))
    try:
        await server.serve(sockets=[listener])
    finally:
        await asyncio.gather(*(child.stop() for child in children))
        for task in (*running, *joined):
            task.cancel()
        await asyncio.gather(*running, *joined, return_exceptions=True)
        await deaths.close()


async def _serve_beside(
    settings: Settings, parent: int, listener: socket.socket, channel: socket.socket, *, with_worker: bool
) -> None:
    services = open_services(settings, prompt=True)
    app = create_app(services, media_origins=await _media_origins(services), with_worker=with_worker)
    server = _Server(_config(settings, app, services.get(FastPath)), services.get(Stopping))
    peers = services.get(Peers)

    async def leave_with_parent() -> None:
        await peers.join(channel, first=False)  # ends when the other end closes
        if not server.should_exit:  # a second stop would cut the end of the first one short
            log.warning("server_stopped_with_parent", parent=parent)
            server.stop()

    watching = asyncio.create_task(leave_with_parent(), name="server channel")
    try:
        await server.serve(sockets=[listener])
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _migrate(settings: Settings) -> None:
    database = open_database(settings, pool_size=1)
    try:
        await migrate(database)
    finally:
        await database.close()


def _config(settings: Settings, app: FastAPI, direct: DirectHandler) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        http=protocol_of(_connections(settings, direct)),  # type: ignore[arg-type]
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        backlog=BACKLOG,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=max(1, round(settings.shutdown_grace.total_seconds())),
    )


def _connections(settings: Settings, direct: DirectHandler) -> Connections:
    limits = Limits(
        head_s=settings.head_timeout.total_seconds(),
        connections=connections_for(raise_descriptor_limit()),
        per_client=settings.client_connections,
    )
    if settings.delivery == "accel":
        direct = no_direct_response  # every file is nginx's to send
    return Connections(direct=direct, limits=limits, exempt=proxies(settings.trusted_proxies))


async def _stop_children(children: Sequence[ChildProcess], stopping: asyncio.Event) -> None:
    await stopping.wait()
    await asyncio.gather(*(child.stop() for child in children))


class _Server(uvicorn.Server):
    """uvicorn, but a stop asked for by a signal is a success and ends long answers such as live feeds at once.

    Args:
        hurry: Called for each signal after the first.
    """

    def __init__(
        self, config: uvicorn.Config, stopping: asyncio.Event, hurry: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(config)
        self._stopping, self._hurry = stopping, hurry

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # They stay until the loop ends: a second signal may come while the worker hands over.
        for number in stop_signals():
            asyncio.get_running_loop().add_signal_handler(number, self.stop)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, but with our own way to take connections.

        What was made until now stays, so that the collector need not go through all of it, while everybody waits,
        whenever a thousand viewers come.
        """
        await super().startup([])
        self.servers = [Acceptor(each, self._protocol) for each in sockets or []]  # type: ignore[misc]
        gc.freeze()

    def _protocol(self) -> asyncio.Protocol:
        kind: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = kind(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    def stop(self) -> None:
        """End; asked a second time, at once."""
        if self.should_exit:
            self.force_exit = True
            self._hurry()
        self.should_exit = True
        self._stopping.set()


async def _greet(services: Services, url: str, announce: Announce) -> None:
    announce(f"Playhead serves at {url}")
    token = await services.get(Access).sign_in.offer_setup()
    if token is not None:
        announce(f"Make the first admin here (once, within a day): {url}/setup?token={token}")
    log.info("server_started", url=url, data=str(services.get(Settings).data))


async def _media_origins(services: Services) -> list[str]:
    """Where presigned URLs lead: the interface's policy must let players go there."""
    store = services.get(Store)
    if services.get(Settings).delivery != "redirect" or not isinstance(store, Presigning):
        return []
    try:
        target = urlsplit(await store.presign(keys.original(new_id("vid")), expires_s=60))
    except StoreUnavailable as error:
        raise SettingsInvalid(
            f"No URL can be signed for the store. {error.detail}",
            hint="Check PLAYHEAD_STORE and the credentials in the environment (AWS_..., GOOGLE_..., AZURE_...).",
        ) from error
    return [f"{target.scheme}://{target.netloc}"]


def _environment(settings: Settings) -> dict[str, str]:
    """Environment of the child processes: this one's, with what flags override."""
    data = f'"{settings.data}"'  # quoted, or a blank at its end would be dropped
    overridden = {"DATA": data, "HOST": settings.host, "PORT": str(settings.port), "WORKERS": "1"}
    links = service_links(os.environ)  # which would not be known as such beside our own port
    kept = {name: value for name, value in os.environ.items() if name not in links}
    return kept | {f"{PREFIX}{name}": value for name, value in overridden.items()}


def _url(settings: Settings, listener: socket.socket) -> str:
    if settings.public_url:
        return settings.public_url
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


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
