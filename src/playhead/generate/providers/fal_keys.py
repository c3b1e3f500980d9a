"""Signatures of fal's webhooks: Ed25519 by any key of a published set, over the headers and the SHA-256 of the body."""

import asyncio
import binascii
import hashlib
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from playhead.generate.errors import CallbackInvalid, ProviderUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

JWKS_URL = "https://rest.fal.ai/.well-known/jwks.json"
WINDOW_S = 300
KEYS_LIVE_S = 24 * 3600
RETRY_S = 60
"""Least time between two requests for the set, so that forged callbacks do not cause one each."""
MAX_JWKS_BYTES = 256 * 1024


class FalKeys:
    """The published keys, kept for at most a day.

    A signature that none of them made may be by a new key: then the set is due, and the provider's next delivery of
    the same callback is checked with the new one.
    """

    def __init__(
        self,
        url: str,
        client_factory: "Callable[[], httpx2.AsyncClient]",
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._client_factory = client_factory
        self._monotonic = monotonic
        self._keys: Sequence[Ed25519PublicKey] = ()
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._doubted = False
        self._problem = "they were not fetched yet"
        self._fetching: asyncio.Task[None] | None = None

    async def refresh(self) -> None:
        """Fetch the set if it is missing, a day old or in doubt.

        It is waited for only where the keys at hand do not suffice, and goes on when the caller stops waiting.

        Raises:
            ProviderUnavailable: there are no keys, and none can be fetched now.
        """
        if self._fetching is None and self._is_due():
            self._fetching = asyncio.create_task(self._renew(), name="keys of webhooks")
            self._fetching.add_done_callback(self._fetched)
        if self._fetching is not None and (not self._keys or self._doubted):
            await asyncio.shield(self._fetching)
        if not self._keys:
            raise ProviderUnavailable(f"The keys of the provider's webhooks cannot be fetched: {self._problem}.")

    @property
    def is_fetching(self) -> bool:
        """Whether a request goes on."""
        return self._fetching is not None

    async def close(self) -> None:
        """Stop a request that goes on."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def verify(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
        """Check a callback.

        Returns:
            The id of the request that it reports.

        Raises:
            CallbackInvalid: forged, or signed more than five minutes ago.
        """
        request_id, user_id, timestamp, signature = (_header(headers, name) for name in _HEADERS)
        _check_age(timestamp, now)
        message = "\n".join((request_id, user_id, timestamp, hashlib.sha256(body).hexdigest()))
        try:
            signed = binascii.unhexlify(signature)
        except (ValueError, binascii.Error):
            raise CallbackInvalid("The signature of the callback is not hexadecimal.") from None
        if not any(_made(key, signed, message.encode()) for key in self._keys):
            self._doubted = True
            raise CallbackInvalid("No key of the provider made the signature of the callback.")
        return request_id

    def _is_due(self) -> bool:
        now = self._monotonic()
        if self._tried_at is not None and now - self._tried_at < RETRY_S:
            return False
        return self._doubted or self._fetched_at is None or now - self._fetched_at > KEYS_LIVE_S

    async def _renew(self) -> None:
        import httpx2

        self._tried_at = self._monotonic()
        try:
            self._keys = await self._fetch()
        except (httpx2.HTTPError, ValueError) as error:  # a refused URL is a ValueError, too
            self._problem = str(error) or type(error).__name__
            return
        self._fetched_at, self._doubted = self._tried_at, False

    def _fetched(self, _: "asyncio.Task[None]") -> None:
        self._fetching = None

    async def _fetch(self) -> "list[Ed25519PublicKey]":
        async with self._client_factory() as client, client.stream("GET", self._url) as response:
            response.raise_for_status()
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_JWKS_BYTES:
                    raise ValueError(f"more than {MAX_JWKS_BYTES} bytes")
        return read_keys(json.loads(body))


_HEADERS = tuple(f"x-fal-webhook-{name}" for name in ("request-id", "user-id", "timestamp", "signature"))


def read_keys(jwks: Any) -> "list[Ed25519PublicKey]":
    """Read the Ed25519 keys of a JSON Web Key Set (RFC 8037), without those of other kinds.

    Raises:
        ValueError: there are none.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found = jwks.get("keys") if isinstance(jwks, dict) else None
    keys = [
        Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4)))
        for key in found or ()
        if isinstance(key, dict) and key.get("kty") == "OKP" and key.get("crv") == "Ed25519" and key.get("x")
    ]
    if not keys:
        raise ValueError("the set has no Ed25519 keys")
    return keys


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise CallbackInvalid(f"The callback has no header {name}.")
    return value


def _check_age(timestamp: str, now: datetime) -> None:
    try:
        age_s = now.timestamp() - int(timestamp)
    except ValueError:
        raise CallbackInvalid("The timestamp of the callback is not a number of seconds.") from None
    if abs(age_s) > WINDOW_S:
        raise CallbackInvalid(f"The callback was signed {abs(age_s):.0f} s away from now; {WINDOW_S} s are allowed.")


def _made(key: "Ed25519PublicKey", signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
