"""Which signals end a server or worker, and what the second one does."""

import asyncio
import signal
from collections.abc import Iterator

import pytest
import uvicorn

from playhead.app.server import _Server
from playhead.app.signals import stop_signals


@pytest.fixture
def hangup() -> Iterator[None]:
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangup")
def test_a_terminal_that_goes_ends_it_cleanly_but_not_under_nohup() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    assert stop_signals() == (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert stop_signals() == (signal.SIGTERM, signal.SIGINT)


async def test_the_second_signal_waits_for_nobody() -> None:
    """Neither for transfers nor for the worker's hand-over."""
    hurried: list[bool] = []
    stopping = asyncio.Event()
    server = _Server(uvicorn.Config(app=lambda: None), stopping, lambda: hurried.append(True))

    server.stop()
    assert (stopping.is_set(), server.force_exit, hurried) == (True, False, [])

    server.stop()
    assert (server.force_exit, hurried) == (True, [True])
