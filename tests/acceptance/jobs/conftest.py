"""A fresh site for each test, on the kind of database that the test names (SQLite unless it does)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.databases import PostgresqlServer
from tests.fixtures.job_site import Lab, Site


@pytest.fixture
def site_kind() -> str:
    """Parametrize a test with it to choose."""
    return "sqlite"


@pytest.fixture
def dead_after_s() -> float:
    """Seconds after which the failure detector takes a worker for dead; parametrize a test with it to choose."""
    return 10.0


@pytest.fixture
async def lab(
    site_kind: str, dead_after_s: float, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Lab]:
    """Jobs on a fresh site without a worker."""
    url = f"sqlite:///{tmp_path / 'playhead.db'}"
    server: PostgresqlServer | None = None
    if site_kind == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = server.create()
    site = Site(url, tmp_path, dead_after_s=dead_after_s)
    await site.prepare()
    opened = Lab(site, tmp_path)
    yield opened
    await opened.close()
    site.close()
    if server is not None:
        server.drop(url)
