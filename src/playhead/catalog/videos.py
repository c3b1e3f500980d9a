"""Videos: made with the job that will prepare them, renamed, deleted with all that is theirs."""

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from playhead.access.audit import name_of, record
from playhead.access.principals import Principal
from playhead.api.cursors import Page
from playhead.catalog.admission import Admitted, Stored, probe_facts
from playhead.catalog.artifacts import sizes_of
from playhead.catalog.deletions import Deletions
from playhead.catalog.errors import (
    DiskNearlyFull,
    UploadTooLarge,
    UploadTruncated,
    VideoNotFound,
    VideoNotReady,
)
from playhead.catalog.events import record_ready
from playhead.catalog.library.names import clean_tags
from playhead.catalog.library.tags import change_tags, tags_of
from playhead.catalog.listing import VideoQuery, list_videos
from playhead.catalog.rendition_requests import AutoRenditions
from playhead.catalog.seams import VideoListener, VideoUses
from playhead.catalog.stills import request_stills
from playhead.catalog.tables import VideoRow
from playhead.catalog.titles import VideoName, clean_title
from playhead.catalog.visible import VISIBLE, visible_video
from playhead.db.database import Database, DatabaseUnavailable
from playhead.errors import Conflict, InvalidInput, PreconditionFailed
from playhead.jobs.client import Jobs
from playhead.jobs.errors import JobNotRunning
from playhead.jobs.tables import JobRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.kit.units import format_bytes
from playhead.storage import keys
from playhead.storage.store import Store

INGEST: Final = "ingest"

log = structlog.get_logger(__name__)


class Videos:
    """The catalog's use cases over one database, one store and the job engine.

    Args:
        upload_max: Largest original in bytes.
        headroom: Free bytes of a local store below which new originals are refused.
        received: Counts the bytes of an original that a client sent.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        jobs: Jobs,
        deletions: Deletions,
        uses: VideoUses,
        listener: VideoListener,
        renditions: AutoRenditions,
        *,
        upload_max: int,
        headroom: int,
        received: Callable[[int], None],
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs
        self._deletions = deletions
        self.upload_max = upload_max
        self._headroom = headroom
        self._clock = clock
        self._uses = uses
        self._listener = listener
        self._renditions = renditions
        self._received = received

    def check_room(self, size: int | None) -> None:
        """Refuse what cannot be kept, before its first byte is read.

        Raises:
            UploadTooLarge, InvalidInput, DiskNearlyFull
        """
        if size is not None:
            self.check_size(size)
        self.check_free(size or 0)

    def check_free(self, size: int) -> None:
        """Refuse bytes that the disk has no room for; 0 for an unknown number.

        Raises:
            DiskNearlyFull
        """
        free = self._store.free_bytes()
        if free is not None and free - size < self._headroom:
            raise DiskNearlyFull(
                f"{format_bytes(free)} are free on the server's disk and {format_bytes(self._headroom)} are kept for "
                f"running jobs, so {format_bytes(size) if size else 'this upload'} does not fit.",
                hint="Delete videos that are no longer needed, or ask the operator for more room.",
            )

    def check_size(self, size: int) -> None:
        """Refuse a size alone: of bytes that are here already.

        Raises:
            UploadTooLarge, InvalidInput
        """
        if size == 0:
            raise empty_upload()
        if size > self.upload_max:
            raise UploadTooLarge(size, self.upload_max)

    async def receive(
        self,
        owner: Principal,
        chunks: AsyncIterable[bytes],
        *,
        size: int | None,
        named: Callable[[], VideoName],
    ) -> VideoRow:
        """Stream an original into the store, then list its video with the job that prepares it.

        Args:
            named: Tells how it is called, once its bytes are here.

        Raises:
            UploadTooLarge, InvalidInput, UploadTruncated: nothing is kept.
        """
        self.check_room(size)
        video_id = new_id("vid")
        await self._deletions.lease(keys.video_prefix(video_id))
        try:
            written = await self._store.write(keys.original(video_id), bounded(chunks, self.upload_max))
            _check_size(written.size_bytes, size)
            name = named()
            async with self._database.write() as session:
                row = await self.admit(
                    session,
                    Admitted(
                        video_id=video_id,
                        owner_id=owner.user_id,
                        title=name.title,
                        filename=name.filename,
                        origin="upload",
                        written=Stored.of(written),
                    ),
                )
        except Exception:
            await self._drop_unlisted(video_id)
            raise
        self.count_received(written.size_bytes)
        await self.submit(row)
        return row

    async def admit(self, session: AsyncSession, admitted: Admitted) -> VideoRow:
        """List a video whose bytes are in the store, in the caller's transaction; `submit` it after the commit.

        It is ready at once where its facts are known; else with the intent of its ingest.
        """
        row = admitted.row(self._clock())
        session.add(row)
        if row.state == "ready":
            record_ready(session, row)
            await request_stills(session, self._jobs, row)
            await self._renditions.request(session, row)
        else:
            await self._intend_ingest(session, row)
        await self._deletions.keep(session, keys.video_prefix(row.id))
        return row

    async def submit(self, row: VideoRow) -> None:
        """Hand the ingest to the engine, after the commit."""
        if row.job_id:
            await asyncio.shield(self._jobs.submit(row.job_id))

    async def page(self, query: VideoQuery) -> Page[VideoRow]:
        """One page of an owner's videos."""
        async with self._database.read() as session:
            return await list_videos(session, query)

    async def get(self, principal: Principal, video_id: str) -> VideoRow:
        """One video.

        Raises:
            VideoNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            return await self.find(session, principal, video_id)

    async def find(self, session: AsyncSession, principal: Principal, video_id: str, *, lock: bool = False) -> VideoRow:
        """As `get`, within a transaction; *lock* makes others who want to change it wait until its end."""
        row = await visible_video(session, video_id, lock=lock) if is_id("vid", video_id) else None
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise VideoNotFound(video_id)
        return row

    async def change(
        self,
        principal: Principal,
        video_id: str,
        *,
        title: str | None = None,
        audio_track: int | None = None,
        keep: bool | None = None,
        tags: Sequence[str] | None = None,
        if_match: int | None = None,
    ) -> VideoRow:
        """Give a video another title, another audio track to play, other tags, or have retention leave it alone.

        Raises:
            PreconditionFailed: *if_match* is not the present version.
            InvalidInput: it has no such audio track, or a tag cannot be used.
        """
        wanted = None if tags is None else clean_tags(tags)
        async with self._database.write() as session:
            row = await self.find(session, principal, video_id, lock=True)
            if if_match is not None and if_match != row.version:
                raise PreconditionFailed(
                    f"Video {video_id} is at version {row.version}, not {if_match}.",
                    hint="Load it again, then change it.",
                    code="version_mismatch",
                )
            changed = _retitle(row, title) | (heard := _choose_audio(row, audio_track)) | _set_keep(row, keep)
            if wanted is not None:
                changed |= await change_tags(session, row, (await tags_of(session, [row.id])).get(row.id, ()), wanted)
            if changed:
                row.version += 1
                row.updated_at = self._clock()
        if heard:
            self.media_changed()
        return row

    async def projects_of(self, principal: Principal, video_id: str) -> list[dict[str, str]]:
        """The projects that hold clips of a video."""
        async with self._database.read() as session:
            await self.find(session, principal, video_id)
            return await self._uses.projects_with(session, video_id)

    async def delete(self, principal: Principal, video_id: str, *, force: bool) -> None:
        """Remove a video, its posters and its bytes for good; a running ingest is stopped first.

        Raises:
            Conflict: projects hold clips of it and *force* is not set.
        """
        async with self._database.write(reserve=True) as session:
            row = await self.find(session, principal, video_id, lock=True)
            await self.require_unused(session, video_id, force=force)
            await self.delete_in(session, row, by=principal, reason="requested")
        await self.deleted(row)

    async def require_unused(self, session: AsyncSession, video_id: str, *, force: bool) -> None:
        """Refuse to take a video away from projects.

        Raises:
            Conflict: projects hold clips of it and *force* is not set.
        """
        if not force and (projects := await self._uses.projects_with(session, video_id)):
            raise _in_use(video_id, projects)

    async def delete_in(self, session: AsyncSession, row: VideoRow, *, by: Principal | str, reason: str) -> int:
        """Delete a video in the caller's transaction, wherever it is; call `deleted` after the commit.

        Returns:
            Bytes that it takes in the store.
        """
        size_bytes = (await sizes_of(session, [row.id]))[row.id]
        facts = {"title": row.title, "owner_id": row.owner_id, "size_bytes": size_bytes, "reason": reason}
        record(session, by, "video.delete", row.id, at=self._clock(), **facts)
        await session.delete(row)
        await self._deletions.intend(session, keys.video_prefix(row.id))
        log.info("video_deleted", video_id=row.id, actor=name_of(by), reason=reason, size_bytes=size_bytes)
        return size_bytes

    async def deleted(self, row: VideoRow) -> None:
        """Remove the bytes of a deleted video, after the commit; what fails stays recorded, and is tried again."""
        await self.hidden(row.id)
        if row.job_id:
            with contextlib.suppress(JobNotRunning):
                await self._jobs.cancel(row.job_id)
        await self._deletions.carry_out(keys.video_prefix(row.id), again=bool(row.job_id))

    async def hidden(self, video_id: str) -> None:
        """End what is remembered and sent of a video that is gone, after the commit."""
        self.media_changed()
        await self._listener.deleted(video_id)

    def count_received(self, size_bytes: int) -> None:
        """Count an original that a client sent."""
        self._received(size_bytes)

    def media_changed(self) -> None:
        """Have forgotten what is remembered of videos, after the commit that changed a file of one."""
        self._listener.changed()

    async def retry(self, principal: Principal, video_id: str) -> JobRow:
        """Prepare an errored video once more.

        Raises:
            Conflict: it is preparing or ready.
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, video_id, lock=True)
            if row.state != "errored" or row.origin == "reel":
                raise Conflict(
                    f"Video {video_id} is {row.state}; only an errored one can be prepared again.",
                    code="video_not_errored",
                    title="Nothing to retry",
                )
            row.state, row.error_code, row.error_message, row.error_hint = "preparing", None, None, None
            row.updated_at = self._clock()
            job = await self._intend_ingest(session, row)
        await self.submit(row)
        return job

    async def _drop_unlisted(self, video_id: str) -> None:
        """Remove bytes that came to nothing, unless a commit whose answer was lost has listed them all the same."""
        with contextlib.suppress(DatabaseUnavailable):  # the lease ends in a day
            async with self._database.read() as session:
                listed = await session.get(VideoRow, video_id) is not None
            if not listed:
                await self._deletions.carry_out(keys.video_prefix(video_id))

    async def _intend_ingest(self, session: AsyncSession, row: VideoRow) -> JobRow:
        job = await self._jobs.record(
            session,
            kind=INGEST,
            owner_id=row.owner_id,
            title=row.title,
            args={"video_id": row.id},
            video_id=row.id,
        )
        row.job_id = job.id
        return job


async def videos_by_id(session: AsyncSession, ids: set[str], *, probes: bool = True) -> dict[str, VideoRow]:
    """Videos by id, without those in the trash, in batches that every database takes.

    Args:
        probes: With what the probe found, which is most of a row.
    """
    found: dict[str, VideoRow] = {}
    wanted = sorted(ids)
    statement = select(VideoRow).where(VISIBLE)
    if not probes:
        statement = statement.options(defer(VideoRow.probe))
    for start in range(0, len(wanted), 500):
        rows = await session.scalars(statement.where(VideoRow.id.in_(wanted[start : start + 500])))
        found.update({row.id: row for row in rows})
    return found


def _retitle(row: VideoRow, title: str | None) -> bool:
    before = row.title
    row.title = before if title is None else clean_title(title)
    return row.title != before


def _set_keep(row: VideoRow, keep: bool | None) -> bool:
    before = row.keep
    row.keep = before if keep is None else keep
    return row.keep != before


def _choose_audio(row: VideoRow, track: int | None) -> bool:
    """Have another audio track played; whether it is another."""
    from playhead.media.audio_tracks import track_name, with_audio
    from playhead.media.probe import Probe

    if track is None:
        return False
    if row.probe is None:
        raise VideoNotReady(f"Video {row.id} is {row.state}; its audio tracks are not known.")
    before = Probe.from_dict(row.probe)
    try:
        after = with_audio(before, track)
    except LookupError:
        names = ", ".join(f"{each.track} ({track_name(each)})" for each in before.audio_tracks)
        raise InvalidInput(
            f"Video {row.id} has no audio track {track}; {f'it has {names}' if names else 'none are listed for it'}.",
            hint="Choose one of audio_tracks by its track." if names else None,
            code="audio_track_unknown",
            title="Audio track not found",
        ) from None
    if after.audio == before.audio:
        return False
    for column, value in probe_facts(after.to_dict()).items():
        setattr(row, column, value)
    return True


def empty_upload() -> InvalidInput:
    """Refusal of an upload without bytes."""
    return InvalidInput(
        "The upload has 0 bytes, so there is no video in it.",
        hint="Check the file and upload it again.",
        code="upload_empty",
        title="The upload is empty",
    )


def _in_use(video_id: str, projects: Sequence[dict[str, str]]) -> Conflict:
    names = ", ".join(f"“{project['title']}”" for project in projects[:5])
    more = f" and {len(projects) - 5} more" if len(projects) > 5 else ""
    return Conflict(
        f"Video {video_id} is used in {names}{more}.",
        hint="Delete with force=true: clips and music stay in their places and say that the video is gone.",
        code="video_in_use",
        title="Projects use this video",
        extra={"projects": projects},
    )


def _check_size(came: int, announced: int | None) -> None:
    if came == 0:
        raise empty_upload()
    if announced is not None and came != announced:
        raise UploadTruncated(
            f"{format_bytes(came)} of {format_bytes(announced)} arrived.", hint="Upload the file again."
        )


async def bounded(chunks: AsyncIterable[bytes], limit: int, *, start: int = 0) -> AsyncIterator[bytes]:
    """Pass chunks on that begin at *start* while they end at *limit*; the one that does not is never written.

    Raises:
        UploadTooLarge
    """
    total = start
    async for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise UploadTooLarge(total, limit)
        yield chunk
