"""The capture of a pushed source by ffmpeg: RTMP, RTSP, SRT, MPEG-TS over HTTP."""

import asyncio
import os
import re
import signal
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from io import FileIO
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playhead.kit.clock import utc_now
from playhead.kit.units import GIB
from playhead.kit.urls import UrlRefused, check_url
from playhead.live.capture.capture import Ended, Opened
from playhead.live.capture.clocks import Beginning
from playhead.live.capture.command import SCHEMES, CaptureOptions, command, other_audio, pinned
from playhead.live.capture.packets import Change, PacketWatch
from playhead.live.parts import PartManifest
from playhead.media.children import LOG_LINES, Limits, child
from playhead.media.failure import failure
from playhead.media.ffmpeg import Ffmpeg
from playhead.media.mp4.growing import GrowingFile

LIMITS: Final = Limits(data_bytes=GIB)

LOOK_S: Final = 0.2
"""Between two looks for the first fragment."""

READ_S: Final = 0.5
"""Between two looks at the list of packets."""

FLUSH_S: Final = 3.0
"""Time to write what was received, after a request to end."""

AGAIN_S: Final = 0.5
"""A first SIGTERM does not interrupt a read of the network, a second one does."""

TRIES: Final = 3
"""Of a connection whose sound turns out to need another form."""

_JUMP_BACK_TICKS: Final = 48_000
"""A second of audio, half of one of MPEG-TS: less is a bad packet, not another clock."""

_BACK = re.compile(r"(vost|aost)#0:.*Non-monotonic DTS; previous: (-?\d+), current: (-?\d+)")
_FULL = ("No space left on device", "Disk quota exceeded")
_URL = re.compile(r"\w+://[^\s'\"]+")


class FfmpegCapture:
    """A capture by an ffmpeg of its own, which dies with this process.

    Args:
        allow_private: Whether the source may be on this computer or in a private network.
    """

    def __init__(self, opened: Opened, ffmpeg: Ffmpeg, options: CaptureOptions, *, allow_private: bool) -> None:
        self._opened, self._ffmpeg = opened, ffmpeg
        self._options = replace(options, public_only=not allow_private)
        self._allow_private = allow_private
        self._stopping = asyncio.Event()
        self._lines: deque[str] = deque(maxlen=LOG_LINES)
        self._change: Change | None = None
        self._last_good: dict[str, int] = {}

    async def run(self, folder: Path, manifest: PartManifest) -> Ended:
        """Write the part. See `Capture.run`."""
        manifest.write(folder)
        try:
            ended = await self._captured(folder, manifest)
        except UrlRefused as error:
            ended = Ended("failed", "source", str(error))
        if self._change is not None:
            await asyncio.to_thread(self._cut, folder / f"{manifest.capture_id}.mp4", self._change)
        written = PartManifest.read(folder / f"{manifest.capture_id}.json")
        written.but(ended_at=utc_now().isoformat(), end=ended.detail).write(folder)
        return ended

    async def stop(self) -> None:
        """End it; `run` returns when what was received is written."""
        self._stopping.set()

    async def _captured(self, folder: Path, manifest: PartManifest) -> Ended:
        url = self._opened.url
        checked = await check_url(url, SCHEMES, allow_private=self._allow_private)
        if not self._allow_private:
            url = pinned(checked)
        part = folder / f"{manifest.capture_id}.mp4"
        for _ in range(TRIES):
            self._lines.clear()
            code = await self._ffmpeg_run(url, part, manifest)
            audio = other_audio(self._lines) if code else None
            if audio is None or audio == self._options.audio or GrowingFile(part).scan():
                break  # what was received is never written over
            self._options = replace(self._options, audio=audio)
        return self._ended(code)

    async def _ffmpeg_run(self, url: str, part: Path, manifest: PartManifest) -> int:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        with open(reader, "rb", buffering=0) as facts, open(writer, "wb", buffering=0) as childs_end:  # noqa: PTH123, ASYNC230
            words = command(self._ffmpeg.binary, self._opened, url, part, self._options, facts=writer)
            async with child(words, limits=LIMITS, pass_fds=[writer]) as process:
                childs_end.close()
                await self._follow(process, facts, part, manifest)
        return process.returncode or 0

    async def _follow(
        self, process: asyncio.subprocess.Process, facts: FileIO, part: Path, manifest: PartManifest
    ) -> None:
        assert process.stderr is not None
        exited = asyncio.create_task(process.wait())
        reading = [
            asyncio.create_task(self._read_packets(facts, exited)),
            asyncio.create_task(self._read_log(process.stderr)),
        ]
        tasks = [
            exited,
            *reading,
            asyncio.create_task(self._note_beginning(part, manifest)),
            asyncio.create_task(self._end_when_asked(process)),
        ]
        try:
            await asyncio.wait({exited})
            await asyncio.wait(reading, timeout=FLUSH_S)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read_packets(self, facts: FileIO, exited: "asyncio.Task[int]") -> None:
        """Read the list a few times a second: a wake-up for each packet would cost more than all else."""
        watch, rest = PacketWatch(), ""
        while (block := facts.read(65536)) != b"":
            *lines, rest = (rest + (block or b"").decode("ascii", errors="replace")).split("\n")
            now = time.monotonic()
            for line in lines:
                if self._change is None and (change := watch.read(line, now)) is not None:
                    self._changed(change)
            await asyncio.wait({exited}, timeout=READ_S)

    async def _read_log(self, stream: asyncio.StreamReader) -> None:
        rest = ""
        while block := await stream.read(65536):
            *lines, rest = (rest + block.decode(errors="replace")).split("\n")
            for line in lines:
                self._read_line(line)
            rest = rest[-2000:]
        self._read_line(rest)

    def _read_line(self, line: str) -> None:
        if (back := _BACK.search(line)) is None:
            if line.strip():
                self._lines.append(self.shown(line))
        elif int(back[2]) - int(back[3]) > _JUMP_BACK_TICKS:
            self._last_good.setdefault(back[1], int(back[2]))
            if self._change is None:
                self._changed(Change(float("inf"), "The source's clock began anew."))

    def _changed(self, change: Change) -> None:
        self._change = change
        self._stopping.set()

    async def _note_beginning(self, part: Path, manifest: PartManifest) -> None:
        """Write down when the first frame came: at once, and again when it is known better."""
        beginning = Beginning(part)
        try:
            while not beginning.look():
                beginning.note(part.parent, manifest)
                await asyncio.sleep(LOOK_S)
        finally:
            beginning.look()
            beginning.note(part.parent, manifest)

    async def _end_when_asked(self, process: asyncio.subprocess.Process) -> None:
        await self._stopping.wait()
        for number, wait_s in ((signal.SIGTERM, AGAIN_S), (signal.SIGTERM, FLUSH_S), (signal.SIGKILL, FLUSH_S)):
            with suppress(ProcessLookupError):
                process.send_signal(number)
            await asyncio.sleep(wait_s)

    def _ended(self, code: int) -> Ended:
        if self._change is not None:
            return Ended("changed", "source", self._change.words)
        if self._stopping.is_set():
            return Ended("stopped", "capture", "The capture was stopped.")
        if any(sign in line for line in self._lines for sign in _FULL):
            return Ended("disk_full", "disk", "No room is left on the disk.")
        if code < 0:
            return Ended("failed", "capture", f"ffmpeg was ended by {signal.Signals(-code).name}.")
        return self._ended_by_source(code)

    def _ended_by_source(self, code: int) -> Ended:
        if code:
            return Ended("failed", "source", failure("capture", code, list(self._lines), limits=LIMITS).detail)
        if urlsplit(self._opened.url).scheme.startswith("http"):
            return Ended("end", "source", "The source ended.")
        return Ended("failed", "source", "The source closed the connection.")

    def shown(self, line: str) -> str:
        """A line of ffmpeg's log without the source's address, which may hold a stream key."""
        secrets = {part for part in urlsplit(self._opened.url).path.split("/")[2:] if len(part) > 3}
        for secret in (self._opened.url, *sorted(secrets, key=len, reverse=True)):
            line = line.replace(secret, "...")
        return _URL.sub("the source", line)[:500]

    def _cut(self, part: Path, change: Change) -> None:
        """Cut a part before the fragment that begins with what came after a change."""
        growing = GrowingFile(part)
        growing.scan()
        at_s = change.at_s
        video = next((track for track in growing.tracks if track.kind == "video"), None)
        if video is not None and "vost" in self._last_good:  # what came after it was squeezed behind it, tick by tick
            at_s = (self._last_good["vost"] + 1) / video.timescale
        bad = next((each.offset for each in growing.fragments if each.start_s >= at_s - 1e-6), None)
        if bad is not None:
            os.truncate(part, bad)
