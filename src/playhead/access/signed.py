"""Signed URLs: proof that one kind of one video may be read until a moment. No I/O, no clock of its own."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import NamedTuple

from playhead.access.errors import SignatureExpired, SignatureInvalid


class Signature(NamedTuple):
    """What goes into the query: ``k`` and ``s``."""

    key_id: str
    text: str


class Derived(NamedTuple):
    """A secret that need not be kept: the id of its key is enough to have it again."""

    key_id: str
    secret: bytes


class Signer:
    """Signs with the current key and accepts every known one, so that keys can rotate under live links.

    What can end a link before its time is a part of its key id, after a dot (``k1.3``): so it is signed, and can be
    read before anything is looked up.

    Args:
        keys: Secret by key id, at least 16 bytes each.
        current: Id of the key that signs.

    Raises:
        ValueError: no such key, one too short, or a dot in an id.
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
            expires_at: Unix time in whole seconds; the first second at which the URL is refused.
            name: File name, where the URL must be good for this one alone.
            download: Whether the URL asks for a download; a part of what is signed.
            grant: What the link stands on; the verifier finds it in the key id, after the first dot.
        """
        key_id = f"{self._current}.{grant}" if grant else self._current
        text = _mac(self._keys[self._current], kind, video_id, name, str(expires_at), key_id, download)
        return Signature(key_id, text)

    def derive(self, purpose: str, subject: str, *, key_id: str | None = None) -> Derived | None:
        """Make 32 bytes that nobody can guess who has not the key: the same ones each time.

        Args:
            key_id: Of the key; None for the current one.

        Returns:
            None when that key is no longer known.
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
            SignatureInvalid: made by another key, or for other values.
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
