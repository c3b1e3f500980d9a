"""The address of a store, read from a URL that holds no secret."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from playhead.storage.keys import check_prefix

Scheme = Literal["s3", "gs", "az"]

_OPTIONS: dict[str, frozenset[str]] = {
    "s3": frozenset({"endpoint", "region", "allow_http", "virtual_hosted"}),
    "gs": frozenset({"endpoint", "allow_http"}),
    "az": frozenset({"account", "endpoint", "allow_http"}),
}
_SECRET = re.compile(r"secret|key|token|password|passwd|sas|sig|credential", re.IGNORECASE)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,221}", re.ASCII)
_KINDS = "file:///path, s3://bucket, gs://bucket, az://container"


@dataclass(frozen=True, slots=True)
class RemoteUrl:
    """An object store's address, without a secret.

    Args:
        prefix: Empty, or whole segments that end with ``/``.
        endpoint: Another server than the provider's own, such as ``https://s3.example.com``.
        allow_http: Whether the endpoint may be plain HTTP; bytes and signatures then travel in the clear.
        account: Azure only; from ``AZURE_STORAGE_ACCOUNT_NAME`` when None.
    """

    scheme: Scheme
    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    allow_http: bool = False
    virtual_hosted: bool = False
    account: str | None = None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.bucket}/{self.prefix}".rstrip("/")


def parse_url(url: str) -> Path | RemoteUrl:
    """Read a store's URL: the folder of a local one, the address of a remote one.

    Raises:
        ValueError: as in ``open_store``; the text names no secret.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.fragment:
        raise ValueError("the store's URL has a user, a password or a fragment: put credentials into the environment")
    if parts.scheme == "file":
        return _local_path(parts)
    if parts.scheme not in _OPTIONS:
        raise ValueError(f"the store's URL begins with {parts.scheme or 'no scheme'!r}; known are {_KINDS}")
    return _remote(cast(Scheme, parts.scheme), parts)


def _local_path(parts: SplitResult) -> Path:
    path = unquote(parts.path)
    if parts.netloc or parts.query or not path.startswith("/") or "\0" in path or path.strip("/") == "":
        raise ValueError(f"a local store is an absolute path, file:///var/lib/playhead/store, not {parts.geturl()!r}")
    return Path(path)


def _remote(scheme: Scheme, parts: SplitResult) -> RemoteUrl:
    if _BUCKET.fullmatch(parts.netloc) is None:
        raise ValueError(f"not a bucket's name: {parts.netloc!r}")
    prefix = unquote(parts.path).strip("/")
    options = _options(scheme, parts.query)
    allow_http = _flag(options, "allow_http")
    return RemoteUrl(
        scheme,
        parts.netloc,
        check_prefix(f"{prefix}/" if prefix else ""),
        endpoint=_endpoint(options.get("endpoint"), allow_http=allow_http),
        region=options.get("region"),
        allow_http=allow_http,
        virtual_hosted=_flag(options, "virtual_hosted"),
        account=options.get("account"),
    )


def _options(scheme: str, query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _OPTIONS[scheme]:
            raise ValueError(_refusal(scheme, name))
        if name in options:
            raise ValueError(f"the store's URL has {name} twice")
        if value:
            options[name] = value
    return options


def _refusal(scheme: str, name: str) -> str:
    if _SECRET.search(name):
        return f"the store's URL has {name!r}: put credentials into the environment, URLs end up in logs"
    near = difflib.get_close_matches(name, _OPTIONS[scheme], n=1)
    known = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(_OPTIONS[scheme]))}"
    return f"a {scheme}:// URL has no option {name!r}; {known}"


def _flag(options: dict[str, str], name: str) -> bool:
    value = options.get(name, "false").lower()
    if value not in {"true", "false"}:
        raise ValueError(f"{name} is true or false, not {value!r}")
    return value == "true"


def _endpoint(endpoint: str | None, *, allow_http: bool) -> str | None:
    if endpoint is None:
        return None
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query:
        raise ValueError("endpoint is an http or https URL without user, password or query")
    if parts.scheme == "http" and not allow_http:
        raise ValueError("endpoint is plain http: add allow_http=true if that is meant")
    return endpoint.rstrip("/")
