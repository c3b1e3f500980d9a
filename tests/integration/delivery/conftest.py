"""A real server on a free port."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import uvicorn

from tests.fixtures.media_site import Site, wait_for


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Run uvicorn in a thread."""
    site = Site(folder)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    site.port = listener.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(site.app, http="httptools", log_config=None, access_log=False, timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started, "the server has started")
    yield site
    server.should_exit = True
    thread.join(10)
    listener.close()
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for the tests of a module that count nothing."""
    with serving(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(shared_site: Site) -> Site:
    """The module's server, or the test's own where a module says so."""
    return shared_site


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A server for one test, with counters at zero."""
    with serving(tmp_path) as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    """An HTTP client of the site, keep-alive."""
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=10) as client:
        yield client
