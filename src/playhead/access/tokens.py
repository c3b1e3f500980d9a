"""Random secrets and their hashes: 256 random bits need no slow hash, since nobody can guess them."""

import hashlib
import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def random_text(length: int) -> str:
    """Make so many characters of Crockford base32, 5 random bits each: survives a double click."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_secret() -> str:
    """Make a secret of 260 random bits, 52 characters."""
    return random_text(52)


def digest(text: str) -> bytes:
    """Hash a secret for keeping: SHA-256, 32 bytes."""
    return hashlib.sha256(text.encode(errors="replace")).digest()
