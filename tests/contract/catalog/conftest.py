"""An installation over a real database of each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.databases import database_kind, database_url, postgresql  # noqa: F401
from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, database_url: str) -> AsyncIterator[Site]:  # noqa: F811
    """Nothing in it but two members."""
    async with open_site(tmp_path, database_url) as opened:
        yield opened
