"""An installation over a local folder and over a real S3 server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures.s3 import S3Server
from tests.fixtures.site import Site, open_site


@pytest.fixture(params=["local", "s3"])
async def site(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Site]:
    """Nothing in it but two members."""
    store = None
    if request.param == "s3":
        server: S3Server = request.getfixturevalue("s3_server")
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        store = server.store_url(server.new_bucket())
    async with open_site(tmp_path, sqlite_url, store=store) as opened:
        yield opened


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for clips."""
    return tmp_path_factory.mktemp("clips")
