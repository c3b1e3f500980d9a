"""Generations on a whole installation over SQLite, and fake providers for the adapters."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fixtures.databases import Recycled
from tests.fixtures.fake_providers import Fake, running_fake
from tests.fixtures.generating import Generating, MemoryProvider, small_clip
from tests.fixtures.site import Site, open_site
from tests.fixtures.tiers import thorough


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=thorough)])
def light_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database: SQLite stands for both, as no SQL of this is odd."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    database: Recycled = request.getfixturevalue("recycled")
    yield database.url
    database.empty()


@pytest.fixture
async def light_site(tmp_path: Path, light_url: str) -> AsyncIterator[Site]:
    """An installation."""
    async with open_site(tmp_path, light_url) as opened:
        yield opened


@pytest.fixture
def lab(light_site: Site, tmp_path: Path) -> Generating:
    """Generations by a provider in memory, whose results are not read."""
    return Generating(light_site, MemoryProvider(b""), _folder(tmp_path))


@pytest.fixture
def fetching(light_site: Site, tmp_path: Path) -> Generating:
    """The same with results that are fetched, read and stored."""
    folder = _folder(tmp_path)
    return Generating(light_site, MemoryProvider(small_clip(folder)), folder, fetches=True)


@pytest.fixture(scope="session")
def shared_fake() -> Iterator[Fake]:
    """One server for all tests."""
    with running_fake() as fake:
        yield fake


@pytest.fixture
def fake(shared_fake: Fake) -> Iterator[Fake]:
    """The server, remembering nothing."""
    shared_fake.reset()
    yield shared_fake
    shared_fake.reset()


def _folder(path: Path) -> Path:
    folder = path / "attempts"
    folder.mkdir()
    return folder
