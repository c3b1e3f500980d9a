"""An installation over a real database of each kind and a local store, and a video that can be played."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.site import Site, open_site
from tests.fixtures.stored_clips import store_clip

CONTENT = bytes(range(256)) * 40


@pytest.fixture
async def site(tmp_path: Path, migrated_url: str) -> AsyncIterator[Site]:
    """Nothing in it but two members."""
    async with open_site(tmp_path, migrated_url) as opened:
        yield opened


@pytest.fixture
async def video(site: Site, tmp_path: Path) -> str:
    """A video of Ann's with bytes of its own."""
    file = tmp_path / "clip.mp4"
    file.write_bytes(CONTENT)
    return await store_clip(site, file, title='The "beach" & more', width=640, height=360)
