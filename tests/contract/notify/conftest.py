"""An installation on SQLite; and on each kind of database, for what locks rows or asks in an unusual way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playhead.notify import jobs as notify_jobs
from tests.fixtures.site import Site, open_site


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify_jobs, "POLL_S", 0.02)


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Private addresses are refused."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


@pytest.fixture
async def local_site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Receivers on loopback are allowed."""
    async with open_site(tmp_path, sqlite_url, allow_private_urls=True) as opened:
        yield opened


@pytest.fixture
async def each_site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """Receivers on loopback are allowed."""
    async with open_site(tmp_path, migrated_url, allow_private_urls=True) as opened:
        yield opened
