"""Credential parsing: the headers of a request, without I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from playhead.access.errors import InvalidCredential

SECURE_COOKIE = "__Host-playhead"
"""Over https: the prefix makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis section 4.1.3)."""

PLAIN_COOKIE = "playhead_session"
"""Over plain http, where browsers other than Chromium drop a Secure cookie even on localhost."""


KEY_PREFIX = "ph_"
"""Prefix of every API key."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A presented credential; its text is a secret."""

    kind: Literal["session", "key"]
    text: str = field(repr=False)


def cookie_name(*, secure: bool) -> str:
    """Name of the session cookie for this kind of connection; the other is never accepted on it."""
    return SECURE_COOKIE if secure else PLAIN_COOKIE


def read_credential(headers: Mapping[str, str], cookies: Mapping[str, str], *, secure: bool) -> Credential | None:
    """Read the credential: ``Authorization: Bearer ph_...``, ``X-API-Key``, or the cookie when neither came.

    Other content of the Authorization header (Basic, Negotiate, a foreign token) is for a proxy in front: browsers send
    it with every request, and most proxies pass it on.

    Args:
        headers: By lower-case name.

    Raises:
        InvalidCredential: an empty key, two different keys, or one under another scheme.
    """
    shown = list(filter(None, [bearer_key(headers)]))
    if "x-api-key" in headers:
        shown.append(headers["x-api-key"].strip())
    if shown:
        if not shown[0] or any(each != shown[0] for each in shown):
            raise InvalidCredential("The request shows an empty API key, or two different ones.")
        return Credential("key", shown[0])
    token = cookies.get(cookie_name(secure=secure))
    return Credential("session", token) if token else None


def bearer_key(headers: Mapping[str, str]) -> str | None:
    """The API key in the Authorization header; None where it holds something else.

    Raises:
        InvalidCredential: a key under another scheme than Bearer, or under none.
    """
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    text = rest.strip()
    if scheme.lower() == "bearer":
        return text if text.startswith(KEY_PREFIX) else None
    if scheme.startswith(KEY_PREFIX) or text.startswith(KEY_PREFIX):
        raise InvalidCredential(
            "The Authorization header does not use the Bearer scheme.",
            hint="Send `Authorization: Bearer ph_...` or `X-API-Key: ph_...`.",
        )
    return None
