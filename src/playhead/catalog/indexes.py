"""Indexes of originals: read once out of any store, kept as mapped files, shared by all that needs them."""

import asyncio
import os
import re
import secrets
import tempfile
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TypeVar

import structlog

from playhead.kit.units import KIB, MIB
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.packed import PackedUnreadable, map_file, pack
from playhead.media.mp4.source import FileBytes, ReadAt
from playhead.media.mp4.spool import ReadsTooMuch, SmallReads, copy_index
from playhead.media.mp4.tables import TooManySamples
from playhead.media.reader import pack_in_child
from playhead.storage.errors import ObjectNotFound, StoreUnavailable
from playhead.storage.store import LocalFiles, Store

MAX_INDEX = 256 * MIB
"""Bytes of one index; a day of film has fewer."""

SMALL = 8 * MIB
SMALL_SAMPLES = 400_000
"""An index is read in this process up to here, an hour of usual film; it takes 50 MiB for a moment."""

PARALLEL = 2
"""Indexes that are read at once: each takes a processor."""

IN_MEMORY = 64
REFUSED_IN_MEMORY = 256
READ_AHEAD = 64 * KIB
STORE_TIMEOUT_S = 60
UNFINISHED_S = 3600

Reader = Callable[[int, int], Awaitable[bytes]]
"""Reads ``(offset, size)`` of an object; fewer bytes only at its end."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_Value = TypeVar("_Value")
log = structlog.get_logger(__name__)


class Indexes:
    """The indexes of all originals, in front of a store.

    A file in the folder is named by the hash of its original, so it never goes stale; one that is damaged or of
    another version is made anew. Several processes may share the folder.

    Args:
        folder: Made when it is needed.
        max_bytes: Of all files together; those not used for longest go first.
    """

    def __init__(self, store: Store, folder: Path, max_bytes: int = 512 * MIB) -> None:
        self._store = store
        self._folder = folder
        self._max_bytes = max_bytes
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="mp4-index")
        self._movies: OrderedDict[str, Movie] = OrderedDict()
        self._refused: OrderedDict[str, str] = OrderedDict()
        self._under_way: dict[str, Future[Movie]] = {}
        self._lock = Lock()

    async def movie(self, key: str, sha256: str, size_bytes: int) -> Movie:
        """The index of an original. Its tables may be views of a mapped file: read them, do not extend them.

        Args:
            sha256: Of the original's bytes, lower-case hex.

        Raises:
            Mp4Unreadable: it has none that can be used.
            ObjectNotFound: the store has no such object.
            StoreUnavailable: the store does not answer.
        """
        if _SHA256.fullmatch(sha256) is None:
            raise ValueError(f"not a hash: {sha256!r}")
        with self._lock:
            if sha256 in self._movies:
                self._movies.move_to_end(sha256)
                return self._movies[sha256]
            if sha256 in self._refused:
                raise Mp4Unreadable(self._refused[sha256])
            loading = self._under_way.get(sha256)
            if loading is None:
                loop = asyncio.get_running_loop()
                loading = self._threads.submit(self._load, key, sha256, size_bytes, loop)
                self._under_way[sha256] = loading
        # Shielded: others may wait for the same index.
        return await asyncio.shield(asyncio.wrap_future(loading))

    def reader(self, key: str) -> Reader:
        """Read pieces of an original."""

        async def read(offset: int, size: int) -> bytes:
            return b"".join([chunk async for chunk in self._store.read(key, offset, offset + size)])

        return read

    def close(self) -> None:
        """Let go of the threads. Files stay mapped as long as a movie of theirs is in use."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _load(self, key: str, sha256: str, size_bytes: int, loop: asyncio.AbstractEventLoop) -> Movie:
        """In a thread."""
        try:
            movie = self._kept(sha256) or self._made(key, sha256, size_bytes, loop)
        except Mp4Unreadable as error:
            with self._lock:
                _remember(self._refused, sha256, error.detail, REFUSED_IN_MEMORY)
            raise
        else:
            with self._lock:
                _remember(self._movies, sha256, movie, IN_MEMORY)
            return movie
        finally:
            with self._lock:
                self._under_way.pop(sha256, None)

    def _kept(self, sha256: str) -> Movie | None:
        path = self._folder / sha256
        try:
            movie = map_file(path)
            os.utime(path)  # used now: the oldest goes first
        except FileNotFoundError:
            return None
        except (PackedUnreadable, OSError) as error:
            log.warning("index_rebuilt", sha256=sha256, error=str(error))
            return None
        return movie

    def _made(self, key: str, sha256: str, size_bytes: int, loop: asyncio.AbstractEventLoop) -> Movie:
        with self._source(key, size_bytes, loop) as source:
            try:
                movie = read_movie(SmallReads(source, SMALL), most=SMALL_SAMPLES)
            except (ReadsTooMuch, TooManySamples):
                return self._made_apart(source, sha256, loop)
        try:
            with self._fresh(sha256) as fd, os.fdopen(os.dup(fd), "wb") as out:
                pack(movie, out)
            return map_file(self._folder / sha256)
        except (OSError, PackedUnreadable) as error:
            log.warning("index_not_stored", key=key, error=str(error))
            return movie

    def _made_apart(self, source: ReadAt, sha256: str, loop: asyncio.AbstractEventLoop) -> Movie:
        """Have a large index read by another process, and map what that wrote: of it nothing is in our memory."""
        try:
            with self._fresh(sha256) as out, self._on_disk(source) as fd:
                asyncio.run_coroutine_threadsafe(pack_in_child(fd, out), loop).result()
            return map_file(self._folder / sha256)
        except OSError as error:
            raise StoreUnavailable(
                f"The index of this video cannot be kept: {error.strerror}.", hint="Free some space on the server."
            ) from error

    @contextmanager
    def _source(self, key: str, size_bytes: int, loop: asyncio.AbstractEventLoop) -> Iterator[ReadAt]:
        if not isinstance(self._store, LocalFiles):
            yield _StoreBytes(self.reader(key), size_bytes, loop)
            return
        try:
            file = FileBytes(self._store.path(key))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ObjectNotFound(key) from error
        with file:
            yield file

    @contextmanager
    def _on_disk(self, source: ReadAt) -> Iterator[int]:
        """A descriptor of the file, or of one with holes that has its index in the same places."""
        if isinstance(source, FileBytes):
            yield source.fd
            return
        with tempfile.TemporaryFile(dir=self._folder) as file:
            copy_index(source, file.fileno(), MAX_INDEX)
            yield file.fileno()

    @contextmanager
    def _fresh(self, sha256: str) -> Iterator[int]:
        """A file that takes its place when the block ends well. It is not synced: what a power cut leaves of it fails
        its checksum."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._folder / f".{sha256[:16]}-{secrets.token_hex(8)}"
        try:
            with fresh.open("xb") as out:
                yield out.fileno()
            fresh.replace(self._folder / sha256)
        finally:
            fresh.unlink(missing_ok=True)
        self._make_room(sha256)

    def _make_room(self, newest: str) -> None:
        files: list[tuple[float, int, Path]] = []
        for entry in os.scandir(self._folder):
            with suppress(FileNotFoundError):
                facts = entry.stat()
                unfinished = entry.name.startswith(".")
                if unfinished and facts.st_mtime < time.time() - UNFINISHED_S:
                    Path(entry.path).unlink()
                elif not unfinished:
                    files.append((facts.st_mtime, facts.st_size, Path(entry.path)))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self._max_bytes:
                return
            if path.name != newest:
                path.unlink(missing_ok=True)
                total -= size


class _StoreBytes:
    """An object of a store, read from a thread while the loop waits for others; small reads share one request."""

    def __init__(self, read: Reader, size: int, loop: asyncio.AbstractEventLoop) -> None:
        self.size = size
        self._read = read
        self._loop = loop
        self._start = 0
        self._block = b""

    def read_at(self, offset: int, size: int) -> bytes:
        size = min(size, max(0, self.size - offset))
        if not self._start <= offset <= offset + size <= self._start + len(self._block):
            self._start, self._block = offset, self._fetch(offset, max(size, READ_AHEAD))
        at = offset - self._start
        return self._block[at : at + size]

    def _fetch(self, offset: int, size: int) -> bytes:
        async def fetch() -> bytes:
            return await self._read(offset, min(size, self.size - offset))

        fetched = asyncio.run_coroutine_threadsafe(fetch(), self._loop)
        try:
            return fetched.result(STORE_TIMEOUT_S)
        except TimeoutError as error:
            fetched.cancel()
            raise StoreUnavailable(f"The store gave {size} bytes not within {STORE_TIMEOUT_S} s.") from error


def _remember(kept: OrderedDict[str, _Value], name: str, value: _Value, most: int) -> None:
    kept[name] = value
    kept.move_to_end(name)
    while len(kept) > most:
        kept.popitem(last=False)
