"""Proof that the store holds the original of a video as it was written."""

from playhead.catalog.errors import BytesDiffer
from playhead.storage.store import Store
from playhead.storage.verify import hash_object


async def verify_stored(store: Store, key: str, size_bytes: int, sha256: str) -> None:
    """Prove that an object is what was written.

    Raises:
        BytesDiffer: another size or another hash.
    """
    found = await hash_object(store, key)
    if (found.size_bytes, found.sha256) != (size_bytes, sha256):
        raise BytesDiffer(
            f"The store holds {found.size_bytes} bytes under {key}; {size_bytes} were received, or their hash differs.",
            hint="Upload the file again and check the disk or bucket of the store.",
        )
