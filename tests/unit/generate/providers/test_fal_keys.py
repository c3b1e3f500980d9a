"""Signatures of fal's webhooks."""

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from playhead.generate.errors import CallbackInvalid, ProviderUnavailable
from playhead.generate.providers.fal_keys import FalKeys, read_keys

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BODY = b'{"request_id":"r1","status":"OK"}'


class Published:
    """The published set and how often it was fetched; None answers 503."""

    def __init__(self, *keys: Ed25519PrivateKey) -> None:
        self.keys: tuple[Ed25519PrivateKey, ...] | None = keys
        self.fetched = 0
        self.clock = 1000.0
        self.gate = asyncio.Event()
        self.gate.set()

    async def settled(self, keys: FalKeys) -> None:
        """Ask for a refresh, and let one in the background end."""
        await keys.refresh()
        while keys.is_fetching:
            await asyncio.sleep(0)

    def client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))

    def reader(self) -> FalKeys:
        return FalKeys("https://rest.fal.test/jwks.json", self.client, monotonic=lambda: self.clock)

    async def _answer(self, _: httpx2.Request) -> httpx2.Response:
        self.fetched += 1
        await self.gate.wait()
        return httpx2.Response(503) if self.keys is None else httpx2.Response(200, json=jwks(*self.keys))


def jwks(*keys: Ed25519PrivateKey) -> dict[str, object]:
    def x(key: Ed25519PrivateKey) -> str:
        return urlsafe_b64encode(key.public_key().public_bytes_raw()).rstrip(b"=").decode()

    return {"keys": [{"kty": "RSA", "n": "1"}, *({"kty": "OKP", "crv": "Ed25519", "x": x(key)} for key in keys)]}


def signed(key: Ed25519PrivateKey, *, at: datetime = NOW, body: bytes = BODY) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    message = "\n".join(("r1", "u1", stamp, hashlib.sha256(body).hexdigest())).encode()
    return {
        "x-fal-webhook-request-id": "r1",
        "x-fal-webhook-user-id": "u1",
        "x-fal-webhook-timestamp": stamp,
        "x-fal-webhook-signature": key.sign(message).hex(),
    }


async def test_any_published_key_may_sign() -> None:
    first, second = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    keys = Published(first, second).reader()
    await keys.refresh()

    assert keys.verify(signed(second), BODY, now=NOW) == "r1"


@pytest.mark.parametrize("damage", ["body", "header", "hex", "early", "late", "missing"])
async def test_a_forged_or_old_callback_is_refused(damage: str) -> None:
    key = Ed25519PrivateKey.generate()
    keys = Published(key).reader()
    await keys.refresh()
    headers, body = signed(key), BODY
    if damage == "body":
        body = BODY.replace(b"OK", b"ok")
    elif damage == "header":
        headers["x-fal-webhook-request-id"] = "r2"
    elif damage == "hex":
        headers["x-fal-webhook-signature"] = "not hex"
    elif damage == "missing":
        del headers["x-fal-webhook-user-id"]
    else:
        headers = signed(key, at=NOW + timedelta(seconds=301 if damage == "early" else -301))

    with pytest.raises(CallbackInvalid):
        keys.verify(headers, body, now=NOW)


async def test_a_signature_by_an_unknown_key_fetches_the_set_anew_but_not_at_every_forgery() -> None:
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    published = Published(old)
    keys = published.reader()
    await keys.refresh()
    published.keys = (new,)

    for _ in range(3):
        with pytest.raises(CallbackInvalid):
            keys.verify(signed(new), BODY, now=NOW)
        await keys.refresh()
    assert published.fetched == 1
    published.clock += 61
    await keys.refresh()

    assert keys.verify(signed(new), BODY, now=NOW) == "r1"
    assert published.fetched == 2


async def test_keys_are_kept_for_a_day_and_longer_while_the_set_cannot_be_fetched() -> None:
    key = Ed25519PrivateKey.generate()
    published = Published(key)
    keys = published.reader()
    await keys.refresh()
    await published.settled(keys)
    assert published.fetched == 1

    published.keys = None
    published.clock += 25 * 3600
    await published.settled(keys)

    assert published.fetched == 2
    assert keys.verify(signed(key), BODY, now=NOW) == "r1"


async def test_without_any_keys_the_provider_is_unavailable_at_each_try() -> None:
    published = Published()
    published.keys = None
    keys = published.reader()

    for _ in range(2):
        with pytest.raises(ProviderUnavailable, match="503"):
            await keys.refresh()
    assert published.fetched == 1


async def test_a_caller_that_stops_waiting_does_not_stop_the_request() -> None:
    published = Published(Ed25519PrivateKey.generate())
    published.gate.clear()
    keys = published.reader()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await keys.refresh()

    published.gate.set()
    await keys.refresh()

    assert published.fetched == 1
    await keys.close()


def test_a_set_without_ed25519_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="no Ed25519"):
        read_keys(json.loads('{"keys": [{"kty": "RSA"}]}'))
