"""From a URL in the settings to a store."""

from pathlib import Path

from playhead.storage.local import LocalStore
from playhead.storage.local_staging import LocalStaging
from playhead.storage.store import Staging, Store
from playhead.storage.urls import parse_url


def open_store(url: str, *, spare: int = 0) -> Store:
    """Open the store that a URL names; no request is made yet.

    ``file:///absolute/path``, ``s3://bucket/prefix?endpoint=&region=&allow_http=true&virtual_hosted=true``,
    ``gs://bucket/prefix?endpoint=``, ``az://container/prefix?account=&endpoint=``. Credentials come from the
    environment alone (``AWS_...``, ``GOOGLE_...``, ``AZURE_...``, or the machine's role).

    Args:
        spare: Bytes of its disk that a local store leaves free.

    Raises:
        ValueError: another kind of URL, an unknown option, or a secret in it.
        StoreUnavailable: the local folder cannot be made.
    """
    parsed = parse_url(url)
    if isinstance(parsed, Path):
        return LocalStore(parsed, spare=spare)
    from playhead.storage.remote import RemoteStore

    return RemoteStore(parsed)


def open_staging(store: Store) -> Staging:
    """The staging area of a store, in the same place, so that finishing moves as little as it can."""
    if isinstance(store, LocalStore):
        return LocalStaging(store)
    from playhead.storage.remote import RemoteStore
    from playhead.storage.remote_staging import RemoteStaging

    if not isinstance(store, RemoteStore):
        raise TypeError(f"no staging for {type(store).__name__}")
    return RemoteStaging(store)
