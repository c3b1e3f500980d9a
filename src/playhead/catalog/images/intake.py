"""The one way in for images: decoded in a process of their own, then stored, then listed."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playhead.catalog.deletions import Deletions
from playhead.catalog.images.tables import FramePlace, ImageOrigin, ImageRow
from playhead.db.database import Database, DatabaseUnavailable
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import new_id
from playhead.storage import keys
from playhead.storage.disk import Disk
from playhead.storage.files import close
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.stills.image import ExaminedImage
    from playhead.media.stills.pool import StillsPool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """What is known of an image before it is read.

    Args:
        video_id, frame: The video that it is a frame of.
    """

    owner_id: str
    title: str
    origin: ImageOrigin
    video_id: str | None = None
    frame: FramePlace | None = None


class ImageIntake:
    """Examines, stores and lists images. ``close`` it at the end.

    Args:
        work: Folder for the bytes of an image while it is examined.
    """

    def __init__(
        self, database: Database, store: Store, deletions: Deletions, work: Path, *, clock: Clock = utc_now
    ) -> None:
        self._database, self._store, self._deletions = database, store, deletions
        self._work, self._clock = work, clock
        self._disk = Disk(work)
        self._pool: StillsPool | None = None

    @property
    def pool(self) -> "StillsPool":
        """The decoder, one image at a time; started by the first."""
        from playhead.media.stills.pool import PoolSettings, StillsPool

        if self._pool is None:
            self._pool = StillsPool(PoolSettings(size=1))
        return self._pool

    async def close(self) -> None:
        """End the decoder."""
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[int]:
        """A file without a name, that is gone with this process, however that ends; its descriptor."""
        opened: list[int] = []  # filled in the thread, so that a cancellation cannot lose the number
        try:
            await self._disk.run(lambda: opened.append(self._open()))
            yield opened[0]
        finally:
            await self._disk.run(close, opened)

    async def pour(self, chunks: AsyncIterable[bytes], file: int) -> str:
        """Write chunks into a file from `scratch`; their SHA-256 in hex."""
        hashed = hashlib.sha256()
        await self._disk.pour(chunks, file, 0, hashed)
        return hashed.hexdigest()

    async def take(self, file: int, new: NewImage) -> ImageRow:
        """Examine an open file, store it with its thumbnails, and list it.

        Raises:
            UnreadableImage: not an image that can be used; nothing is kept.
            IntegrityError: this frame is listed already.
        """
        from playhead.media.stills.image import examine_image

        found = await examine_image(self.pool, file)
        image_id = new_id("img")
        await self._deletions.lease(keys.image_prefix(image_id))
        try:
            chunks = self._disk.chunks(file) if found.frame is None else once(found.frame)
            return await self._list(await self._stored(image_id, chunks, found, new))
        except Exception:
            await self._drop_unlisted(image_id)
            raise

    async def _stored(
        self, image_id: str, chunks: AsyncIterable[bytes], found: "ExaminedImage", new: NewImage
    ) -> ImageRow:
        thumbnails = {}
        for width, data in found.thumbnails.items():
            made = await self._store.write(keys.image_thumbnail(image_id, width), once(data))
            thumbnails[str(width)] = {"sha256": made.sha256, "size_bytes": made.size_bytes}
        written = await self._store.write(keys.image(image_id), chunks)
        return ImageRow(
            id=image_id,
            owner_id=new.owner_id,
            title=new.title,
            origin=new.origin,
            content_type=found.content_type,
            size_bytes=written.size_bytes,
            sha256=written.sha256,
            width=found.width,
            height=found.height,
            thumbnails=thumbnails,
            video_id=new.video_id,
            frame=new.frame,
            created_at=self._clock(),
        )

    async def _list(self, row: ImageRow) -> ImageRow:
        async with self._database.write() as session:
            session.add(row)
            await session.flush()
            await self._deletions.keep(session, keys.image_prefix(row.id))
        return row

    async def _drop_unlisted(self, image_id: str) -> None:
        """Remove bytes that came to nothing, unless a commit whose answer was lost has listed them all the same."""
        with suppress(DatabaseUnavailable):  # the lease ends in a day
            async with self._database.read() as session:
                listed = await session.get(ImageRow, image_id) is not None
            if not listed:
                await self._deletions.carry_out(keys.image_prefix(image_id))

    def _open(self) -> int:
        self._work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._work) as file:
            return os.dup(file.fileno())


async def once(data: bytes) -> AsyncIterator[bytes]:
    """Bytes as the only chunk."""
    yield data


async def chunks_of(path: Path) -> AsyncIterator[bytes]:
    """The bytes of a file."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while chunk := await asyncio.to_thread(file.read, 1 << 18):
            yield chunk
    finally:
        await asyncio.to_thread(file.close)
