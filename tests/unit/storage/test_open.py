"""From a URL to a store."""

from pathlib import Path

import pytest

from playhead.storage.errors import StoreUnavailable
from playhead.storage.local import LocalStore
from playhead.storage.local_staging import LocalStaging
from playhead.storage.open import open_staging, open_store
from playhead.storage.remote import RemoteStore
from playhead.storage.remote_staging import RemoteStaging
from playhead.storage.store import LocalFiles, Presigning


def test_a_file_url_opens_a_folder_that_is_made_for_us_alone(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/new/store")

    assert isinstance(store, LocalStore)
    assert isinstance(open_staging(store), LocalStaging)
    assert isinstance(store, LocalFiles)
    assert not isinstance(store, Presigning)
    assert (tmp_path / "new" / "store").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("url", ["s3://bucket/a", "gs://bucket", "az://container?account=films"])
def test_a_bucket_url_opens_object_storage_without_a_request(url: str) -> None:
    store = open_store(url)

    assert isinstance(store, RemoteStore)
    assert isinstance(open_staging(store), RemoteStaging)
    assert isinstance(store, Presigning)
    assert not isinstance(store, LocalFiles)
    assert store.free_bytes() is None


def test_a_folder_that_cannot_be_made_is_said_clearly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_store(f"file://{tmp_path}/file/store")
