"""The server process: its application, the processes beside it, one clean end."""

import asyncio
import gc
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
from playhead.app.serve import BACKLOG
from playhead.app.signals import stop_signals
from playhead.app.supervisor import STOP_S, ChildProcess
from playhead.db.migrate import migrate
from playhead.delivery.connections.acceptor import Acceptor
from playhead.delivery.connections.protocol import protocol_of
from playhead.delivery.connections.registry import Connections, DirectHandler, Limits, no_direct_response
from playhead.delivery.fast_path import FastPath
from playhead.kit.ids import new_id
from playhead.services import Services
from playhead.settings import Settings, SettingsInvalid
from playhead.storage import keys
from playhead.storage.errors import StoreUnavailable
from playhead.storage.store import Presigning, Store

log = structlog.get_logger(__name__)

KEEP_ALIVE_S = 30
"""An idle connection waits so long for its next request: longer than a player pauses between two segments."""


async def run(
    settings: Settings,
    listener: socket.socket,
    environment: Mapping[str, str],
    worker: ChildProcess | None,
    deaths: "asyncio.Future[Deaths]",
    announce: Callable[[str], None],
) -> None:
    """Serve until a signal.

    Args:
        environment: Variables of the child processes.
        worker: The worker, running already; None for a server without one.
        deaths: Set here, once the database is known.
    """
    await _migrate(settings)
    services = open_services(settings, prompt=True)
    app = create_app(services, media_origins=await _media_origins(services), with_worker=worker is not None)
    await _greet(services, _url(settings, listener), announce)
    children = [worker] if worker else []

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

    grace = settings.shutdown_grace.total_seconds() + STOP_S
    beside = ["serve"] if worker else ["serve", "--no-worker"]
    servers = [
        ChildProcess("server", beside, environment, listener=listener, joined=join, stop_s=grace)
        for _ in range(settings.workers - 1)
    ]
    children += servers
    deaths.set_result(Deaths(open_database(settings, pool_size=1, prompt=True)))
    running = [asyncio.create_task(child.run(), name="supervisor") for child in servers]
    # They end while the last transfers run, not after them.
    running.append(asyncio.create_task(_stop_children(children, services.get(Stopping)), name="stop of the others"))
    try:
        await server.serve(sockets=[listener])
    finally:
        await asyncio.gather(*(child.stop() for child in children))
        for task in (*running, *joined):
            task.cancel()
        await asyncio.gather(*running, *joined, return_exceptions=True)


async def run_beside(
    settings: Settings, parent: int, listener: socket.socket, channel: socket.socket, *, with_worker: bool
) -> None:
    """Serve as one more process of a server; see `serve.serve_beside`."""
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


async def _greet(services: Services, url: str, announce: Callable[[str], None]) -> None:
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


def _url(settings: Settings, listener: socket.socket) -> str:
    if settings.public_url:
        return settings.public_url
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
