"""The same suite over a local folder and a real S3 server."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from playhead.storage.open import open_staging, open_store
from playhead.storage.store import Staging, Store
from tests.fixtures.s3 import S3Server


@dataclass(frozen=True)
class Ground:
    """An empty store, its staging, and a look at what it holds besides objects."""

    store: Store
    staging: Staging
    url: str
    leftovers: Callable[[], list[str]]

    def second_staging(self) -> Staging:
        """The same uploads as another process sees them."""
        return open_staging(open_store(self.url))


@pytest.fixture(params=["local", "s3"])
def ground(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """One store per test."""
    if request.param == "local":
        return _local(tmp_path / "store")
    return _s3(request.getfixturevalue("s3_server"), monkeypatch)


@pytest.fixture
def store(ground: Ground) -> Store:
    return ground.store


@pytest.fixture
def staging(ground: Ground) -> Staging:
    return ground.staging


def _local(folder: Path) -> Ground:
    def leftovers() -> list[str]:
        hidden = [path for path in folder.rglob(".*") if path.is_file()]
        return [str(path) for path in [*hidden, *folder.glob(".partial/*")]]

    url = f"file://{folder}"
    store = open_store(url)
    return Ground(store, open_staging(store), url, leftovers)


def _s3(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Ground:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = server.new_bucket()
    client = server.client()

    def leftovers() -> list[str]:
        unfinished = client.list_multipart_uploads(Bucket=bucket)
        return [found["Key"] for found in unfinished.get("Uploads", [])]

    url = server.store_url(bucket, "some/prefix")
    store = open_store(url)
    return Ground(store, open_staging(store), url, leftovers)
