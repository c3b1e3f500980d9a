"""What settings of a provider are refused, so that a key is sent nowhere but where it was entered for."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from playhead.api.outgoing import Outgoing
from playhead.errors import InvalidInput
from playhead.generate.adapters import ADAPTERS
from playhead.generate.tables import ProviderRow
from playhead.kit.urls import UrlRefused

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_KEY_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*(?:_API_KEY|_API_SECRET|_TOKEN|_KEY)")
_FOREIGN: Final = ("PLAYHEAD_", "AWS_", "AZURE_", "GOOGLE_", "GCP_", "S3_", "PG", "POSTGRES", "SSH_", "DBOS_")
"""Variables of the server itself and of its store: an admin must not be able to send them to an address of choice."""


def check_name(name: str, adapter: str | None) -> None:
    """Check the name of a provider: one called ``fal-work`` speaks fal.

    Raises:
        InvalidInput: another form, or another protocol.
    """
    if not _NAME.fullmatch(name):
        raise _invalid(
            f"{name!r:.80} is not a name: it has small letters, digits, - and _, at most 63.", "provider_name_invalid"
        )
    family = name.partition("-")[0]
    if adapter is not None and family in ADAPTERS and adapter != family:
        raise _invalid(f"A provider called {name} speaks {family}, not {adapter}.", "provider_name_invalid")


def adapter_of(name: str, given: Mapping[str, Any]) -> str:
    """The protocol of a new provider, by what was given or its name.

    Raises:
        InvalidInput: neither says it, or a server of one's own has no address.
    """
    adapter = str(given.get("adapter") or name.partition("-")[0])
    if adapter not in ADAPTERS:
        raise _invalid(f"Say what the provider {name} speaks: {', '.join(ADAPTERS)}.", "provider_adapter_missing")
    known = ADAPTERS[adapter]
    if known.is_remote and known.base_url is None and not given.get("base_url"):
        raise _invalid("A server of your own needs its address (base_url).", "provider_url_missing")
    return adapter


def check_key(given: Mapping[str, Any]) -> None:
    """Check that there is one key at most, that it fits into a header, and that its variable may be read.

    Raises:
        InvalidInput: a variable that does not look like a provider's key, or belongs to something else.
    """
    for field in ("key", "webhook_secret"):
        text = given.get(field) or ""
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise _invalid(f"The {field} has spaces, line breaks or letters that no key has.", "provider_key_invalid")
    name = given.get("key_env")
    if name and given.get("key"):
        raise _invalid("Give a key or the name of a variable, not both.", "provider_key_invalid")
    if name and (not _KEY_NAME.fullmatch(name) or name.startswith(_FOREIGN)):
        raise InvalidInput(
            f"{name!r:.80} is not the name of a variable that holds a provider's key.",
            hint="It ends in _API_KEY, _API_SECRET, _TOKEN or _KEY, such as FAL_KEY. Variables of Playhead "
            "itself, of stores and of databases are refused.",
            code="provider_key_env_refused",
            title="This variable is not read",
        )


async def check_base_url(outgoing: Outgoing, url: str) -> None:
    """Check an address: https, and public, unless private ones are allowed.

    Raises:
        InvalidInput: it is not used; with the reason.
    """
    try:
        parts = urlsplit(url)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise UrlRefused("A base URL has no user, password, query or fragment.")
        if parts.scheme == "http" and not outgoing.allow_private:
            raise UrlRefused("The key would travel readable for everybody: use https://.")
        await outgoing.check(url)
    except (UrlRefused, ValueError) as refused:
        private = "not a public address" in str(refused)
        hint = "The operator can allow private addresses with PLAYHEAD_ALLOW_PRIVATE_URLS." if private else None
        raise InvalidInput(
            str(refused), hint=hint, code="provider_url_refused", title="This address is not used"
        ) from None


def check_options(adapter: str, options: Mapping[str, Any] | None) -> None:
    """Check that an adapter knows its options.

    Raises:
        InvalidInput: one is unknown.
    """
    known = ADAPTERS[adapter].options
    for name in options or ():
        if name not in known:
            names = ", ".join(known) or "none"
            raise _invalid(f"{adapter} has no option {name!r:.80}; it has {names}.", "provider_option_unknown")


def check_same(row: ProviderRow, given: Mapping[str, Any]) -> None:
    """Check that a key which is there is not sent to another address, or in another protocol.

    Raises:
        InvalidInput: it would be.
    """
    if given.get("adapter") not in (None, row.adapter):
        raise _invalid(
            f"The provider {row.name} speaks {row.adapter}. Remove it, or add another.", "provider_adapter_fixed"
        )
    has_key = row.key_encrypted is not None or row.key_env is not None
    if not has_key or "base_url" not in given or "key" in given or "key_env" in given:
        return
    if not same_host(row.adapter, row.base_url, given["base_url"]):
        raise InvalidInput(
            "The key was entered for another address.",
            hint="Enter the key again together with the new address.",
            code="provider_key_missing",
            title="Enter the key again",
        )


def same_host(adapter: str, one: str | None, other: str | None) -> bool:
    """Whether two addresses of a protocol lead to one host; None is the provider's own."""
    own = ADAPTERS[adapter].base_url or ""
    first, second = urlsplit(one or own), urlsplit(other or own)
    return (first.scheme, first.netloc) == (second.scheme, second.netloc)


def _invalid(detail: str, code: str) -> InvalidInput:
    return InvalidInput(detail, code=code, title="These settings cannot be used")
