"""Signatures of URLs and tokens: proof that one kind of one subject may be read until a time. No I/O, no clock."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import NamedTuple

from playhead.access.errors import SignatureExpired, SignatureInvalid


class Signature(NamedTuple):
    """The query parameters ``k`` and ``s``."""

    key_id: str
    text: str


class Token(NamedTuple):
    """A verified token: its expiry (Unix time) and its key id, which carries the grant after the first dot."""

    expires_at: int
    key_id: str


class Derived(NamedTuple):
    """A secret that is not stored: the id of its key is enough to derive it again."""

    key_id: str
    secret: bytes


class Signer:
    """Signatures by the current key, verified against every known one, so that keys can rotate under live links.

    The grant, by which a link can end before its expiry, is a part of the key id, after a dot (``k1.3``): signed, and
    readable before any lookup.

    Args:
        keys: Secret by key id, at least 16 bytes each.
        current: Id of the key that signs.

    Raises:
        ValueError: an unknown current key, a key that is too short, or a dot in an id.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        if current not in keys:
            raise ValueError(f"no signing key {current!r}")
        if any(len(key) < 16 for key in keys.values()):
            raise ValueError("a signing key is shorter than 16 bytes")
        if any("." in key_id for key_id in keys):
            raise ValueError("the id of a signing key holds a dot")
        self._keys = dict(keys)
        self._current = current

    def __repr__(self) -> str:
        return f"Signer(current={self._current!r}, keys={len(self._keys)})"

    def sign(
        self, kind: str, video_id: str, expires_at: int, *, name: str = "", download: bool = False, grant: str = ""
    ) -> Signature:
        """Sign one kind of one video.

        Args:
            expires_at: Unix time in whole seconds; the first second in which the URL is refused.
            name: File name, where the URL is valid only for that file.
            download: Whether the URL is a download; signed as well.
            grant: Grant of the link; the verifier reads it from the key id, after the first dot.
        """
        key_id = f"{self._current}.{grant}" if grant else self._current
        text = _mac(self._keys[self._current], kind, video_id, name, str(expires_at), key_id, download)
        return Signature(key_id, text)

    def token(self, kind: str, subject: str, expires_at: int, *, name: str = "", grant: str = "") -> str:
        """Sign as `sign` does, with all that the verifier needs in one text: ``expires.key.signature``."""
        return ".".join((str(expires_at), *self.sign(kind, subject, expires_at, name=name, grant=grant)))

    def read_token(self, kind: str, subject: str, token: str, now: float, *, name: str = "") -> Token:
        """Verify a token in constant time, then its expiry.

        Raises:
            SignatureInvalid: malformed, signed by another key, or for other values.
            SignatureExpired: *now* has reached its expiry.
        """
        expires, _, rest = token.partition(".")
        key_id, _, signature = rest.rpartition(".")
        if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
            raise SignatureInvalid("The token is malformed.")
        self.verify(kind, subject, int(expires), key_id, signature, now, name=name)
        return Token(int(expires), key_id)

    def derive(self, purpose: str, subject: str, *, key_id: str | None = None) -> Derived | None:
        """Derive 32 bytes from a key, unguessable without it and the same each time.

        Args:
            key_id: Of the key; None for the current one.

        Returns:
            None for an unknown key.
        """
        key_id = key_id or self._current
        key = self._keys.get(key_id)
        if key is None:
            return None
        message = f"playhead-derived-1;{len(purpose)}:{purpose},{subject}".encode()
        return Derived(key_id, hmac.digest(key, message, hashlib.sha256))

    def verify(
        self,
        kind: str,
        video_id: str,
        expires_at: int,
        key_id: str,
        signature: str,
        now: float,
        *,
        name: str = "",
        download: bool = False,
    ) -> None:
        """Check a signature in constant time, then its expiry.

        Args:
            now: Unix time in seconds.

        Raises:
            SignatureInvalid: signed by another key, or for other values.
            SignatureExpired: *now* has reached *expires_at*.
        """
        key = self._keys.get(key_id.partition(".")[0])
        good = key is not None and hmac.compare_digest(
            _mac(key, kind, video_id, name, str(expires_at), key_id, download).encode(),
            signature.encode(errors="replace"),
        )
        if not good:
            raise SignatureInvalid("The signature does not fit this link.", hint="Ask for a new playback URL.")
        if now >= expires_at:
            raise SignatureExpired(
                f"The link expired {int(now - expires_at)} s ago.", hint="Ask for a new playback URL."
            )


def _mac(key: bytes, kind: str, video_id: str, name: str, expires: str, key_id: str, download: bool) -> str:
    # Each field carries its length, so that no two different sets of fields give one text.
    fields = (part.encode(errors="replace") for part in (kind, video_id, name, expires, key_id))
    message = b"playhead-url-1;" + b"".join(b"%d:%b," % (len(part), part) for part in fields)
    message += b"d" if download else b"-"
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=").decode()
