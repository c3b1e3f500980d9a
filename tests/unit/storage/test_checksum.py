"""The Upload-Checksum header of tus."""

import base64
import hashlib

import pytest

from playhead.storage.checksum import Checksum
from playhead.storage.errors import ChecksumUnsupported


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_a_header_names_algorithm_and_digest(algorithm: str) -> None:
    digest = hashlib.new(algorithm, b"bytes").digest()
    parsed = Checksum.parse(f"{algorithm} {base64.b64encode(digest).decode()}")

    hashed = parsed.new_hash()
    hashed.update(b"bytes")
    assert parsed == Checksum(algorithm, digest)
    assert parsed.matches(hashed)
    assert not parsed.matches(parsed.new_hash())


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha1",
        "sha1 ",
        "sha1 ???",
        "sha1 AAAA",
        "crc32 AAAAAA==",
        "shake_128 AAAA",
        "sha256 Lve95gjOVATpfV8EL5X4nxwjKHE=",
    ],
)
def test_another_header_is_refused(header: str) -> None:
    with pytest.raises(ChecksumUnsupported) as refusal:
        Checksum.parse(header)
    assert refusal.value.status == 400
