"""Recordings as HLS while they grow: the `catalog.seams.LiveStreams` of this server.

A process reads the files of the recordings that somebody watches, each once for all viewers, and keeps what it found.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from playhead.catalog.seams import LiveSpan
from playhead.db.database import Database
from playhead.errors import NotFound
from playhead.kit.ids import is_id
from playhead.live.errors import LiveEnded, NotLiveYet, RecordingNotFound
from playhead.live.parts import Part, parts_in
from playhead.live.tables import RecordingRow
from playhead.media.hls.live import EventPlaylist, LivePart
from playhead.media.mp4.growing import GrowingFile

REMEMBERED = 16
"""Recordings whose files are known; those of 12 hours take 7 MB."""

SCAN_S = 0.1
"""Shortest time between two scans: a fragment is listed this long after it became whole, at most."""

STATE_S = 1.0
"""Age at which the state of a recording is read anew."""

FIRST_WAIT_S = 6.0
"""How long a player waits for the first segment; hls.js gives up after ten."""

HINTED_WAIT_S = 3.0
"""How long a player waits for the partial segment that it was told to expect."""


class RecordingStreams:
    """Playlists of recordings, and the places of their segments.

    Args:
        folder: Folder of all recordings on this host.
        low_latency: See `EventPlaylist`.
    """

    def __init__(self, database: Database, folder: Path, *, low_latency: bool = False) -> None:
        self._database, self._folder, self._low_latency = database, folder, low_latency
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
        file = await stream.file(capture_id)
        if first is None:
            if not file.init_size:
                raise NotLiveYet(recording_id)
            return LiveSpan(file.path, None, 0, file.init_size)
        if first + count > len(file.fragments):  # another process may have listed it already
            bound_s = HINTED_WAIT_S if self._low_latency else 2 * SCAN_S
            await self._until(stream, lambda: first + count <= len(file.fragments), bound_s)
        if count < 1 or first + count > len(file.fragments):
            raise NotFound(f"Recording {recording_id} has no such segment.", hint="Load its playlist again.")
        last = file.fragments[first + count - 1]
        return LiveSpan(file.path, None, file.fragments.offsets[first], last.offset + last.size)

    def _stream(self, recording_id: str) -> "_Stream":
        if not is_id("rec", recording_id):
            raise RecordingNotFound(recording_id)
        stream = self._streams.get(recording_id)
        if stream is None:
            playlist = EventPlaylist(low_latency=self._low_latency)
            stream = self._streams[recording_id] = _Stream(recording_id, self._folder / recording_id, playlist)
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
            await asyncio.to_thread(stream.scan)
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


class _Stream:
    """What is known of one recording.

    Attributes:
        files: Its files by the id of their capture; empty once they are gone.
        lock: Held while its files are read.
        scanned_s, asked_s: Monotonic times at which its files and its row were read.
        over: It does not record any more.
        tick: The next scan, for all that wait for it.
    """

    def __init__(self, recording_id: str, folder: Path, playlist: EventPlaylist) -> None:
        self.recording_id, self.folder, self.playlist = recording_id, folder, playlist
        self.files: dict[str, GrowingFile] = {}
        self.lock = asyncio.Lock()
        self.scanned_s = self.asked_s = float("-inf")
        self.over = False
        self.tick: asyncio.Task[None] | None = None

    def scan(self) -> None:
        """Read the files on and list what is complete. Runs in a thread, under the lock."""
        over = self.over  # read before the files: a part is complete once its recording is
        parts = parts_in(self.folder)
        found = {part.manifest.capture_id: self._known(part.path) for part in parts}
        for file in found.values():
            file.scan()
        self.files = found
        self.playlist.advance([self._live(part) for part in _of_one_lane(parts, found)], over=over)

    async def file(self, capture_id: str) -> GrowingFile:
        """The file of a capture.

        Raises:
            NotFound: there is none, or not any more.
        """
        path = self.folder / f"{capture_id}.mp4"
        if not is_id("cap", capture_id) or not path.is_file():
            raise NotFound("This part of the recording is gone.", hint="Ask for a new playback URL.")
        async with self.lock:
            file = self._known(path)
            if capture_id not in self.files:
                self.files[capture_id] = file
                await asyncio.to_thread(file.scan)
        return file

    def _known(self, path: Path) -> GrowingFile:
        return self.files.get(path.stem) or GrowingFile(path)

    def _live(self, part: Part) -> LivePart:
        name = part.manifest.capture_id
        return LivePart(uri=f"live-{name}", file=self.files[name], clock=part.manifest.clock, began_at=part.recorded_at)


def _of_one_lane(parts: list[Part], files: dict[str, GrowingFile]) -> list[Part]:
    """The parts of the first redundant capture that received anything: the other one shows the same."""
    lanes = {part.manifest.lane for part in parts if files[part.manifest.capture_id].fragments}
    shown = min(lanes, default=0)
    return [part for part in parts if part.manifest.lane == shown]
