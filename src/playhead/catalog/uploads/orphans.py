"""Staged bytes that no upload owns: one was given up while its last bytes came, or the database is an older
backup."""

from contextlib import suppress

from playhead.catalog.tables import UploadRow
from playhead.db.database import Database
from playhead.kit.ids import is_id
from playhead.storage import keys
from playhead.storage.errors import UploadLocked
from playhead.storage.store import Staging, Store


async def sweep_orphans(database: Database, store: Store, staging: Staging) -> int:
    """Remove the bytes of orphaned uploads, and return their number.

    An upload has its row before its first byte, so none is too young.
    """
    staged = {stored.key.split("/")[1] async for stored in store.list(keys.UPLOADS)}
    removed = 0
    for upload_id in staged:
        if not is_id("upl", upload_id):
            continue
        async with database.read() as session:
            owned = await session.get(UploadRow, upload_id) is not None
        if not owned:
            with suppress(UploadLocked):  # its last bytes are on their way
                await staging.discard(upload_id)
                removed += 1
    return removed
