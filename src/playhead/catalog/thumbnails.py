"""Thumbnails at any time of a video: made on first request, cached, the oldest evicted."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import structlog

from playhead.catalog.artifacts import find_artifact, forget_oldest, record_artifact
from playhead.catalog.files import MediaFile
from playhead.catalog.still_sources import StillSources, shape_of
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.stills.pool import StillsPool

THUMBNAIL = "thumbnail"
KEEP = 300
"""Thumbnails of one video: a strip of 100 in three widths, some 5 MB."""

log = structlog.get_logger(__name__)


class Thumbnails:
    """Finds or makes them. ``close`` it at the end."""

    def __init__(self, database: Database, store: Store, sources: StillSources) -> None:
        self._database = database
        self._store = store
        self._sources = sources
        self._pool: StillsPool | None = None
        self._making: dict[str, asyncio.Task[MediaFile | None]] = {}

    async def get(self, video_id: str, at_s: float, width: int) -> MediaFile | None:
        """The frame shown at a time, scaled down to a width; None when the video is not there or not ready.

        Args:
            at_s: Seconds from 0; past the end the last frame.
            width: Rounded up to the next of `media.stills.make.WIDTHS`, the last one for more.

        Raises:
            UnreadableVideo: no frame can be decoded.
            StillsBusy: too many are being made.
        """
        async with self._database.read() as session:
            row = await visible_video(session, video_id)
            if row is None or row.state != "ready":
                return None
            name = _name(row, at_s, width)
            found = await find_artifact(session, video_id, name)
            if found is not None:
                return _thumbnail(row, found)
        task = self._making.get(f"{video_id}/{name}")
        if task is None:
            task = asyncio.create_task(self._make(row, name, at_s, width), name=f"thumbnail {video_id} {name}")
            self._making[f"{video_id}/{name}"] = task
            task.add_done_callback(lambda done: self._made(f"{video_id}/{name}", done))
        return await asyncio.shield(task)  # a viewer that leaves does not take it from the others

    async def close(self) -> None:
        """End what is being made, and the processes."""
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._pool is not None:
            await self._pool.close()

    def _made(self, which: str, task: "asyncio.Task[MediaFile | None]") -> None:
        self._making.pop(which, None)
        if not task.cancelled():
            task.exception()  # raised in the waiters, if there are any left

    async def _make(self, row: VideoRow, name: str, at_s: float, width: int) -> MediaFile | None:
        from playhead.media.stills.make import thumbnail
        from playhead.media.stills.pool import StillsPool

        if self._pool is None:
            self._pool = StillsPool()
        async with self._sources.of(row, None, once=True) as source:
            image = await thumbnail(self._pool, source, shape_of(row), at_s=at_s, width=_width(width))
        return await self._keep(row, name, image)

    async def _keep(self, row: VideoRow, name: str, image: bytes) -> MediaFile | None:
        key = keys.artifact(row.id, name)
        written = await self._store.write(key, _once(image))
        async with self._database.write() as session:
            kept = await record_artifact(
                session, row.id, name, kind=THUMBNAIL, sha256=written.sha256, size_bytes=written.size_bytes
            )
            found = _thumbnail(row, kept) if kept is not None else None
            old = await forget_oldest(session, row.id, THUMBNAIL, keep=KEEP)
        for each in [name, *old] if found is None else old:
            await self._remove(keys.artifact(row.id, each))
        return found

    async def _remove(self, key: str) -> None:
        try:
            await self._store.delete(key)
        except PlayheadError as error:  # it goes with its video
            log.warning("thumbnail_not_deleted", key=key, code=error.code, detail=error.detail)


def _name(row: VideoRow, at_s: float, width: int) -> str:
    """One name for all times at which the same frame is shown."""
    from playhead.media.stills.make import frame_number

    return f"thumbnail-{frame_number(shape_of(row), at_s)}-{_width(width)}.jpg"


def _width(wanted: int) -> int:
    from playhead.media.stills.make import WIDTHS

    return next((width for width in WIDTHS if width >= wanted), WIDTHS[-1])


def _thumbnail(row: VideoRow, found: ArtifactRow) -> MediaFile:
    return MediaFile(
        key=keys.artifact(row.id, found.name),
        size_bytes=found.size_bytes,
        sha256=found.sha256,
        content_type="image/jpeg",
        filename=found.name,
        modified_at=found.created_at,
    )


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
