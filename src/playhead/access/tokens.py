"""Random secrets and their hashes: 256 random bits cannot be guessed and need no slow hash."""

import hashlib
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def random_text(length: int) -> str:
    """Random Crockford base32, 5 bits per character: a double click selects all of it."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_secret() -> str:
    """A secret of 260 random bits, 52 characters."""
    return random_text(52)


def digest(text: str) -> bytes:
    """The stored form of a secret: SHA-256, 32 bytes."""
    return hashlib.sha256(text.encode(errors="replace")).digest()
