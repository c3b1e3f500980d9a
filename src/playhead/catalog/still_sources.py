"""Access to the frames of a stored video: a local file is opened; of a remote one, a few samples are fetched."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playhead.catalog.indexes import Indexes
from playhead.catalog.tables import VideoRow
from playhead.errors import NotFound
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import LocalFiles, Store

if TYPE_CHECKING:
    from playhead.media.stills.make import Shape
    from playhead.media.stills.source import Opened, StillSource
    from playhead.media.stills.times import StillTime

_INDEXED = ("mp4", "mov")


class StillSources:
    """Finds the cheapest way to a video's frames.

    Args:
        indexes: None: files are opened, and remote originals fetched whole.
    """

    def __init__(self, store: Store, indexes: Indexes | None = None) -> None:
        self._store = store
        self._indexes = indexes

    @asynccontextmanager
    async def of(self, row: VideoRow, folder: Path | None, *, once: bool = False) -> "AsyncIterator[StillSource]":
        """The source of a ready video, good for several frames.

        Args:
            folder: Folder for a copy of a remote original, as a last resort; None forbids it.
            once: For one frame of a file that is read again and again, its index is worth caching; for a
                pass over a local file libav reads it itself.
        """
        async with AsyncExitStack() as stack:
            whole = _Whole(self._store, keys.original(row.id), folder, stack)
            if self._indexes is None or row.container not in _INDEXED or (whole.is_local and not once):
                yield whole
            else:
                yield _SamplesElseWhole(self._indexes, row, whole)


class _Whole:
    """The original as a file, copied when it is first needed."""

    def __init__(self, store: Store, key: str, folder: Path | None, stack: AsyncExitStack) -> None:
        self.is_local = isinstance(store, LocalFiles)
        self._store = store
        self._key = key
        self._folder = folder
        self._stack = stack
        self._path: Path | None = None

    @asynccontextmanager
    async def opened(
        self, times: "Sequence[StillTime]", *, budget: int, exact: bool = False
    ) -> "AsyncIterator[Opened]":
        from playhead.media.stills.source import FileSource

        path = await self._get()
        try:
            async with FileSource(path).opened(times, budget=budget, exact=exact) as opened:
                yield opened
        except FileNotFoundError as error:
            raise ObjectNotFound(self._key) from error

    async def _get(self) -> Path:
        if self._path is None:
            if isinstance(self._store, LocalFiles):
                self._path = self._store.path(self._key)
            elif self._folder is None:
                raise NotFound(
                    "This video's frames cannot be read without fetching all of it.",
                    code="still_out_of_reach",
                    title="Image not found",
                )
            else:
                self._path = await self._stack.enter_async_context(self._store.local_copy(self._key, self._folder))
        return self._path


class _SamplesElseWhole:
    """The samples that are needed, by the index; the file where that is beyond our own reader."""

    def __init__(self, indexes: Indexes, row: VideoRow, whole: _Whole) -> None:
        self._indexes = indexes
        self._row = row
        self._whole = whole

    @asynccontextmanager
    async def opened(
        self, times: "Sequence[StillTime]", *, budget: int, exact: bool = False
    ) -> "AsyncIterator[Opened]":
        from playhead.media.stills.source import MovieSource

        key = keys.original(self._row.id)
        async with AsyncExitStack() as stack:
            try:
                movie = await self._indexes.movie(key, self._row.sha256, self._row.size_bytes)
                source = MovieSource(movie, self._indexes.reader(key))
                opened = await stack.enter_async_context(source.opened(times, budget=budget, exact=exact))
            except Mp4Unreadable:
                opened = await stack.enter_async_context(self._whole.opened(times, budget=budget, exact=exact))
            yield opened


def shape_of(row: VideoRow) -> "Shape":
    """Facts of the probe that stills need."""
    from playhead.media.probe import Probe
    from playhead.media.stills.make import Shape

    if row.probe is not None:
        return Shape.of(Probe.from_dict(row.probe))
    pixels = (row.width or 1920) * (row.height or 1080)
    return Shape(duration_s=row.duration_s or 0.0, fps=row.fps or 25.0, pixels=pixels)
