"""The world of a test, over a real database of each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playhead.access.access import Access
from playhead.access.secrets_file import load_secrets
from playhead.db.database import Database
from tests.contract.access.world import CHEAP, HeldClock, World, build_app


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[World]:
    """An app with nobody in it yet."""
    clock = HeldClock()
    secrets = load_secrets(tmp_path / "secrets" / "secrets.json")
    access = Access(database, secrets, marker=tmp_path / "revoked", clock=clock, hasher=CHEAP)
    yield World(build_app(access), access, database, clock)
    await access.close()
