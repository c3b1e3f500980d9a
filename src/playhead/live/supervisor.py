"""The supervisor of one recording: keeps its lanes open, and decides when it is over.

A recording ends by a request, by the platform's word, when its source says that it is over, when no byte came for as
long as the reconnect window, or when the disk is full. The exit of a capture never ends it.
"""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playhead.errors import PlayheadError
from playhead.kit.clock import Clock, utc_now
from playhead.live.disk import Disk
from playhead.live.lanes import Connect, Lane, Open, Recorded
from playhead.live.parts import parts_in
from playhead.live.status import Health, Status

LOOK_S: Final = 0.5
RATE_OVER_S: Final = 10.0

RESUME_S: Final = 20.0
"""At least so long a recording that another worker began is tried, however long it was dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How long a supervisor waits for what.

    Attributes:
        stall_s: Without a byte, until a capture is reopened.
        window_s: Without a byte, until the recording is over; after the platform's word, too.
        longest_wait_s: Between two attempts to connect.
        has_platform: Detection says when the broadcast is over: its source's own end is not believed.
    """

    stall_s: float
    window_s: float
    longest_wait_s: float
    has_platform: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a recording ended.

    Attributes:
        reason: ``requested``, ``offline``, ``schedule``, ``ended``, ``lost``, ``refused``, ``disk_full``, ``deleted``.
        size_bytes: Of all its parts; 0 when nothing was recorded.
        error: Why the source could not be opened, if it could not.
        words: How the last capture ended.
    """

    reason: str
    size_bytes: int
    duration_s: float
    gaps: list[dict[str, Any]]
    error: PlayheadError | None = None
    words: str | None = None


class Supervisor:
    """The supervisor of a recording in this process; ``run`` it once.

    Args:
        status: What its row shows, and what is requested of it.
        captures: Redundant lanes.
    """

    def __init__(
        self,
        folder: Path,
        status: Status,
        open_source: Open,
        connect: Connect,
        bounds: Bounds,
        disk: Disk,
        *,
        captures: int = 1,
        clock: Clock = utc_now,
    ) -> None:
        self._folder, self._status, self._bounds = folder, status, bounds
        self._open, self._connect, self._disk = open_source, connect, disk
        self._captures, self._clock = captures, clock
        self._lanes: list[Lane] = []
        self._began = time.monotonic()
        self._silent_before_s = 0.0
        self._sizes: list[tuple[float, int]] = []

    async def run(self) -> Outcome:
        """Record until it is over. Canceled, it leaves the recording to another attempt."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lanes = await asyncio.to_thread(self._make_lanes)
        tasks = [asyncio.create_task(lane.run(), name=f"lane {lane.number}") for lane in self._lanes]
        try:
            reason = await self._until_over(tasks)
            self._status.health = "reconnecting"
            for lane in self._lanes:
                lane.end()
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self._show()
        lane, status = self._lanes[0], self._status
        return Outcome(
            reason, status.size_bytes, status.duration_s, status.gaps, error=lane.last_error, words=lane.last_words
        )

    def _make_lanes(self) -> list[Lane]:
        before = [found for part in parts_in(self._folder) if (found := Recorded.read(part))]
        if before:
            newest = max(each.part.path.stat().st_mtime for each in before)
            self._silent_before_s = max(0.0, min(time.time() - newest, self._bounds.window_s - RESUME_S))
        return [
            Lane(
                number,
                self._folder,
                self._open,
                self._connect,
                stall_s=self._bounds.stall_s,
                longest_wait_s=self._bounds.longest_wait_s,
                cause="host" if before or any(self._folder.glob("cap_*.json")) else None,
                before=[each for each in before if each.part.manifest.lane == number],
                believes_end=not self._bounds.has_platform,
            )
            for number in range(self._captures)
        ]

    async def _until_over(self, tasks: "list[asyncio.Task[None]]") -> str:
        while True:
            self._show()
            if (reason := self._requested() or self._source_over() or await self._disk_over(tasks)) is not None:
                return reason
            for task in tasks:
                if task.done() and (error := task.exception()) is not None:
                    raise error
            await asyncio.sleep(LOOK_S)

    def _requested(self) -> str | None:
        status = self._status
        if status.gone:
            return "deleted"
        if status.stop_reason is not None:
            return status.stop_reason
        if status.offline_at is not None:
            over_s = (self._clock() - status.offline_at).total_seconds()
            return "offline" if over_s > self._bounds.window_s else None
        return None

    def _source_over(self) -> str | None:
        connected = any(lane.recorded or lane.connected for lane in self._lanes)
        if not connected and any(_is_refusal(lane.last_error) for lane in self._lanes):
            return "refused"
        if all(lane.source_ended for lane in self._lanes) and not self._bounds.has_platform:
            return "ended"
        return "lost" if self._silent_s() > self._bounds.window_s else None

    async def _disk_over(self, tasks: "list[asyncio.Task[None]]") -> str | None:
        full = [lane for lane in self._lanes if lane.disk_full and tasks[lane.number].done()]
        if not await self._disk.has_room(ask_now=bool(full)):
            return "disk_full"
        for lane in full:
            lane.disk_full = False
            tasks[lane.number] = asyncio.create_task(lane.run(), name=f"lane {lane.number}")
        return None

    def _silent_s(self) -> float:
        """Since the last byte of any lane, counting what it was before this attempt."""
        now = time.monotonic()
        last = max(lane.bytes_at for lane in self._lanes)
        never = not any(lane.connected for lane in self._lanes)
        return now - last + (self._silent_before_s if never else 0.0)

    def _show(self) -> None:
        lanes, status = self._lanes, self._status
        status.size_bytes = sum(lane.size_bytes for lane in lanes)
        status.duration_s = max((lane.duration_s for lane in lanes), default=0.0)
        status.bytes_per_s = self._rate(status.size_bytes)
        status.gaps = lanes[0].gaps() if len(lanes) == 1 else status.gaps
        status.health = self._health()
        status.interrupted = status.health != "receiving" and self._silent_s() > self._bounds.stall_s

    def _health(self) -> Health:
        if any(lane.receives for lane in self._lanes):
            return "receiving"
        if any(lane.reconnecting for lane in self._lanes):
            return "reconnecting"
        return "stalled" if any(lane.connected for lane in self._lanes) else "starting"

    def _rate(self, size_bytes: int) -> float:
        """Bytes a second over the last ten seconds."""
        now = time.monotonic()
        self._sizes.append((now, size_bytes))
        while len(self._sizes) > 2 and now - self._sizes[0][0] > RATE_OVER_S:
            self._sizes.pop(0)
        since, size = self._sizes[0]
        return max(0.0, (size_bytes - size) / (now - since)) if now > since else 0.0


def _is_refusal(error: PlayheadError | None) -> bool:
    """Whether trying again has no chance: the address is wrong, or not allowed."""
    return error is not None and error.retry == "never"
