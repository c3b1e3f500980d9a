"""obstore, set up: its two clients and what its errors mean. Imported only when a remote store is opened."""

import atexit
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, S3Store

from playhead.storage.errors import ObjectNotFound, StoreFull, StoreUnavailable, StoreWrong
from playhead.storage.urls import RemoteUrl

if TYPE_CHECKING:
    from obstore.store import AzureConfig, ClientConfig, GCSConfig, RetryConfig, S3Config

# A process that ends within milliseconds of its last call dies of SIGABRT in up to 2 of 3 runs: a thread of obstore
# hands its result to an interpreter that is gone. 50 ms let it finish: 0 of 90 (PyO3/pyo3-async-runtimes#40).
atexit.register(time.sleep, 0.05)

Client = S3Store | GCSStore | AzureStore

_WHOLE_BODY = timedelta(days=1)
_WRONG = re.compile(
    r"non-partial response|Requested \S+, got|Content-Range|CONTENT_RANGE|Content-Length Header missing|"
    r"status code: 416",
    re.ASCII,
)
"""How obstore 0.12 says that an answer is not what was asked for; 416 among it, as only spans that are there are asked
for."""

_QUERY = re.compile(r"\?\S*")  # a signature of Azure travels there
_REQUEST = re.compile(r"Error performing [A-Z]+ \S+ in \S+ - ")  # names a host inside, and viewers read this


def serving_client(url: RemoteUrl) -> Client:
    """Options for viewers: a store that is silent for 20 s has failed. Only ``Guard`` retries."""
    return _client(
        url,
        {"connect_timeout": timedelta(seconds=3), "read_timeout": timedelta(seconds=20), "timeout": _WHOLE_BODY},
        {"max_retries": 0},
    )


def patient_client(url: RemoteUrl) -> Client:
    """For writes and for jobs: rides out a restart of the store.

    ``read_timeout`` runs while a part of 16 MiB is sent, too: 5 minutes allow for 0.5 Mbit/s.
    """
    return _client(
        url,
        {"connect_timeout": timedelta(seconds=5), "read_timeout": timedelta(minutes=5), "timeout": _WHOLE_BODY},
        {"max_retries": 6, "retry_timeout": timedelta(minutes=2)},
    )


@contextmanager
def store_errors(url: RemoteUrl, key: str | None = None) -> Iterator[None]:
    """Turn obstore's errors into ours; with a key, "not found" means the object, else the bucket.

    Raises:
        ObjectNotFound, StoreFull, StoreUnavailable, StoreWrong.
    """
    try:
        yield
    except FileNotFoundError as error:
        if key is not None and "NoSuchBucket" not in str(error):
            raise ObjectNotFound(key) from error
        raise StoreUnavailable(f"The store {url} does not exist: {_short(error)}") from error
    except BaseError as error:
        if "507 Insufficient Storage" in str(error):
            raise StoreFull(f"No room is left in {url}: {_short(error)}") from error
        if _WRONG.search(_short(error)):
            raise StoreWrong(f"The store {url} gave another answer than was asked for: {_short(error)}") from error
        raise StoreUnavailable(f"The store {url} did not do what was asked: {_short(error)}") from error


def _short(error: Exception) -> str:
    # the first paragraph says what happened; the rest is obstore's own structure
    text = " ".join(str(error).partition("\n\n")[0].split())
    return _QUERY.sub("", _REQUEST.sub("", text))[:300]


def _client(url: RemoteUrl, options: "ClientConfig", retry: "RetryConfig") -> Client:
    options["allow_http"] = url.allow_http
    try:
        match url.scheme:
            case "s3":
                return S3Store(url.bucket, config=_s3(url), client_options=options, retry_config=retry)
            case "gs":
                return GCSStore(url.bucket, config=_gs(url), client_options=options, retry_config=retry)
            case "az":
                return AzureStore(url.bucket, config=_az(url), client_options=options, retry_config=retry)
    except BaseError as error:
        raise ValueError(f"{url} lacks something: {_short(error)}") from error


def _s3(url: RemoteUrl) -> "S3Config":
    config: S3Config = {"virtual_hosted_style_request": url.virtual_hosted}
    if url.endpoint is not None:
        config["endpoint"] = url.endpoint
    if url.region is not None:
        config["region"] = url.region
    return config


def _gs(url: RemoteUrl) -> "GCSConfig":
    return {} if url.endpoint is None else {"base_url": url.endpoint}


def _az(url: RemoteUrl) -> "AzureConfig":
    config: AzureConfig = {}
    if url.endpoint is not None:
        config["endpoint"] = url.endpoint
    if url.account is not None:
        config["account_name"] = url.account
    return config
