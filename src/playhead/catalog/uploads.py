"""Resumable uploads: the staged bytes are the truth of the offset, the row of everything else.

The id of the video is reserved when the upload is made. Whoever finishes it, once or after a crash in between,
arrives at the same video.
"""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.deletions import Deletions
from playhead.catalog.errors import (
    BytesDiffer,
    UploadAlreadyComplete,
    UploadExpired,
    UploadHeaderInvalid,
    UploadNotFound,
    UploadTooLarge,
)
from playhead.catalog.tables import UploadRow, VideoRow
from playhead.catalog.titles import clean_filename, clean_title, title_from
from playhead.catalog.videos import Videos
from playhead.db.database import Database, DatabaseUnavailable
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.storage import keys
from playhead.storage.checksum import Checksum
from playhead.storage.errors import ObjectNotFound, UploadLocked
from playhead.storage.store import Staging, Store

log = structlog.get_logger(__name__)

KEEP_COMPLETED = timedelta(days=1)
"""How long a finished upload still answers HEAD with its video, for a client that lost the last answer."""


@dataclass(frozen=True, slots=True)
class UploadState:
    """An upload and the offset that its next byte must have; ``row.completed_at`` tells whether its video exists."""

    row: UploadRow
    offset: int


class Uploads:
    """The use cases behind the tus router."""

    def __init__(
        self,
        database: Database,
        store: Store,
        staging: Staging,
        videos: Videos,
        deletions: Deletions,
        *,
        lifetime: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._store = store
        self._staging = staging
        self._videos = videos
        self._deletions = deletions
        self._lifetime = lifetime
        self._clock = clock

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
    ) -> UploadState:
        """Open an upload; *size* None defers its length.

        Raises:
            UploadTooLarge, EmptyUpload, DiskNearlyFull, TitleInvalid
        """
        self._videos.admit(size)
        name = clean_filename(filename)
        now = self._clock()
        row = UploadRow(
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
        async with self._database.write() as session:
            session.add(row)
        return UploadState(row, 0)

    async def state(self, owner: Principal, upload_id: str) -> UploadState:
        """Where an upload stands; one whose last bytes came but whose end was lost is finished here.

        Raises:
            UploadNotFound, UploadExpired
        """
        row = await self._find(owner, upload_id)
        if row.completed_at is not None:
            return UploadState(row, row.size_bytes or 0)
        offset = await self._offset(row)
        if row.size_bytes is not None and offset == row.size_bytes:
            row = await self._finish(row)
        return UploadState(row, offset)

    async def unfinished(self, owner: Principal) -> list[UploadState]:
        """The owner's uploads that still wait for bytes, newest first."""
        async with self._database.read() as session:
            rows = await session.scalars(
                select(UploadRow)
                .where(
                    UploadRow.owner_id == owner.user_id,
                    UploadRow.completed_at.is_(None),
                    UploadRow.expires_at > self._clock(),
                )
                .order_by(UploadRow.created_at.desc())
                .limit(200)
            )
            found = list(rows)
        return [UploadState(row, await self._staging.offset(row.id)) for row in found]

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
        """Add bytes at *offset*; the last ones make the video.

        Args:
            length: The body's length where it was announced.
            size: The upload's whole length where this request is the first to tell it.

        Raises:
            OffsetConflict, UploadLocked, ChecksumMismatch, UploadTooLarge: what was there stays as it was.
        """
        row = await self._find(owner, upload_id)
        if row.completed_at is not None:
            raise UploadAlreadyComplete(f"Upload {upload_id} is complete; its video is {row.video_id}.")
        if size is not None:
            row = await self._settle_size(row, size)
        limit = self.max_bytes if row.size_bytes is None else row.size_bytes
        if length is not None and offset + length > limit:
            raise UploadTooLarge(offset + length, limit)
        try:
            reached = await self._staging.append(
                row.id, offset, _up_to(chunks, limit - offset, offset, limit), checksum=checksum
            )
        finally:
            await self._prolong(row.id)
        if row.size_bytes is not None and reached == row.size_bytes:
            row = await self._finish(row)
        return UploadState(row, reached)

    async def terminate(self, owner: Principal, upload_id: str) -> None:
        """Give an unfinished upload up and free its bytes.

        Raises:
            UploadAlreadyComplete: its video exists; that is deleted as a video.
        """
        row = await self._find(owner, upload_id, expired=True)
        if row.completed_at is not None:
            raise UploadAlreadyComplete(
                f"Upload {upload_id} is complete.", hint=f"Delete its video {row.video_id} instead."
            )
        await self._remove(row.id)

    async def sweep(self) -> int:
        """Remove uploads whose time is over; returns how many."""
        now = self._clock()
        async with self._database.read() as session:
            over = list(
                await session.scalars(
                    select(UploadRow.id)
                    .where(
                        ((UploadRow.completed_at.is_(None)) & (UploadRow.expires_at < now))
                        | (UploadRow.completed_at < now - KEEP_COMPLETED)
                    )
                    .limit(500)
                )
            )
        removed = 0
        for upload_id in over:
            try:
                await self._remove(upload_id)
            except UploadLocked:
                continue  # its last bytes are on their way
            removed += 1
        return removed

    async def _find(self, owner: Principal, upload_id: str, *, expired: bool = False) -> UploadRow:
        async with self._database.read() as session:
            row = await session.get(UploadRow, upload_id) if is_id("upl", upload_id) else None
        if row is None or row.owner_id != owner.user_id:
            raise UploadNotFound(upload_id)
        if row.completed_at is None and row.expires_at <= self._clock() and not expired:
            raise UploadExpired(
                f"Upload {upload_id} waited too long for its next byte and was removed.",
                hint="Start the upload anew.",
            )
        return row

    async def _offset(self, row: UploadRow) -> int:
        offset = await self._staging.offset(row.id)
        if offset == 0 and row.size_bytes is not None and await self._moved(row) is not None:
            return row.size_bytes
        return offset

    async def _moved(self, row: UploadRow) -> int | None:
        """The size of the original if an earlier finish got as far as the store."""
        try:
            return (await self._store.stat(keys.original(row.video_id))).size_bytes
        except ObjectNotFound:
            return None

    async def _finish(self, row: UploadRow) -> UploadRow:
        written = await self._staging.finish(row.id, keys.original(row.video_id))
        if written.size_bytes != row.size_bytes:
            raise BytesDiffer(
                f"Upload {row.id} was announced with {row.size_bytes} bytes; the store holds {written.size_bytes}.",
                hint="Start the upload anew.",
            )
        video: VideoRow | None = None
        async with self._database.write() as session:
            fresh = await self._row(session, row.id)
            if fresh.completed_at is None:
                fresh.completed_at = self._clock()
                video = await self._videos.add(
                    session,
                    fresh.video_id,
                    owner_id=fresh.owner_id,
                    title=fresh.title,
                    filename=fresh.filename,
                    written=written,
                )
        if video is not None:
            log.info("upload_complete", upload_id=row.id, video_id=video.id, size_bytes=written.size_bytes)
            await self._videos.submit_ingest(video)
        return fresh

    async def _settle_size(self, row: UploadRow, size: int) -> UploadRow:
        self._videos.admit(size)
        came = await self._staging.offset(row.id)
        if came > size:
            raise UploadHeaderInvalid(f"Upload {row.id} is announced with {size} bytes, but {came} came before.")
        async with self._database.write() as session:
            fresh = await self._row(session, row.id)
            if fresh.size_bytes is not None and fresh.size_bytes != size:
                raise UploadHeaderInvalid(
                    f"Upload {row.id} was announced with {fresh.size_bytes} bytes, now with {size}.",
                    hint="Upload-Length may be told once.",
                )
            fresh.size_bytes = size
        return fresh

    async def _prolong(self, upload_id: str) -> None:
        try:
            async with self._database.write() as session:
                row = await session.get(UploadRow, upload_id)
                if row is not None and row.completed_at is None:
                    row.expires_at = self._clock() + self._lifetime
        except DatabaseUnavailable as error:  # the bytes are kept all the same, or why not is said already
            log.warning("upload not prolonged", upload_id=upload_id, code=error.code)

    async def _remove(self, upload_id: str) -> None:
        await self._staging.discard(upload_id)
        async with self._database.write(reserve=True) as session:
            row = await session.get(UploadRow, upload_id, with_for_update=True)
            if row is None:
                return
            # A finish that was cut short may have brought the bytes to the store already.
            abandoned = keys.video_prefix(row.video_id) if row.completed_at is None else None
            if abandoned:
                self._deletions.intend(session, abandoned)
            await session.delete(row)
        if abandoned:
            await self._deletions.carry_out(abandoned)

    @staticmethod
    async def _row(session: AsyncSession, upload_id: str) -> UploadRow:
        row = await session.get(UploadRow, upload_id, with_for_update=True)
        if row is None:
            raise UploadNotFound(upload_id)
        return row


async def _up_to(chunks: AsyncIterable[bytes], room: int, offset: int, limit: int) -> AsyncIterable[bytes]:
    """Pass chunks on while they fit; the one that does not is never written."""
    came = 0
    async for chunk in chunks:
        came += len(chunk)
        if came > room:
            raise UploadTooLarge(offset + came, limit)
        yield chunk
