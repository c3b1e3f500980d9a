"""Recordings as HLS while they grow: the `catalog.seams.LiveStreams` of this server.

A process reads the files of the recordings that somebody watches, each once for all viewers, and keeps what it found.
Of a part that another host records it reads what that has shipped to the store.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import structlog

from playhead.catalog.seams import LiveSpan
from playhead.db.database import Database
from playhead.errors import NotFound, PlayheadError
from playhead.kit.ids import is_id
from playhead.live.errors import LiveEnded, NotLiveYet, RecordingNotFound
from playhead.live.parts import Part, parts_in
from playhead.live.shipped import scan_shipped
from playhead.live.shipping import Manifests, ShippedPart, Shipping
from playhead.live.tables import RecordingRow
from playhead.media.hls.live import EventPlaylist, LivePart
from playhead.media.mp4.growing import GrowingFile

log = structlog.get_logger(__name__)

REMEMBERED = 16
"""Recordings whose files are known; those of 12 hours take 7 MB."""

SCAN_S = 0.1
"""Shortest time between two scans: a fragment is listed this long after it became whole, at most."""

STATE_S = 1.0
"""Age at which the state of a recording is read anew."""

FIRST_WAIT_S = 6.0
"""How long a player waits for the first segment; hls.js gives up after ten."""

FETCH_S = 2.5
"""Longest time between two looks at what other hosts have shipped."""

FETCH_WAIT_S = 2.0
"""How long a look may take if there is something to show without it."""

HINTED_WAIT_S = 3.0
"""How long a player waits for the partial segment that it was told to expect."""


class RecordingStreams:
    """Playlists of recordings, and the places of their segments.

    Args:
        folder: Folder of all recordings on this host.
        shipping: Brings what other hosts record.
        low_latency: See `EventPlaylist`.
    """

    def __init__(self, database: Database, folder: Path, shipping: Shipping, *, low_latency: bool = False) -> None:
        self._database, self._folder, self._low_latency = database, folder, low_latency
        self._shipping = shipping
        self._streams: OrderedDict[str, _Stream] = OrderedDict()

    async def playlist(
        self, recording_id: str, query: str, *, wait_for: tuple[int, int] | None = None, skip: bool = False
    ) -> str:
        """See `LiveStreams`."""
        stream = self._stream(recording_id)
        await self._refresh(stream)
        playlist = stream.playlist
        if not len(playlist):
            await self._until(stream, lambda: len(playlist) > 0, FIRST_WAIT_S)
        elif wait_for is not None and wait_for[0] <= len(playlist) + 1:
            await self._until(stream, lambda: playlist.has(*wait_for), 3 * playlist.target_s)
        if len(playlist) and (stream.files or not playlist.over):
            return playlist.text(query, skip=skip)
        raise LiveEnded(recording_id) if playlist.over else NotLiveYet(recording_id)

    async def bytes_of(self, recording_id: str, capture_id: str, first: int | None, count: int) -> LiveSpan:
        """See `LiveStreams`."""
        stream = self._stream(recording_id)
        if not stream.has(capture_id):
            await self._refresh(stream)
        file = await stream.file(capture_id)
        if first is None:
            if not file.init_size:
                raise NotLiveYet(recording_id)
            return stream.span(file, 0, file.init_size)
        if first + count > len(file.fragments):  # another process may have listed it already
            is_late = self._low_latency or stream.playlist.lag_s
            bound_s = HINTED_WAIT_S if is_late else 2 * SCAN_S
            await self._until(stream, lambda: first + count <= len(file.fragments), bound_s)
        if count < 1 or first + count > len(file.fragments):
            raise NotFound(f"Recording {recording_id} has no such segment.", hint="Load its playlist again.")
        last = file.fragments[first + count - 1]
        return stream.span(file, file.fragments.offsets[first], last.offset + last.size)

    def _stream(self, recording_id: str) -> "_Stream":
        if not is_id("rec", recording_id):
            raise RecordingNotFound(recording_id)
        stream = self._streams.get(recording_id)
        if stream is None:
            playlist = EventPlaylist(low_latency=self._low_latency)
            folder = self._folder / recording_id
            stream = _Stream(recording_id, folder, playlist, remote=self._shipping.needed)
            self._streams[recording_id] = stream
            while len(self._streams) > REMEMBERED:
                self._streams.popitem(last=False)
        self._streams.move_to_end(recording_id)
        return stream

    async def _refresh(self, stream: "_Stream") -> None:
        """Read what is new, unless that was done just now.

        Raises:
            RecordingNotFound: it was deleted, or never was.
        """
        async with stream.lock:
            now = time.monotonic()
            if now - stream.scanned_s < SCAN_S:
                return
            if now - stream.asked_s >= STATE_S:
                stream.over = await self._is_over(stream.recording_id)
                stream.asked_s = now
            if self._shipping.needed:
                await stream.fetch(self._shipping)
            await asyncio.to_thread(stream.scan)
            stream.playlist.low_latency = self._low_latency and not stream.playlist.lag_s
            stream.scanned_s = time.monotonic()

    async def _is_over(self, recording_id: str) -> bool:
        async with self._database.read() as session:
            row = await session.get(RecordingRow, recording_id)
        if row is None:
            self._streams.pop(recording_id, None)
            raise RecordingNotFound(recording_id)
        return row.state != "recording"

    async def _until(self, stream: "_Stream", holds: Callable[[], bool], bound_s: float) -> None:
        """Wait until something holds, the recording ends or the time is over. All that wait share each scan."""
        end = time.monotonic() + bound_s
        while not holds() and not stream.playlist.over and time.monotonic() < end:
            if stream.tick is None or stream.tick.done():
                stream.tick = asyncio.create_task(self._tick(stream), name="scan a recording")
            await asyncio.shield(stream.tick)

    async def _tick(self, stream: "_Stream") -> None:
        await asyncio.sleep(SCAN_S)
        await self._refresh(stream)


class _Here(NamedTuple):
    """What this host has of a recording.

    Attributes:
        age_s: Seconds since its files grew.
        is_whole: Each part that this host knows of is here, and there is one.
    """

    age_s: float
    is_whole: bool


class _Stream:
    """What is known of one recording.

    Args:
        remote: Other hosts may have parts of it, so nothing is listed before they were asked for.

    Attributes:
        files: Its files by the id of their capture; empty once they are gone.
        lock: Held while its files are read.
        scanned_s, asked_s: Monotonic times at which its files and its row were read.
        over: It does not record any more.
        shipped: What the store has of its parts, by capture; none where this host records it.
        tick: The next scan, for all that wait for it.
    """

    def __init__(self, recording_id: str, folder: Path, playlist: EventPlaylist, *, remote: bool) -> None:
        self.recording_id, self.folder, self.playlist = recording_id, folder, playlist
        self.files: dict[str, GrowingFile] = {}
        self.lock = asyncio.Lock()
        self.scanned_s = self.asked_s = float("-inf")
        self.over = False
        self.shipped: dict[str, ShippedPart] = {}
        self._manifests: Manifests = {}
        self._fetched_s, self._is_fetched, self._is_whole = float("-inf"), True, not remote
        self.tick: asyncio.Task[None] | None = None

    def scan(self) -> None:
        """Read the files on and list what is complete. Runs in a thread, under the lock."""
        over = self.over and self._is_fetched  # read before the files: a part is complete once its recording is
        here = parts_in(self.folder)
        parts = sorted(here + self._elsewhere(here), key=lambda part: part.path)
        found = {part.path.stem: self._known(part.path) for part in parts}
        for part in here:
            found[part.path.stem].scan()
        self.files = found
        if self._is_whole:
            self.playlist.advance([self._live(part) for part in _of_one_lane(parts, found)], over=over)

    async def fetch(self, shipping: Shipping) -> None:
        """Read on what other hosts have shipped, under the lock. A store that is away leaves what is known."""
        now = time.monotonic()
        is_last = self.over and not self.playlist.over
        if now - self._fetched_s < min(FETCH_S, shipping.interval_s) and not is_last:
            return
        here = await asyncio.to_thread(self._look_here)
        if here.is_whole and here.age_s < shipping.interval_s:
            self.playlist.lag_s, self._is_fetched, self._is_whole = 0.0, True, True
        else:
            await self._fetch(shipping, here)
        self._fetched_s = time.monotonic()

    async def _fetch(self, shipping: Shipping, here: "_Here") -> None:
        try:
            async with asyncio.timeout(FETCH_WAIT_S if here.is_whole else None):
                await self._fetch_parts(shipping)
        except (PlayheadError, OSError) as error:
            if self._is_fetched:
                log.warning("recording_not_fetched", recording_id=self.recording_id, detail=str(error))
            self._is_fetched = False
            self._is_whole = self._is_whole or here.is_whole
            return
        newest = max(self.shipped, default="")
        self.playlist.lag_s = shipping.interval_s if newest and not self._path(newest).is_file() else 0.0
        self._is_fetched = self._is_whole = True

    async def _fetch_parts(self, shipping: Shipping) -> None:
        """Read on each part, and show none before those that precede it are read."""
        found = {part.manifest.capture_id: part for part in await shipping.parts_of(self.recording_id, self._manifests)}
        self.shipped = {name: part for name, part in self.shipped.items() if name in found}
        for name, part in found.items():
            if not self._path(name).is_file():
                file = self.files[name] = self._known(self._path(name))
                await scan_shipped(shipping, part, file)
            self.shipped[name] = part

    def _look_here(self) -> "_Here":
        paths = [part.path for part in parts_in(self.folder)]
        newest_s = max(map(_modified_s, paths), default=0.0)
        is_restored = all(path.with_suffix(".mp4").exists() for path in self.folder.glob("cap_*.json"))
        return _Here(time.time() - newest_s, bool(paths) and is_restored)

    def has(self, capture_id: str) -> bool:
        """Whether a part is known, or here."""
        return capture_id in self.files or (is_id("cap", capture_id) and self._path(capture_id).is_file())

    def span(self, file: GrowingFile, start: int, end: int) -> LiveSpan:
        """Where bytes of a part are: here if they can."""
        part = None if file.path.is_file() else self.shipped.get(file.path.stem)
        return LiveSpan(file.path, start, end, part.between(start, end) if part else ())

    async def file(self, capture_id: str) -> GrowingFile:
        """The file of a capture.

        Raises:
            NotFound: there is none, or not any more.
        """
        if not self.has(capture_id):
            raise NotFound("This part of the recording is gone.", hint="Ask for a new playback URL.")
        async with self.lock:
            file = self._known(self._path(capture_id))
            if capture_id not in self.files:
                self.files[capture_id] = file
                await asyncio.to_thread(file.scan)
        return file

    def _path(self, capture_id: str) -> Path:
        return self.folder / f"{capture_id}.mp4"

    def _elsewhere(self, here: list[Part]) -> list[Part]:
        """The parts that the store has, and this host has not."""
        local = {part.path for part in here}
        parts = (Part(part.manifest, self._path(name)) for name, part in self.shipped.items())
        return [part for part in parts if part.path not in local]

    def _known(self, path: Path) -> GrowingFile:
        return self.files.get(path.stem) or GrowingFile(path)

    def _live(self, part: Part) -> LivePart:
        name = part.manifest.capture_id
        return LivePart(uri=f"live-{name}", file=self.files[name], clock=part.manifest.clock, began_at=part.recorded_at)


def _modified_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # deleted since
        return 0.0


def _of_one_lane(parts: list[Part], files: dict[str, GrowingFile]) -> list[Part]:
    """The parts of the first redundant capture that received anything: the other one shows the same."""
    lanes = {part.manifest.lane for part in parts if files[part.manifest.capture_id].fragments}
    shown = min(lanes, default=0)
    return [part for part in parts if part.manifest.lane == shown]
