"""Completion of an upload: its bytes become an original, and its video is listed, once."""

from dataclasses import dataclass

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.admission import Admitted, Stored
from playhead.catalog.errors import BytesDiffer, UploadNotFound
from playhead.catalog.tables import UploadRow, VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.kit.clock import Clock
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Staging, Store, Written

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UploadState:
    """An upload and the offset that its next byte must have; ``row.completed_at`` is set once its video exists."""

    row: UploadRow
    offset: int


def is_due(state: UploadState) -> bool:
    """Whether all bytes are here and the video does not exist yet."""
    row = state.row
    return row.completed_at is None and row.concat != "partial" and row.size_bytes == state.offset


class Completion:
    """Completes uploads; idempotent, as a crash may come between the bytes and the record."""

    def __init__(self, database: Database, store: Store, staging: Staging, videos: Videos, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._staging = staging
        self._videos = videos
        self._clock = clock

    async def moved(self, row: UploadRow) -> bool:
        """Whether an earlier finish got as far as the store."""
        try:
            await self._store.stat(keys.original(row.video_id))
        except ObjectNotFound:
            return False
        return True

    async def finish(self, state: UploadState) -> UploadState:
        """Make the video of an upload that is due.

        Raises:
            BytesDiffer: the store holds another number of bytes than was announced.
        """
        row, key = state.row, keys.original(state.row.video_id)
        if row.parts is None:
            written = await self._staging.finish(row.id, key)
        else:
            written = await self._staging.finish_parts(row.parts, key)
        if written.size_bytes != row.size_bytes:
            raise BytesDiffer(
                f"Upload {row.id} was announced with {row.size_bytes} bytes; the store holds {written.size_bytes}.",
                hint="Start the upload anew.",
            )
        return UploadState(await self._list_video(row.id, written), state.offset)

    async def _list_video(self, upload_id: str, written: Written) -> UploadRow:
        video: VideoRow | None = None
        async with self._database.write() as session:
            fresh = await locked_row(session, upload_id)
            if fresh.completed_at is None:
                fresh.completed_at = self._clock()
                await session.execute(delete(UploadRow).where(UploadRow.final_id == upload_id))
                video = await self._videos.admit(
                    session,
                    Admitted(
                        video_id=fresh.video_id,
                        owner_id=fresh.owner_id,
                        title=fresh.title,
                        filename=fresh.filename,
                        origin="upload",
                        written=Stored.of(written),
                    ),
                )
        if video is not None:
            log.info("upload_completed", upload_id=upload_id, video_id=video.id, size_bytes=written.size_bytes)
            self._videos.count_received(written.size_bytes)
            await self._videos.submit(video)
        return fresh


async def locked_row(session: AsyncSession, upload_id: str) -> UploadRow:
    """An upload's row, which others wait for until the end of the transaction.

    Raises:
        UploadNotFound: it was removed meanwhile.
    """
    row = await session.get(UploadRow, upload_id, with_for_update=True)
    if row is None:
        raise UploadNotFound(upload_id)
    return row
