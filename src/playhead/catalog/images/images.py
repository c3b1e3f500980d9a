"""Images: uploaded, or taken out of videos, for as long as their owner keeps them."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.audit import record
from playhead.access.principals import Principal
from playhead.api.cursors import FIRST_PAGE, Page, page_by_id
from playhead.catalog.deletions import Deletions
from playhead.catalog.errors import UploadTruncated, VideoNotFound, VideoNotReady
from playhead.catalog.images.errors import ImageNotFound, ImageTooLarge
from playhead.catalog.images.intake import ImageIntake, NewImage, chunks_of, once
from playhead.catalog.images.tables import FramePlace, ImageOrigin, ImageRow
from playhead.catalog.still_sources import StillSources, shape_of
from playhead.catalog.tables import VideoRow
from playhead.catalog.titles import MAX_TITLE
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.errors import InvalidInput
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id
from playhead.kit.text import shorten
from playhead.kit.units import format_bytes
from playhead.storage import keys

MAX_BYTES = 50_000_000
"""Largest image that is taken; generators take 5 to 20 MB."""

_COPY = "frame-"
_COPY_AGE_S = 24 * 3600.0

log = structlog.get_logger(__name__)


class ReceivedImage(NamedTuple):
    """An uploaded image, and the SHA-256 of the bytes that came, which are not those of an animation's first frame."""

    row: ImageRow
    sha256: str


class Images:
    """The use cases of images.

    Args:
        room: Refuses a number of bytes that the store has no room for.
        work: Folder for copies of remote videos whose frames are taken.
    """

    def __init__(
        self,
        database: Database,
        intake: ImageIntake,
        deletions: Deletions,
        sources: StillSources,
        *,
        room: Callable[[int], None],
        work: Path,
        clock: Clock = utc_now,
    ) -> None:
        self._database, self._intake, self._deletions = database, intake, deletions
        self._sources = sources
        self._room, self._work, self._clock = room, work, clock

    async def receive(
        self, owner_id: str, chunks: AsyncIterable[bytes], *, size: int | None, title: Callable[[], str]
    ) -> ReceivedImage:
        """Take an upload.

        Args:
            title: Gives its title, once its bytes are here.

        Raises:
            ImageTooLarge, UnreadableImage, UploadTruncated, DiskNearlyFull: nothing is kept.
        """
        if size is not None and size > MAX_BYTES:
            raise ImageTooLarge(size, MAX_BYTES)
        self._room(size or 0)
        came = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal came
            async for chunk in chunks:
                came += len(chunk)
                if came > MAX_BYTES:
                    raise ImageTooLarge(came, MAX_BYTES)
                yield chunk

        async with self._intake.scratch() as file:
            sha256 = await self._intake.pour(counted(), file)
            _check_size(came, size)
            new = NewImage(owner_id=owner_id, title=title(), origin="upload")
            return ReceivedImage(await self._intake.take(file, new), sha256)

    async def add(self, owner_id: str, title: str, source: Path | bytes, origin: ImageOrigin) -> ImageRow:
        """List an image that is here already.

        Raises:
            UnreadableImage: it is not one that can be used.
        """
        return await self._add(NewImage(owner_id=owner_id, title=title, origin=origin), source)

    async def from_frame(self, owner_id: str, video_id: str, at: FramePlace) -> ImageRow:
        """The very first or last frame of a video as PNG in its full size; the same image each time.

        The caller has checked that the owner may read the video.

        Raises:
            VideoNotFound, VideoNotReady
            UnreadableVideo: the frame cannot be decoded.
        """
        known = await self._frame(owner_id, video_id, at)
        if known is not None:
            return known
        async with self._database.read() as session:
            video = await visible_video(session, video_id) if is_id("vid", video_id) else None
        if video is None:
            raise VideoNotFound(video_id)
        if video.state != "ready":
            raise VideoNotReady(f"Video {video_id} is {video.state}; it has no frames yet.")
        new = NewImage(owner_id=owner_id, title=_frame_title(video, at), origin="frame", video_id=video_id, frame=at)
        try:
            return await self._add(new, await self._decode(video, at))
        except IntegrityError:  # another request was first
            known = await self._frame(owner_id, video_id, at)
            if known is None:
                raise
            return known

    async def page(
        self, owner_id: str, *, origin: ImageOrigin | None = None, limit: int = FIRST_PAGE, cursor: str | None = None
    ) -> Page[ImageRow]:
        """One page of an owner's images, newest first."""
        statement = select(ImageRow).where(ImageRow.owner_id == owner_id)
        if origin is not None:
            statement = statement.where(ImageRow.origin == origin)
        async with self._database.read() as session:
            return await page_by_id(session, statement, ImageRow.id, "img", limit, cursor)

    async def get(self, principal: Principal, image_id: str) -> ImageRow:
        """One image.

        Raises:
            ImageNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            return await self._own(session, principal, image_id)

    async def look_up(self, image_id: str) -> ImageRow | None:
        """One image, whoever owns it."""
        async with self._database.read() as session:
            return await self.find(session, image_id)

    async def find(self, session: AsyncSession, image_id: str) -> ImageRow | None:
        """As `look_up`, within a transaction."""
        return await session.get(ImageRow, image_id) if is_id("img", image_id) else None

    async def delete(self, principal: Principal, image_id: str) -> None:
        """Remove an image and its bytes for good.

        Raises:
            ImageNotFound: none, or a stranger's.
        """
        async with self._database.write(reserve=True) as session:
            row = await self._own(session, principal, image_id)
            facts = {"title": row.title, "owner_id": row.owner_id, "size_bytes": row.size_bytes}
            record(session, principal, "image.delete", row.id, at=self._clock(), **facts)
            await session.delete(row)
            await self._deletions.intend(session, keys.image_prefix(row.id))
        log.info("image_deleted", image_id=image_id, actor=principal.email)
        await self._deletions.carry_out(keys.image_prefix(image_id))

    async def sweep(self) -> int:
        """Remove copies of videos that a process left behind when it died; their number."""
        return await asyncio.to_thread(_remove_old, self._work, self._clock().timestamp() - _COPY_AGE_S)

    async def _add(self, new: NewImage, source: Path | bytes) -> ImageRow:
        async with self._intake.scratch() as file:
            await self._intake.pour(once(source) if isinstance(source, bytes) else chunks_of(source), file)
            return await self._intake.take(file, new)

    async def _decode(self, video: VideoRow, at: FramePlace) -> bytes:
        from playhead.media.stills.make import exact_frame

        self._work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._work, prefix=_COPY) as folder:
            async with self._sources.of(video, Path(folder)) as source:
                return await exact_frame(self._intake.pool, source, shape_of(video), at)

    async def _frame(self, owner_id: str, video_id: str, at: FramePlace) -> ImageRow | None:
        statement = select(ImageRow).where(
            ImageRow.owner_id == owner_id, ImageRow.video_id == video_id, ImageRow.frame == at
        )
        async with self._database.read() as session:
            found: ImageRow | None = await session.scalar(statement)
        return found

    async def _own(self, session: AsyncSession, principal: Principal, image_id: str) -> ImageRow:
        row = await self.find(session, image_id)
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise ImageNotFound(image_id)
        return row


def _check_size(came: int, announced: int | None) -> None:
    if came == 0:
        raise InvalidInput(
            "The upload has 0 bytes, so there is no image in it.",
            hint="Check the file and upload it again.",
            code="upload_empty",
            title="The upload is empty",
        )
    if announced is not None and came != announced:
        raise UploadTruncated(
            f"{format_bytes(came)} of {format_bytes(announced)} arrived.", hint="Upload the file again."
        )


def _remove_old(work: Path, before: float) -> int:
    """Remove folders of copies that were made before a time, in Unix seconds."""
    removed = 0
    for folder in work.glob(f"{_COPY}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < before:
                shutil.rmtree(folder)
                removed += 1
    return removed


def _frame_title(video: VideoRow, at: FramePlace) -> str:
    return shorten(f"{at.capitalize()} frame of {video.title}", MAX_TITLE)
