"""A real server on a free port."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from playhead.delivery.connections.protocol import MediaProtocol
from playhead.delivery.connections.registry import DirectResponse
from tests.fixtures.media_site import Site, serving


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for the tests of a module that count nothing."""
    with serving(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(shared_site: Site) -> Site:
    """The module's server, or the test's own where a module says so."""
    return shared_site


@pytest.fixture(params=["fast path", "zero-copy", "chunks"])
def own_site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server for one test, with counters at zero: Playhead's own with its short way and without, and one as any."""
    with serving(tmp_path, plain=request.param == "chunks", fast=request.param == "fast path") as site:
        yield site


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    """An HTTP client of the site, keep-alive."""
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=120) as client:
        yield client


@pytest.fixture
def direct(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each media request, whether it was answered directly, at once or after what was not known was asked for."""
    seen: list[bool] = []
    ask, ask_again = MediaProtocol._direct_response, MediaProtocol._ask_again

    def asked(protocol: MediaProtocol) -> object:
        answer = ask(protocol)
        seen.append(isinstance(answer, DirectResponse))
        return answer

    def asked_again(protocol: MediaProtocol, cycle: Any, app: Any, answer: Any) -> None:
        seen[-1] = isinstance(answer, DirectResponse)
        ask_again(protocol, cycle, app, answer)

    monkeypatch.setattr(MediaProtocol, "_direct_response", asked)
    monkeypatch.setattr(MediaProtocol, "_ask_again", asked_again)
    return seen
