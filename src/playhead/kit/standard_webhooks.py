"""Signatures by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body."""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
"""Within the 24 to 64 of the specification."""

TOLERANCE = timedelta(minutes=5)
"""How far a timestamp may be from our clock, in both directions."""


class SignatureInvalid(ValueError):
    """A message that is forged, too old, or not signed; the text says which, and is fit for a person."""


def new_secret() -> str:
    """Create a secret: ``whsec_`` and 32 random bytes in base64."""
    return PREFIX + b64encode(os.urandom(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: str | bytes) -> str:
    """Sign a message; ``v1,`` and the signature in base64.

    Args:
        secret: ``whsec_`` and the key in base64.
        timestamp: Unix time in whole seconds.
    """
    key = b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + (body if isinstance(body, bytes) else body.encode())
    return "v1," + b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed_headers(secrets: Iterable[str], message_id: str, at: datetime, body: str) -> dict[str, str]:
    """The three headers of a webhook, with a signature by each secret that is valid."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(secret, message_id, timestamp, body) for secret in secrets),
    }


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """Verify a message that we received; its id, which repeats of it share.

    Args:
        headers: By lower-case name.

    Raises:
        SignatureInvalid: no secret made one of its signatures, or its time is more than `TOLERANCE` from ours.
    """
    message_id, said = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not (said.isascii() and said.isdecimal()):
        raise SignatureInvalid("The headers webhook-id and webhook-timestamp are missing or malformed.")
    if abs(now.timestamp() - int(said)) > TOLERANCE.total_seconds():
        raise SignatureInvalid(f"It was signed at {said}, which is more than 5 minutes from now.")
    expected = [sign(secret, message_id, int(said), body).encode() for secret in secrets]
    found = [each.encode() for each in headers.get("webhook-signature", "").split()]
    if not any(hmac.compare_digest(one, other) for one in expected for other in found):
        raise SignatureInvalid("The signature does not match.")
    return message_id
