"""A site with one worker for each test file, on each kind of database."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fixtures.databases import KINDS, PostgresqlServer
from tests.fixtures.job_site import Lab, Site


@pytest.fixture(scope="module", params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Databases, a scratch folder and one living worker, shared by the tests of a file."""
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{folder / 'playhead.db'}"
    server: PostgresqlServer | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = server.create()
    made = Site(url, folder)
    asyncio.run(made.prepare())
    made.start_worker()
    yield made
    made.close()
    if server is not None:
        server.drop(url)


@pytest.fixture
async def lab(site: Site, tmp_path: Path) -> AsyncIterator[Lab]:
    """Jobs on the shared site, with marks of this test alone."""
    opened = Lab(site, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def idle_lab(database_url: str, tmp_path: Path) -> AsyncIterator[Lab]:
    """Jobs on a fresh site where no worker has ever run."""
    fresh = Site(database_url, tmp_path)
    await fresh.prepare()
    opened = Lab(fresh, tmp_path)
    yield opened
    await opened.close()
    fresh.close()
