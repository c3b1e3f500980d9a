"""Finding the credential in a request: a pure reading of its headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from playhead.access.errors import InvalidCredential

SECURE_COOKIE = "__Host-playhead"
"""Over https: the prefix makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis section 4.1.3)."""

PLAIN_COOKIE = "playhead_session"
"""Over plain http, where browsers other than Chromium drop a Secure cookie even on localhost."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What the caller shows; the text is a secret."""

    kind: Literal["session", "key"]
    text: str = field(repr=False)


def cookie_name(*, secure: bool) -> str:
    """Name the session cookie for this kind of connection; the other is never accepted on it."""
    return SECURE_COOKIE if secure else PLAIN_COOKIE


def read_credential(headers: Mapping[str, str], cookies: Mapping[str, str], *, secure: bool) -> Credential | None:
    """Find what the caller shows: ``Authorization: Bearer``, ``X-API-Key``, or the cookie when neither came.

    Args:
        headers: By lower-case name.

    Raises:
        InvalidCredential: another scheme than Bearer, an empty key, or two different keys.
    """
    shown = [_bearer(headers["authorization"])] if "authorization" in headers else []
    if "x-api-key" in headers:
        shown.append(headers["x-api-key"].strip())
    if shown:
        if not shown[0] or any(each != shown[0] for each in shown):
            raise InvalidCredential("The request shows an empty API key, or two different ones.")
        return Credential("key", shown[0])
    token = cookies.get(cookie_name(secure=secure))
    return Credential("session", token) if token else None


def _bearer(authorization: str) -> str:
    scheme, _, text = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidCredential(
            "The Authorization header does not use the Bearer scheme.",
            hint="Send `Authorization: Bearer ph_...` or `X-API-Key: ph_...`.",
        )
    return text.strip()
