"""The result of a generation, copied into the store: it is paid, and the provider deletes it within hours.

It is fetched into a scratch file, over as many connections as it takes, read as any upload is, and stored under the key
of the video that it becomes. Nothing that may pass ends this before the result's life does: a full disk, an
unavailable store, a gateway that answers 504.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from playhead.catalog.admission import Stored
from playhead.catalog.deletions import Deletions
from playhead.catalog.jobs import make_poster_of
from playhead.errors import PlayheadError
from playhead.generate.errors import ResultExpired, ResultRefused
from playhead.generate.provider import Download, Provider, Reference, Status
from playhead.generate.records import Records
from playhead.generate.submitting import OpenProvider
from playhead.generate.tables import GenerationRow
from playhead.jobs.context import JobContext
from playhead.kit.text import one_line, shorten
from playhead.kit.units import format_bytes
from playhead.storage import keys
from playhead.storage.store import Store

log = structlog.get_logger(__name__)

T = TypeVar("T")

AT_ONCE: Final = 4
"""Results of one provider that a worker fetches, reads and stores at the same time; others wait, and are kept there.
Of each provider by itself: results that expire do not wait for titles that are rendered here."""

SILENCE_S: Final = 60.0
"""Longest wait for the next bytes of a result."""

WRITE: Final = 1 << 20
FRESH_URLS: Final = 3
"""How often a result whose URL has expired is asked for once more: some providers give fresh URLs."""

KEEP_TRYING: Final = timedelta(days=1)
"""How long a fetched result waits for room in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of a result.

    Attributes:
        most_bytes: Largest result that is kept.
        life: How long a finished result can be expected to exist.
        retries_s: Pauses between attempts; the last one repeats.
    """

    most_bytes: int
    life: timedelta
    retries_s: tuple[float, ...] = (0.5, 1, 2, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class Kept:
    """A result in the store.

    Attributes:
        probe: Facts of the file (``media.probe.Probe.to_dict``).
    """

    video_id: str
    written: Stored
    probe: dict[str, Any]
    poster: Stored | None


class Downloading:
    """Copies results into the store."""

    def __init__(
        self, records: Records, store: Store, deletions: Deletions, open_provider: OpenProvider, *, limits: Limits
    ) -> None:
        self._records = records
        self._store = store
        self._deletions = deletions
        self._open = open_provider
        self._limits = limits
        self._slots: dict[str, asyncio.Semaphore] = {}

    async def keep(self, context: JobContext, row: GenerationRow, status: Status) -> Kept:
        """Fetch, read and store a result. The same video id each time: a repeat overwrites what a crash left.

        Raises:
            ResultExpired: it is gone at the provider.
            ResultRefused: it is too large, from a foreign host, or no video.
        """
        async with self._slots.setdefault(row.provider, asyncio.Semaphore(AT_ONCE)):
            path = context.work / "result"
            await self._fetched(row, status, path)
            await context.progress(0.9, "Reading the video")
            facts = await self._probed(path)
            await context.progress(0.95, "Storing the video")
            return await self._stored(context, row, path, facts)

    async def _fetched(self, row: GenerationRow, status: Status, path: Path) -> None:
        fetch = _Fetch(path, self._limits.most_bytes)
        give_up = self._records.clock() + self._limits.life
        renewals = failures = 0
        while True:
            if not status.results:
                raise ResultExpired(
                    f"{row.provider} has deleted the result before it could be copied.", hint="Generate it again."
                )
            try:
                provider = await self._open(row.provider)
                return await fetch.go_on(provider, status.reference or Reference.from_dict(row.reference or {}), status)
            except ResultRefused:
                raise
            except ResultExpired:
                renewals += 1
                if renewals > FRESH_URLS:
                    raise
                status = await self._asked_again(row, status)
            except Exception as error:
                if self._records.clock() > give_up:
                    raise
                log.info("result_not_fetched", generation_id=row.id, error=repr(error), received=fetch.received)
            await asyncio.sleep(self._pause_s(failures))
            failures += 1

    async def _asked_again(self, row: GenerationRow, status: Status) -> Status:
        """The status with fresh URLs, where the provider gives some."""
        try:
            provider = await self._open(row.provider)
            if provider.abilities.polling:
                again = await provider.poll(Reference.from_dict(row.reference or {}))
                return again if again.state == "succeeded" else status
        except PlayheadError as error:
            log.info("generation_not_polled", generation_id=row.id, code=error.code, detail=error.detail)
        return status

    async def _probed(self, path: Path) -> dict[str, Any]:
        from playhead.media.errors import UnreadableVideo
        from playhead.media.probe import probe

        try:
            found = await self._insist(lambda: probe(path), but=(UnreadableVideo,))
        except UnreadableVideo as error:
            seen = await asyncio.to_thread(_first_words, path)
            raise ResultRefused(f"The provider gave something else than a video: {error.detail} {seen}") from error
        return found.to_dict()

    async def _stored(self, context: JobContext, row: GenerationRow, path: Path, facts: dict[str, Any]) -> Kept:
        video_id = video_id_of(row.id)
        await self._insist(lambda: self._deletions.lease(keys.video_prefix(video_id)))
        written = await self._insist(lambda: self._store.write_file(keys.original(video_id), path))
        poster = await self._insist(lambda: make_poster_of(self._store, context, video_id, facts))
        return Kept(video_id, Stored.of(written), facts, Stored.read(poster) if poster else None)

    async def _insist(self, act: Callable[[], Awaitable[T]], *, but: tuple[type[Exception], ...] = ()) -> T:
        """Try until it works: what is here is paid."""
        give_up, failures = self._records.clock() + KEEP_TRYING, 0
        while True:
            try:
                return await act()
            except but:
                raise
            except Exception as error:
                if self._records.clock() > give_up:
                    raise
                log.warning("result_not_stored", error=repr(error))
            await asyncio.sleep(self._pause_s(failures))
            failures += 1

    def _pause_s(self, failures: int) -> float:
        return self._limits.retries_s[min(failures, len(self._limits.retries_s) - 1)]


class _Fetch:
    """One result on its way into a file, over any number of connections.

    Attributes:
        received: Bytes in the file.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._size: int | None = None
        self.received = 0

    async def go_on(self, provider: Provider, reference: Reference, status: Status) -> None:
        """Fetch what is missing.

        Raises:
            ResultRefused: larger than allowed.
            ConnectionError: it broke off; call again.
        """
        async with provider.open_result(reference, status.results[0], start=self.received) as download:
            if download.size_bytes is not None and download.size_bytes > self._most_bytes:
                raise self._too_large(download.size_bytes)
            if download.start != self.received or self._is_another(download):
                self.received = 0
                if download.start != 0:
                    raise ConnectionError("the result has changed in the meantime")
            self._size = download.size_bytes
            await self._receive(download.chunks)
        if self._size is not None and self.received != self._size:
            raise ConnectionError(f"the result broke off after {self.received} of {self._size} bytes")

    def _is_another(self, download: Download) -> bool:
        return self._size is not None and download.size_bytes is not None and download.size_bytes != self._size

    async def _receive(self, chunks: AsyncIterator[bytes]) -> None:
        buffer, arriving = bytearray(), aiter(chunks)
        with await asyncio.to_thread(self._path.open, "r+b" if self._path.exists() else "wb") as file:
            file.seek(self.received)
            file.truncate()
            try:
                while True:
                    try:
                        buffer += await asyncio.wait_for(anext(arriving), SILENCE_S)
                    except StopAsyncIteration:
                        return
                    if self.received + len(buffer) > self._most_bytes:
                        raise self._too_large(None)
                    if len(buffer) >= WRITE:
                        await self._write(file, buffer)
            finally:
                await self._write(file, buffer)

    async def _write(self, file: Any, buffer: bytearray) -> None:
        written = bytes(buffer)
        buffer.clear()
        await asyncio.to_thread(file.write, written)
        await asyncio.to_thread(file.flush)
        self.received += len(written)

    def _too_large(self, size: int | None) -> ResultRefused:
        found = f"has {format_bytes(size)}" if size is not None else "goes on"
        return ResultRefused(
            f"The result {found}; at most {format_bytes(self._most_bytes)} are kept.",
            hint="PLAYHEAD_GENERATE_MAX_RESULT is the limit.",
        )


def video_id_of(generation_id: str) -> str:
    """The id of the video that a generation becomes; one generation is one video."""
    return f"vid_{generation_id.partition('_')[2]}"


def _first_words(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(200)
    size = path.stat().st_size
    words = shorten(one_line(head.decode(errors="replace")), 80) if head.isascii() else head[:16].hex(" ")
    return f"It has {format_bytes(size)} and begins with: {words}" if size else "It is empty."
