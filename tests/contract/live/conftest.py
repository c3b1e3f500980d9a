"""An installation that may use addresses of this computer; no worker records, so rows say what was wanted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """Nothing in it but two members; on each kind of database."""
    async with open_site(tmp_path, migrated_url, allow_private_urls=True) as opened:
        yield opened


@pytest.fixture
async def one_site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """The same on SQLite, where the database does not matter."""
    async with open_site(tmp_path, sqlite_url, allow_private_urls=True) as opened:
        yield opened
