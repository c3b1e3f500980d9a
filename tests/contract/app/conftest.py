"""An installation: on SQLite where the database does not matter, else on each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Nothing in it but two members, and a watch folder that is not there."""
    watched = {"path": tmp_path.with_name(f"{tmp_path.name}-inbox"), "owner": "ann@example.org"}
    async with open_site(tmp_path, sqlite_url, watch_folders=[watched]) as opened:
        yield opened


@pytest.fixture
async def each_site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """The same on each kind of database."""
    async with open_site(tmp_path, migrated_url) as opened:
        yield opened
