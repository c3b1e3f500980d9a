"""An installation: on SQLite where the database does not matter, else on each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Nothing in it but two members."""
    async with open_site(tmp_path, f"sqlite:///{tmp_path / 'playhead.db'}") as opened:
        yield opened


@pytest.fixture
async def each_site(tmp_path: Path, database_url: str) -> AsyncIterator[Site]:
    """The same on each kind of database."""
    async with open_site(tmp_path, database_url) as opened:
        yield opened
