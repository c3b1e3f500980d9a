"""Reading an object back to see what it holds."""

import hashlib

from playhead.storage.store import Store, Written


async def hash_object(store: Store, key: str) -> Written:
    """Count and hash an object as it lies in the store.

    Raises:
        ObjectNotFound: nothing has this key.
    """
    hashed = hashlib.sha256()
    size = 0
    async for chunk in store.read(key):
        hashed.update(chunk)
        size += len(chunk)
    return Written(key, size, hashed.hexdigest())
