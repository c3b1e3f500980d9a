"""Detection on each kind of database, and a fake Twitch."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playhead.db.database import Database
from playhead.live.fakes.platform import Twitch
from tests.fixtures.detecting import Detecting, open_detecting
from tests.fixtures.fake_twitch import fake_twitch


@pytest.fixture
async def detecting(database: Database, tmp_path: Path) -> AsyncIterator[Detecting]:
    """Detection, on each kind of database."""
    opened = open_detecting(database, tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Detecting]:
    """Detection on SQLite, for what does not depend on the database."""
    database = Database(sqlite_url)
    opened = open_detecting(database, tmp_path)
    yield opened
    await opened.close()
    await database.close()


@pytest.fixture
async def twitch() -> AsyncIterator[Twitch]:
    """A fake Twitch with the streamer alice."""
    async with fake_twitch("alice") as opened:
        yield opened
