"""Reading an object back to see what it holds."""

import hashlib
from collections.abc import AsyncIterator

from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store, Written


async def hash_object(store: Store, key: str) -> Written:
    """Size and hash of an object as stored.

    Raises:
        ObjectNotFound: nothing has this key.
    """
    hashed = hashlib.sha256()
    size = 0
    async for chunk in store.read(key):
        hashed.update(chunk)
        size += len(chunk)
    return Written(key, size, hashed.hexdigest())


async def finished_before(store: Store, key: str) -> Written:
    """Answer for an upload of which nothing is staged: it was finished before a crash, or never had a byte."""
    try:
        return await hash_object(store, key)
    except ObjectNotFound:
        return await store.write(key, _nothing())


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for chunk in nothing:
        yield chunk
