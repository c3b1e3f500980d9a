"""The checksum of one append, as the tus checksum extension sends it."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from playhead.storage.errors import ChecksumUnsupported

ALGORITHMS = ("sha1", "sha256", "md5")
"""In the order of ``Tus-Checksum-Algorithm``; sha1 is the one that the extension requires."""


class Hash(Protocol):
    """The part of a hashlib object that is used here."""

    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of an append must hash to.

    Raises:
        ChecksumUnsupported: an unknown algorithm, or a digest of another length than its own.
    """

    algorithm: str
    digest: bytes

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise ChecksumUnsupported(
                f"The checksum algorithm {self.algorithm[:32]!r} is not supported.",
                hint=f"Use one of {', '.join(ALGORITHMS)}.",
            )
        wanted = len(self.new_hash().digest())
        if len(self.digest) != wanted:
            raise ChecksumUnsupported(f"A {self.algorithm} digest has {wanted} bytes, this one {len(self.digest)}.")

    @classmethod
    def parse(cls, header: str) -> "Checksum":
        """Read an ``Upload-Checksum`` header: the algorithm, a space, the digest in base64.

        Raises:
            ChecksumUnsupported: anything else.
        """
        algorithm, _, encoded = header.strip().partition(" ")
        try:
            digest = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ChecksumUnsupported("The digest in Upload-Checksum is not base64.") from error
        return cls(algorithm.lower(), digest)

    def new_hash(self) -> Hash:
        """A fresh hash of this algorithm; md5 and sha1 detect corruption here, not tampering."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def matches(self, hashed: Hash) -> bool:
        """Tell whether the bytes fed to a hash of ``new_hash`` are the right ones."""
        return hmac.compare_digest(self.digest, hashed.digest())
