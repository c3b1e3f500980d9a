"""An installation: on SQLite where the database does not matter, else on each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Nothing in it but two members."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


@pytest.fixture
async def each_site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """The same on each kind of database."""
    async with open_site(tmp_path, migrated_url) as opened:
        yield opened
