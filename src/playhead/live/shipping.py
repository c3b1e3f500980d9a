"""Shipping of recordings to a remote store while they grow, so that a host that dies costs seconds.

Every few seconds the whole boxes that a part gained go to the store as one more object, and then its manifest. The
capture knows nothing of it: a store that is away leaves a backlog on disk. Another host restores from it what it needs
to go on, or to finalise.

    recordings/<rec_id>/<cap_id>.00000000   the first bytes of a part
    recordings/<rec_id>/<cap_id>.00000001   those that follow
    recordings/<rec_id>/<cap_id>.json       its manifest, never ahead of the bytes
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from playhead.catalog.seams import ShippedSpan
from playhead.errors import PlayheadError
from playhead.kit.ids import is_id
from playhead.kit.units import KIB, MIB
from playhead.live.parts import PartManifest
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import LocalFiles, Store

SPAN = 8 * MIB
"""Most bytes of one object: it is put in one request, and held in memory for it."""

LAST_PASS_S = 5.0
"""Time for a last pass when a worker stops, and for the manifests when another one begins."""

_CHUNK = 256 * KIB

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ShippedPart:
    """What the store has of a part; its spans follow each other from byte 0."""

    manifest: PartManifest
    spans: tuple[ShippedSpan, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes from its start that the store has."""
        return self.spans[-1].end if self.spans else 0

    def between(self, start: int, end: int) -> tuple[ShippedSpan, ...]:
        """The spans that hold the bytes ``[start, end)``."""
        return tuple(span for span in self.spans if span.start < end and span.end > start)


Manifests = dict[str, tuple[str, PartManifest]]
"""ETag and content of manifests in the store, by capture."""


@dataclass(slots=True)
class _Progress:
    """What was shipped of one part by this process, or was there when it began.

    Attributes:
        number: Of the next object.
        manifest: Bytes of the manifest in the store.
    """

    number: int = 0
    size_bytes: int = 0
    manifest: bytes = b""


@dataclass(slots=True)
class _Listed:
    """Objects of one part: sizes by number, and the ETag of the manifest, empty without one."""

    sizes: dict[int, int] = field(default_factory=dict)
    manifest: str = ""


class Shipping:
    """Ships recordings, and restores them.

    Args:
        folder: Of all recordings on this host.
        interval_s: Seconds between two passes: what a dead host costs.
    """

    def __init__(self, store: Store, folder: Path, *, interval_s: float) -> None:
        self._store, self._folder, self.interval_s = store, folder, interval_s
        self._progress: dict[str, dict[str, _Progress]] = {}

    @property
    def needed(self) -> bool:
        """Whether the store is anywhere else than on this host's disk."""
        return not isinstance(self._store, LocalFiles)

    @asynccontextmanager
    async def alongside(self, recording_id: str) -> AsyncIterator[None]:
        """Ship a recording while the block records it, and its rest at the end.

        On entry the manifests of another host are restored, so that a capture goes on where its last one ended; the
        media follow beside it. Where the block is canceled, as when a worker stops, one more pass is tried.
        """
        tasks = [asyncio.create_task(self._catch_up(recording_id)), asyncio.create_task(self.follow(recording_id))]
        try:
            await self._restore_manifests(recording_id)
            yield
        except BaseException:
            await self._end(tasks)
            with suppress(PlayheadError, OSError, TimeoutError):
                async with asyncio.timeout(LAST_PASS_S):
                    await self.ship(recording_id)
            raise
        await self._end(tasks)
        await self.finish(recording_id)

    async def follow(self, recording_id: str) -> None:
        """Ship a recording until this is canceled. A store that is away is asked again; it fails nothing."""
        away = False
        while self.needed:
            await asyncio.sleep(self.interval_s)
            try:
                await self.ship(recording_id)
            except (PlayheadError, OSError) as error:
                if not away:
                    log.warning("recording_not_shipped", recording_id=recording_id, detail=str(error))
                away = True
            else:
                away = False

    async def finish(self, recording_id: str) -> None:
        """Ship the rest of a recording that has ended, however long the store is away."""
        while self.needed:
            try:
                await self.ship(recording_id)
                break
            except (PlayheadError, OSError) as error:
                log.warning("recording_not_shipped", recording_id=recording_id, detail=str(error))
                await asyncio.sleep(self.interval_s)
        self._progress.pop(recording_id, None)

    async def ship(self, recording_id: str) -> int:
        """Ship what is new; returns its bytes.

        Raises:
            StoreUnavailable: the store is away; the next pass goes on where this one ended.
        """
        if recording_id not in self._progress:
            listed = await self._list(recording_id)
            self._progress[recording_id] = {name: _resumed(found) for name, found in listed.items()}
        parts, shipped = self._progress[recording_id], 0
        for path in sorted(self._local(recording_id).glob("cap_*.mp4")):
            if is_id("cap", path.stem):
                shipped += await self._ship_part(recording_id, path, parts.setdefault(path.stem, _Progress()))
        return shipped

    async def parts_of(self, recording_id: str, known: Manifests | None = None) -> list[ShippedPart]:
        """What the store has of a recording, by part in the order they began; for watching on another host.

        Args:
            known: Manifests of earlier calls; only others are read, and added.
        """
        known = {} if known is None else known
        listed = await self._list(recording_id)
        for name, found in listed.items():
            if name not in known or known[name][0] != found.manifest:
                known[name] = (found.manifest, await self._manifest(recording_id, name, found))
        return [
            ShippedPart(known[name][1], _spans(recording_id, name, found)) for name, found in sorted(listed.items())
        ]

    async def read(self, part: ShippedPart, start: int, end: int) -> bytes:
        """Bytes ``[start, end)`` of a part."""
        chunks: list[bytes] = []
        for span in part.between(start, end):
            wanted = max(start, span.start) - span.start, min(end, span.end) - span.start
            chunks += [chunk async for chunk in self._store.read(span.key, *wanted)]
        return b"".join(chunks)

    async def restore(self, recording_id: str, *, media: bool = True) -> int:
        """Bring to this host's disk what the store has and the disk has not; returns the number of parts.

        Args:
            media: Whether to bring more than the manifests; these are enough for a capture to go on at once.

        Raises:
            StoreUnavailable: the store is away; what was restored stays.
        """
        if not self.needed:
            return 0
        restored = 0
        for part in await self.parts_of(recording_id):
            folder = self._local(recording_id)
            folder.mkdir(parents=True, exist_ok=True)
            capture_id = part.manifest.capture_id
            if not (folder / f"{capture_id}.json").exists():
                part.manifest.write(folder)
            path = folder / f"{capture_id}.mp4"
            if media and part.size_bytes > _size(path) and not _ended_here(path):
                await self._download(part, path)
                restored += 1
        return restored

    async def _restore_manifests(self, recording_id: str) -> None:
        try:
            async with asyncio.timeout(LAST_PASS_S):
                await self.restore(recording_id, media=False)
        except (PlayheadError, OSError, TimeoutError) as error:  # to record comes first
            log.warning("recording_not_restored", recording_id=recording_id, detail=str(error))

    async def _catch_up(self, recording_id: str) -> None:
        """Restore media, however long the store is away; they are watched from here, and finalised."""
        while self.needed:
            try:
                await self.restore(recording_id)
                break
            except (PlayheadError, OSError) as error:
                log.warning("recording_not_restored", recording_id=recording_id, detail=str(error))
                await asyncio.sleep(self.interval_s)

    async def _end(self, tasks: "list[asyncio.Task[None]]") -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _local(self, recording_id: str) -> Path:
        if not is_id("rec", recording_id):
            raise ValueError(f"not a recording: {recording_id!r}")
        return self._folder / recording_id

    async def _ship_part(self, recording_id: str, path: Path, progress: _Progress) -> int:
        # The manifest is read first, so that it never names a segment whose bytes are not shipped.
        manifest = _content(path.with_suffix(".json"))
        before = progress.size_bytes
        whole = await asyncio.to_thread(whole_size, path, before)
        while progress.size_bytes < whole:
            start, end = progress.size_bytes, min(whole, progress.size_bytes + SPAN)
            key = keys.recording_span(recording_id, path.stem, progress.number)
            await self._store.write(key, _bytes_of(path, start, end))
            progress.number, progress.size_bytes = progress.number + 1, end
        if manifest and manifest != progress.manifest and progress.size_bytes:
            await self._store.write(keys.recording_manifest(recording_id, path.stem), _one(manifest))
            progress.manifest = manifest
        return progress.size_bytes - before

    async def _list(self, recording_id: str) -> dict[str, _Listed]:
        found: dict[str, _Listed] = {}
        async for stored in self._store.list(keys.recording_prefix(recording_id)):
            capture_id, _, kind = stored.key.rpartition("/")[2].partition(".")
            if not is_id("cap", capture_id):
                continue
            part = found.setdefault(capture_id, _Listed())
            if kind == "json":
                part.manifest = stored.etag
            elif kind.isdecimal():
                part.sizes[int(kind)] = stored.size_bytes
        return found

    async def _manifest(self, recording_id: str, capture_id: str, listed: _Listed) -> PartManifest:
        if not listed.manifest:
            return PartManifest(capture_id=capture_id)
        try:
            key = keys.recording_manifest(recording_id, capture_id)
            return PartManifest.parse(b"".join([chunk async for chunk in self._store.read(key)]), capture_id)
        except ObjectNotFound:  # deleted since
            return PartManifest(capture_id=capture_id)

    async def _download(self, part: ShippedPart, path: Path) -> None:
        draft = path.with_suffix(".mp4.draft")
        try:
            with await asyncio.to_thread(draft.open, "wb") as file:
                for span in part.spans:
                    async for chunk in self._store.read(span.key):
                        await asyncio.to_thread(file.write, chunk)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def _ended_here(path: Path) -> bool:
    """Whether a part is here as its capture left it, or shorter: what follows a change of the source is cut off."""
    return path.exists() and PartManifest.read(path.with_suffix(".json")).ended_at is not None


def whole_size(path: Path, start: int = 0) -> int:
    """End of the last whole top-level box of a file that grows.

    Args:
        start: Where a box begins; what is before it is not looked at.
    """
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        while start + 8 <= size:
            head = os.pread(file.fileno(), 16, start)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if length < 8 or start + length > size:
                break
            start += length
    return start


def _resumed(listed: _Listed) -> _Progress:
    spans = _contiguous(listed)
    return _Progress(len(spans), sum(spans))


def _contiguous(listed: _Listed) -> list[int]:
    """Sizes from number 0 on, up to the first that is missing."""
    sizes: list[int] = []
    while (size := listed.sizes.get(len(sizes))) is not None:
        sizes.append(size)
    return sizes


def _spans(recording_id: str, capture_id: str, listed: _Listed) -> tuple[ShippedSpan, ...]:
    spans, start = [], 0
    for number, size in enumerate(_contiguous(listed)):
        spans.append(ShippedSpan(keys.recording_span(recording_id, capture_id, number), start, start + size))
        start += size
    return tuple(spans)


async def _bytes_of(path: Path, start: int, end: int) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        for at in range(start, end, _CHUNK):
            yield await asyncio.to_thread(os.pread, file.fileno(), min(_CHUNK, end - at), at)


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
