"""Leases on uploads: the newest request writes. The one before it ends, and its bytes are kept.

A phone that changes its network leaves a request behind that waits for bytes on a dead connection; the phone must not
wait for that. The lease is in the upload's row, so that it passes between processes and hosts: a request that wants it
writes its token there, and the writer reads the row four times a second. A writer that died stops renewing its
lease. Two that both take themselves for the writer are kept apart by the staging area.
"""

import asyncio
import secrets
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog
from sqlalchemy import select, update

from playhead.catalog.errors import UploadNotFound, UploadTakenOver
from playhead.catalog.tables import UploadRow
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.kit.clock import Clock, utc_now
from playhead.storage.errors import UploadLocked

LEASE_TIME = timedelta(seconds=5)
LOOK_S = 0.25
"""Interval between checks of the rows that this process writes: one query for all of them."""

RENEW_LOOKS = 6
"""Checks per renewal of the leases."""

PATIENCE_S = 10.0
"""Longest wait for the writer to store its last bytes; it takes longer only while it completes the upload."""

log = structlog.get_logger(__name__)


class Lease:
    """The right to write an upload; ``stop`` ends the reading of its request."""

    def __init__(self, upload_id: str) -> None:
        self.upload_id = upload_id
        self.token = secrets.token_hex(16)
        self.ended = asyncio.Event()
        self._stopped = False
        self._reading: asyncio.Timeout | None = None

    def stop(self) -> None:
        """End the reading: another request continues."""
        again, self._stopped = self._stopped, True
        if self._reading is not None and not again:
            self._reading.reschedule(0)

    async def chunks(self, source: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """Pass chunks on until the lease ends.

        Raises:
            UploadTakenOver: it ended; what had come was passed on.
        """
        waiting = aiter(source)
        while not self._stopped:
            try:
                async with asyncio.timeout(None) as self._reading:
                    chunk = await anext(waiting, None)
            except TimeoutError:
                if self._reading is None or not self._reading.expired():
                    raise
                break
            finally:
                self._reading = None
            if chunk is None:
                return
            yield chunk
        raise UploadTakenOver(self.upload_id)


class Leases:
    """Leases of uploads: one writer at a time, on all hosts."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._held: dict[str, Lease] = {}
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def pause(self, upload_id: str) -> AsyncIterator[None]:
        """As `take`, for a request that brings no bytes.

        Raises:
            UploadLocked: the writer does not end, or another came meanwhile: ask again.
        """
        try:
            async with self.take(upload_id):
                yield
        except UploadTakenOver as error:
            raise UploadLocked(upload_id) from error

    @asynccontextmanager
    async def take(self, upload_id: str) -> AsyncIterator[Lease]:
        """Take the lease of an upload; its present holder ends first.

        Raises:
            UploadLocked: the writer does not end.
            UploadTakenOver: a newer request wants it as well.
        """
        lease = Lease(upload_id)
        await self._wait(lease)
        self._held[upload_id] = lease
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="upload leases")
        try:
            yield lease
        finally:
            if self._held.get(upload_id) is lease:
                del self._held[upload_id]
            try:
                await asyncio.shield(self._give_back(lease))
            finally:
                lease.ended.set()

    async def close(self) -> None:
        """Stop the checks."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _wait(self, lease: Lease) -> None:
        give_up = asyncio.get_running_loop().time() + PATIENCE_S
        first = True
        while not await self._claim(lease, first=first):
            first = False
            if asyncio.get_running_loop().time() > give_up:
                raise UploadLocked(lease.upload_id)
            await self._end_other(lease.upload_id)

    async def _end_other(self, upload_id: str) -> None:
        other = self._held.get(upload_id)
        if other is None:  # of another process, which looks for us
            await asyncio.sleep(LOOK_S / 2)
            return
        other.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(other.ended.wait(), 1)

    async def _claim(self, lease: Lease, *, first: bool) -> bool:
        now = self._clock()
        async with self._database.write(apart=True) as session:
            row = await session.get(UploadRow, lease.upload_id, with_for_update=True)
            if row is None:
                raise UploadNotFound(lease.upload_id)
            if first:
                row.wanted_by = lease.token
            elif row.wanted_by != lease.token:
                raise UploadTakenOver(lease.upload_id)
            free = row.writer is None or row.writer_until is None or row.writer_until <= now
            if free:
                row.writer, row.writer_until = lease.token, now + LEASE_TIME
        return free

    async def _give_back(self, lease: Lease) -> None:
        async with self._database.write(apart=True) as session:
            await session.execute(
                update(UploadRow)
                .where(UploadRow.id == lease.upload_id, UploadRow.writer == lease.token)
                .values(writer=None, writer_until=None)
            )

    async def _look(self) -> None:
        looks = 0
        while self._held:
            await asyncio.sleep(LOOK_S)
            looks += 1
            try:
                await self._stop_unwanted()
                if looks % RENEW_LOOKS == 0:
                    await self._renew()
            except PlayheadError as error:  # the staging area keeps two writers apart in any case
                log.warning("upload_leases_not_checked", code=error.code, detail=error.detail)

    async def _stop_unwanted(self) -> None:
        held = dict(self._held)
        async with self._database.read() as session:
            found = await session.execute(select(UploadRow.id, UploadRow.wanted_by).where(UploadRow.id.in_(list(held))))
            wanted: dict[str, str | None] = {row.id: row.wanted_by for row in found}
        for upload_id, lease in held.items():
            if wanted.get(upload_id) != lease.token:
                lease.stop()

    async def _renew(self) -> None:
        tokens = [lease.token for lease in self._held.values()]
        async with self._database.write(apart=True) as session:
            await session.execute(
                update(UploadRow).where(UploadRow.writer.in_(tokens)).values(writer_until=self._clock() + LEASE_TIME)
            )
