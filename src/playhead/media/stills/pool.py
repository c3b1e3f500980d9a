"""Warm processes that decode: started when a picture is wanted, gone when none has been for a while."""

import asyncio
import json
import math
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

import playhead
from playhead.kit.units import GIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.errors import ProbeFailed
from playhead.media.reader import av_folder
from playhead.media.stills.errors import NoStill, StillsBusy

log = structlog.get_logger(__name__)

LIMITS = Limits(memory_bytes=3 * GIB, cpu_s=45, file_bytes=0)
"""Of one request: each runs in a fork, whose processor time counts from nothing."""

MAX_ANSWER_BYTES = 16 << 20
_START_S = 20.0
_REAPED_S = 1.0
_PROGRAM = Path(__file__).with_name("child") / "__main__.py"


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many, how long.

    Attributes:
        size: Processes at most: as many pictures are made at once.
        uses: Requests after which a process is replaced.
        idle_s: Without a request for so long, it ends; it holds 40 MiB.
        waiting: Requests that may wait for a process; one more is refused.
    """

    size: int = 2
    uses: int = 200
    idle_s: float = 30.0
    waiting: int = 64


class StillsPool:
    """Hands videos, as open descriptors, to processes that may hold nothing else. ``close`` it at the end.

    Nothing is started before the first request. A process that takes too long, or ends without an answer, is killed
    with all that it started, and the next request gets a new one.
    """

    def __init__(self, settings: PoolSettings | None = None) -> None:
        self.settings = settings or PoolSettings()
        self._idle: list[_Child] = []
        self._slots = asyncio.Semaphore(self.settings.size)
        self._waiting = 0
        self._sweeper: asyncio.Task[None] | None = None

    async def ask(
        self, video: int, request: dict[str, Any], *, timeout_s: float = 40.0
    ) -> tuple[dict[str, Any], bytes]:
        """Have a request carried out (`child.operations`).

        Args:
            video: Descriptor of a regular file; it stays the caller's.

        Returns:
            Facts, and the picture.

        Raises:
            NoStill: nothing could be decoded, or not in time.
            StillsBusy: too many wait already.
        """
        async with self._turn(), self._lent() as process:
            try:
                async with asyncio.timeout(timeout_s):
                    facts, picture = await process.ask(video, request)
            except TimeoutError:
                raise NoStill(f"No picture came out of this video within {timeout_s:.0f} s.") from None
        if "problem" in facts:
            raise NoStill(f"No picture could be made of this video: {facts['reason']}.")
        return facts, picture

    async def close(self) -> None:
        """End all processes that wait."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.wait([self._sweeper])
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._slots.locked() and self._waiting >= self.settings.waiting:
            raise StillsBusy(f"{self._waiting} pictures are waited for already.", hint="Try again in a few seconds.")
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator["_Child"]:
        process = await self._one()
        try:
            yield process
        except BaseException:
            await asyncio.shield(process.close())
            raise
        if process.uses >= self.settings.uses or not process.is_well:
            await process.close()
            return
        process.idle_since = time.monotonic()
        self._idle.append(process)
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.create_task(self._sweep(), name="idle stills")

    async def _one(self) -> "_Child":
        while self._idle:
            process = self._idle.pop()
            if process.is_alive:
                return process
            await process.close()
        return await _Child.start()

    async def _sweep(self) -> None:
        while self._idle:
            oldest = min(process.idle_since for process in self._idle)
            await asyncio.sleep(max(0.0, oldest + self.settings.idle_s - time.monotonic()))
            overdue = time.monotonic() - self.settings.idle_s
            gone = [process for process in self._idle if process.idle_since <= overdue]
            self._idle = [process for process in self._idle if process.idle_since > overdue]
            for process in gone:
                await process.close()


@asynccontextmanager
async def one_process() -> AsyncIterator[StillsPool]:
    """A pool of one for a job or a command; its process is gone at the end."""
    pool = StillsPool(PoolSettings(size=1))
    try:
        yield pool
    finally:
        await pool.close()


class _Child:
    """One process, and the channel that descriptors go to it through."""

    def __init__(self, stack: AsyncExitStack, process: asyncio.subprocess.Process, channel: socket.socket) -> None:
        self.uses = 0
        self.is_well = True
        self.idle_since = -math.inf
        self.pid = process.pid
        self._stack = stack
        self._process = process
        self._channel = channel
        assert process.stderr is not None
        self._log = asyncio.create_task(log_tail(process.stderr), name="stills log")

    @classmethod
    async def start(cls) -> "_Child":
        """Start one; it is ready about 130 ms later.

        Raises:
            ProbeFailed: it is not.
        """
        folders = str(av_folder()), str(Path(playhead.__file__).parents[1])
        async with AsyncExitStack() as stack:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            stack.callback(ours.close)
            ours.setblocking(False)
            with theirs:
                number = theirs.fileno()
                command = [sys.executable, "-I", "-S", str(_PROGRAM), *folders, str(number)]
                process = await stack.enter_async_context(child(command, limits=LIMITS, pass_fds=[number]))
            found = cls(stack.pop_all(), process, ours)
        try:
            async with asyncio.timeout(_START_S):
                ready = await asyncio.get_running_loop().sock_recv(ours, 1) == b"+"
        except (TimeoutError, OSError):
            ready = False
        except BaseException:
            await asyncio.shield(found.close())
            raise
        if not ready:
            lines = await found.close()
            raise ProbeFailed(f"The program that decodes pictures did not start: {' | '.join(lines[-3:])}")
        return found

    @property
    def is_alive(self) -> bool:
        """Whether nobody has killed it while it waited."""
        return self._process.returncode is None

    async def ask(self, video: int, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """One request, one answer."""
        self.uses += 1
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with ours:
            with theirs:
                try:
                    socket.send_fds(self._channel, [b"?"], [theirs.fileno(), video])
                except OSError as error:  # it was killed from outside while it waited
                    raise ProbeFailed("The process that decodes pictures is gone.") from error
            ours.setblocking(False)
            with suppress(BrokenPipeError, ConnectionResetError):
                await loop.sock_sendall(ours, json.dumps(request).encode())
                ours.shutdown(socket.SHUT_WR)
            answer = await _read(loop, ours)
        await self._reaped(loop)
        return _parted(answer)

    async def _reaped(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            async with asyncio.timeout(_REAPED_S):
                self.is_well = await loop.sock_recv(self._channel, 1) == b"."
        except (TimeoutError, OSError):
            self.is_well = False  # its fork has answered and goes on: into the bin with both

    async def close(self) -> list[str]:
        """Kill it, whatever it does; gives the last lines of its log."""
        await self._stack.aclose()
        lines = await self._log
        if lines:
            log.warning("stills_child_log", pid=self.pid, lines=lines[-5:])
        return lines


async def _read(loop: asyncio.AbstractEventLoop, stream: socket.socket) -> bytes:
    answer = bytearray()
    with suppress(ConnectionResetError):
        while block := await loop.sock_recv(stream, 1 << 18):
            answer += block
            if len(answer) > MAX_ANSWER_BYTES:
                raise NoStill(f"The picture is larger than {MAX_ANSWER_BYTES} bytes.")
    return bytes(answer)


def _parted(answer: bytes) -> tuple[dict[str, Any], bytes]:
    """Facts and picture; the child has read hostile bytes, so neither is believed to be well formed."""
    head = int.from_bytes(answer[:4], "big")
    try:
        facts = json.loads(answer[4 : 4 + head])
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        raise NoStill("This video is damaged in a way that stops the decoder.")
    picture = answer[4 + head :]
    if "problem" in facts:
        return {"problem": "said", "reason": str(facts.get("reason"))[:200]}, b""
    if not (picture.startswith(b"\xff\xd8") or picture[:4] + picture[8:12] == b"RIFFWEBP"):
        raise NoStill("What came out of this video is no picture.")
    return facts, picture
