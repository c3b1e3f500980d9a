"""The poster that a person chooses: a frame of the video, or an image of theirs.

Its bytes are a file of the video under a name of their own, never those of the automatic poster, so that a crash
leaves one of the two whole, and going back takes nothing but the choice away.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import delete

from playhead.access.principals import Principal
from playhead.catalog.artifacts import record_artifact
from playhead.catalog.errors import VideoNotReady
from playhead.catalog.images.images import Images
from playhead.catalog.still_sources import StillSources, shape_of
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import InvalidInput, PlayheadError
from playhead.kit.clock import Clock, utc_now
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.stills.pool import StillsPool

KIND: Final = "poster"
"""Of its artifact."""

log = structlog.get_logger(__name__)


class Posters:
    """The use cases of posters. ``close`` it at the end.

    Args:
        work: Folder for an image while it is made into a poster.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        videos: Videos,
        images: Images,
        sources: StillSources,
        *,
        work: Path,
        clock: Clock = utc_now,
    ) -> None:
        self._database, self._store, self._videos = database, store, videos
        self._images, self._sources = images, sources
        self._work, self._clock = work, clock
        self._pool: StillsPool | None = None

    async def choose(
        self, principal: Principal, video_id: str, *, at_s: float | None = None, image_id: str | None = None
    ) -> VideoRow:
        """Make a frame or an image the poster of a video.

        Args:
            at_s: Time of a frame in seconds; past the end the last one.
            image_id: An image of the principal. The poster is a copy: the image may be deleted.

        Raises:
            VideoNotFound, VideoNotReady, ImageNotFound
            InvalidInput: neither or both are given.
            UnreadableVideo: no frame can be decoded there.
        """
        row = await self._videos.get(principal, video_id)
        if (at_s is None) == (image_id is None):
            raise InvalidInput(
                "A poster is a frame or an image.", hint="Give at_s or image_id, one of them.", code="poster_invalid"
            )
        if row.state != "ready":
            raise VideoNotReady(f"Video {video_id} is {row.state}; it can have a poster once it is ready.")
        if image_id is not None:
            image = await self._of_image(principal, image_id)
        else:
            image = await self._of_frame(row, at_s or 0.0)
        return await self._keep(principal, video_id, image, {"at_s": at_s, "image_id": image_id})

    async def reset(self, principal: Principal, video_id: str) -> VideoRow:
        """Go back to the automatic poster.

        Raises:
            VideoNotFound
        """
        async with self._database.write() as session:
            row = await self._videos.find(session, principal, video_id, lock=True)
            old, row.poster_choice = row.poster_choice, None
            if old is not None:
                await session.execute(_forgotten(row, old))
                row.version += 1
                row.updated_at = self._clock()
        if old is not None:
            await self._changed(video_id, str(old["name"]))
        return row

    async def close(self) -> None:
        """End the decoder."""
        if self._pool is not None:
            await self._pool.close()

    async def _of_frame(self, row: VideoRow, at_s: float) -> bytes:
        from playhead.media.stills.make import WIDTHS, thumbnail

        self._work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._work, prefix="frame-") as folder:
            async with self._sources.of(row, Path(folder), once=True) as source:
                return await thumbnail(self._decoder(), source, shape_of(row), at_s=at_s, width=WIDTHS[-1])

    async def _of_image(self, principal: Principal, image_id: str) -> bytes:
        from playhead.media.stills.image import poster_of_image

        image = await self._images.get(principal, image_id)
        self._work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._work, prefix="frame-") as folder:
            async with self._store.local_copy(keys.image(image.id), Path(folder)) as path:
                file = await asyncio.to_thread(path.open, "rb")
                with file:
                    return await poster_of_image(self._decoder(), file.fileno())

    async def _keep(self, principal: Principal, video_id: str, image: bytes, chosen: dict[str, Any]) -> VideoRow:
        from hashlib import sha256

        name = f"poster-{sha256(image).hexdigest()[:16]}.jpg"
        written = await self._store.write(keys.artifact(video_id, name), _once(image))
        facts = {"name": name, "sha256": written.sha256, "size_bytes": written.size_bytes}
        async with self._database.write() as session:
            row = await self._videos.find(session, principal, video_id, lock=True)
            await record_artifact(
                session,
                video_id,
                name,
                kind=KIND,
                sha256=written.sha256,
                size_bytes=written.size_bytes,
                facts=chosen,
            )
            old = row.poster_choice
            row.poster_choice = {**facts, **chosen, "chosen_at": self._clock().isoformat()}
            if old is not None and old["name"] != name:
                await session.execute(_forgotten(row, old))
            row.version += 1
            row.updated_at = self._clock()
        await self._changed(video_id, None if old is None or old["name"] == name else str(old["name"]))
        return row

    async def _changed(self, video_id: str, old: str | None) -> None:
        """Have others see the new poster, and remove the one before it."""
        self._videos.media_changed()
        if old is None:
            return
        try:
            await self._store.delete(keys.artifact(video_id, old))
        except PlayheadError as error:  # it goes with its video
            log.warning("thumbnail_not_deleted", key=old, code=error.code, detail=error.detail)

    def _decoder(self) -> "StillsPool":
        from playhead.media.stills.pool import PoolSettings, StillsPool

        if self._pool is None:
            self._pool = StillsPool(PoolSettings(size=1))
        return self._pool


def _forgotten(row: VideoRow, old: dict[str, Any]) -> Any:
    return delete(ArtifactRow).where(ArtifactRow.video_id == row.id, ArtifactRow.name == old["name"])


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
