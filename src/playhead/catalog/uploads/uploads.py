"""Resumable uploads: the staged bytes are the truth of the offset, the row of everything else.

The id of the video is reserved when the upload is made. Completion is idempotent: after a crash in between it arrives
at the same video. A newer request of the owner takes an upload over from an older one (``leases``). A partial upload
makes no video; it waits for the final one that names it.
"""

from collections.abc import AsyncIterable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete

from playhead.access.principals import Principal
from playhead.api.cursors import Page
from playhead.catalog.deletions import Deletions
from playhead.catalog.errors import UploadHeaderInvalid, UploadTooLarge
from playhead.catalog.tables import UploadRow
from playhead.catalog.titles import clean_filename, clean_title, title_from
from playhead.catalog.uploads.completion import Completion, UploadState, is_due, locked_row
from playhead.catalog.uploads.leases import Leases
from playhead.catalog.uploads.queries import (
    check_given_up,
    check_open,
    check_part,
    final_of,
    find_upload,
    make_room,
    over_before,
    unfinished_page,
)
from playhead.catalog.videos import Videos, bounded
from playhead.db.database import Database, DatabaseUnavailable
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.storage import keys
from playhead.storage.checksum import Checksum
from playhead.storage.errors import UploadLocked
from playhead.storage.store import Staging, Store

log = structlog.get_logger(__name__)

KEEP_COMPLETED = timedelta(days=1)
"""How long a finished upload still answers HEAD with its video, for a client that lost the last answer."""


class Uploads:
    """The use cases behind the tus router. ``close`` it at the end.

    Args:
        lifetime: How long an upload waits for its next byte.
        most: Unfinished uploads of one user; 0 for no limit.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        staging: Staging,
        videos: Videos,
        deletions: Deletions,
        *,
        lifetime: timedelta,
        most: int = 0,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._staging = staging
        self._videos = videos
        self._deletions = deletions
        self._lifetime = lifetime
        self._most = most
        self._clock = clock
        self._leases = Leases(database, clock)
        self._completion = Completion(database, store, staging, videos, clock)

    @property
    def max_bytes(self) -> int:
        """Largest upload."""
        return self._videos.upload_max

    async def create(
        self,
        owner: Principal,
        *,
        size: int | None,
        filename: str | None,
        title: str | None,
        metadata: str | None,
        partial: bool = False,
    ) -> UploadState:
        """Open an upload; *size* None defers its length.

        Raises:
            UploadTooLarge, DiskNearlyFull, InvalidInput, TooManyRequests
        """
        self._videos.check_room(size)
        row = self._row(owner, size, filename, title, metadata)
        row.concat = "partial" if partial else None
        async with self._database.write() as session:
            await make_room(session, owner.user_id, self._most, self._clock())
            session.add(row)
        return UploadState(row, 0)

    async def concatenate(
        self, owner: Principal, ids: Sequence[str], *, filename: str | None, title: str | None, metadata: str | None
    ) -> UploadState:
        """Open a final upload of partial ones, which are its own from now on; ``state`` finishes it.

        Asked for the same parts again, as after a lost answer, it is the same upload.

        Raises:
            UploadNotFound, UploadExpired, Conflict, UploadPartUsed, UploadTooLarge
        """
        offsets = {upload_id: await self._staging.offset(upload_id) for upload_id in ids if is_id("upl", upload_id)}
        async with self._database.write() as session:
            parts = [await find_upload(session, owner, upload_id, self._clock()) for upload_id in ids]
            if again := await final_of(session, parts):
                return UploadState(again, 0)
            for part in parts:
                check_part(part, offsets[part.id])
            row = self._row(owner, sum(offsets.values()), filename, title, metadata)
            self._videos.check_size(row.size_bytes or 0)
            row.concat, row.parts = "final", [(part.id, offsets[part.id]) for part in parts]
            for part in parts:
                part.final_id = row.id
            session.add(row)
        return UploadState(row, 0)

    async def state(self, owner: Principal, upload_id: str) -> UploadState:
        """Where an upload stands, after the request that writes it has ended with all its bytes kept.

        One whose last bytes came but whose end was lost is finished here.

        Raises:
            UploadNotFound, UploadExpired, UploadLocked
        """
        state = await self._state(owner, upload_id)
        if state.row.writer is None and not is_due(state):
            return state
        if state.row.completed_at is not None:
            return state
        async with self._leases.pause(upload_id):
            state = await self._state(owner, upload_id)
            return await self._completion.finish(state) if is_due(state) else state

    async def page(self, owner: Principal, *, limit: int, cursor: str | None) -> Page[UploadState]:
        """The owner's uploads that still wait for bytes, or for the upload that they are a part of, newest first.

        Raises:
            InvalidCursor: not one of this list.
        """
        async with self._database.read() as session:
            found = await unfinished_page(session, owner.user_id, self._clock(), limit=limit, cursor=cursor)
        states = [UploadState(row, await self._staging.offset(row.id)) for row in found.items]
        return Page(states, found.next_cursor)

    async def append(
        self,
        owner: Principal,
        upload_id: str,
        *,
        offset: int,
        length: int | None,
        size: int | None,
        chunks: AsyncIterable[bytes],
        checksum: Checksum | None,
    ) -> UploadState:
        """Add bytes at *offset*; the last ones make the video. A request that writes the upload already ends first.

        Args:
            length: The body's length where it was announced.
            size: The upload's whole length where this request is the first to declare it.

        Raises:
            OffsetConflict, UploadLocked, ChecksumMismatch, UploadTooLarge: what was there stays as it was.
            UploadTakenOver: a newer request came; what was brought until then is kept.
        """
        check_open(await self._find(owner, upload_id))
        async with self._leases.take(upload_id) as lease:
            row = await self._find(owner, upload_id)
            check_open(row)
            if size is not None:
                row = await self._settle_size(row, size)
            limit = self.max_bytes if row.size_bytes is None else row.size_bytes
            if length is not None and offset + length > limit:
                raise UploadTooLarge(offset + length, limit)
            try:
                fitting = bounded(lease.chunks(chunks), limit, start=offset)
                reached = await self._staging.append(row.id, offset, fitting, checksum=checksum)
            finally:
                row.expires_at = await self._prolong(row.id)
            state = UploadState(row, reached)
            return await self._completion.finish(state) if is_due(state) else state

    async def terminate(self, owner: Principal, upload_id: str) -> None:
        """Give an unfinished upload up and free its bytes; a request that writes it ends first.

        Raises:
            Conflict: its video exists; that is deleted as a video.
            UploadPartUsed: another upload is made of it; that is given up instead.
        """
        check_given_up(await self._find(owner, upload_id, expired=True))
        async with self._leases.pause(upload_id):
            row = await self._find(owner, upload_id, expired=True)
            check_given_up(row)
            await self._remove(row)

    async def close(self) -> None:
        """Stop the background task."""
        await self._leases.close()

    async def sweep(self) -> int:
        """Remove expired uploads, and return their number."""
        now = self._clock()
        async with self._database.read() as session:
            over = await over_before(session, now, now - KEEP_COMPLETED)
        removed = 0
        for row in over:
            try:
                await self._remove(row)
            except UploadLocked:
                continue  # its last bytes are on their way
            removed += 1
        return removed

    def _row(
        self, owner: Principal, size: int | None, filename: str | None, title: str | None, metadata: str | None
    ) -> UploadRow:
        name, now = clean_filename(filename), self._clock()
        return UploadRow(
            id=new_id("upl"),
            owner_id=owner.user_id,
            video_id=new_id("vid"),
            title=clean_title(title) if title else title_from(name),
            filename=name,
            metadata_header=metadata,
            size_bytes=size,
            created_at=now,
            expires_at=now + self._lifetime,
        )

    async def _find(self, owner: Principal, upload_id: str, *, expired: bool = False) -> UploadRow:
        async with self._database.read() as session:
            return await find_upload(session, owner, upload_id, None if expired else self._clock())

    async def _state(self, owner: Principal, upload_id: str) -> UploadState:
        row = await self._find(owner, upload_id)
        if row.completed_at is not None or row.concat == "final":
            return UploadState(row, row.size_bytes or 0)
        offset = await self._staging.offset(row.id)
        if offset == 0 and row.size_bytes is not None and await self._completion.moved(row):
            offset = row.size_bytes
        return UploadState(row, offset)

    async def _settle_size(self, row: UploadRow, size: int) -> UploadRow:
        self._videos.check_room(size)
        came = await self._staging.offset(row.id)
        if came > size:
            raise UploadHeaderInvalid(f"Upload {row.id} is announced with {size} bytes, but {came} came before.")
        async with self._database.write() as session:
            fresh = await locked_row(session, row.id)
            if fresh.size_bytes is not None and fresh.size_bytes != size:
                raise UploadHeaderInvalid(
                    f"Upload {row.id} was announced with {fresh.size_bytes} bytes, now with {size}.",
                    hint="Upload-Length may be declared once.",
                )
            fresh.size_bytes = size
        return fresh

    async def _prolong(self, upload_id: str) -> datetime:
        until = self._clock() + self._lifetime
        try:
            async with self._database.write() as session:
                row = await session.get(UploadRow, upload_id)
                if row is not None and row.completed_at is None:
                    row.expires_at = until
        except DatabaseUnavailable as error:  # the bytes are kept all the same, or why not is said already
            log.warning("upload_not_extended", upload_id=upload_id, code=error.code)
        return until

    async def _remove(self, row: UploadRow) -> None:
        for upload_id in [row.id, *(part for part, _ in row.parts or ())]:
            await self._staging.discard(upload_id)
        async with self._database.write(reserve=True) as session:
            fresh = await session.get(UploadRow, row.id, with_for_update=True)
            if fresh is None:
                return
            # A finish that was cut short may have brought the bytes to the store already.
            abandoned = keys.video_prefix(fresh.video_id) if fresh.completed_at is None else None
            if abandoned:
                await self._deletions.intend(session, abandoned)
            await session.execute(delete(UploadRow).where(UploadRow.final_id == row.id))
            await session.delete(fresh)
        if abandoned:
            await self._deletions.carry_out(abandoned)
