"""A decoder process, and the channel that passes descriptors to it."""

import asyncio
import json
import math
import socket
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import structlog

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.errors import ProbeFailed
from playhead.media.reader import av_command
from playhead.media.stills.errors import NoStill

LIMITS = Limits(memory_bytes=3 * GIB, data_bytes=1536 * MIB, cpu_s=45, file_bytes=0)
"""Limits of one request: each runs in a fork, whose processor time counts from zero. A frame of 8K in 10 bits has
100 MB, and a decoder holds up to 7 of them: 950 MiB in all (November 2026)."""

MAX_ANSWER_BYTES = 16 << 20
"""Most bytes of an answer, unless a request says otherwise."""

_START_S = 20.0
_REAPED_S = 1.0
_PROGRAM = Path(__file__).with_name("child") / "__main__.py"

log = structlog.get_logger(__name__)


class ProcessGone(Exception):
    """The process ended, and not by the request: something killed it."""


class DecoderProcess:
    """A process that answers one request at a time, each in a fork of itself. ``close`` it at the end.

    Attributes:
        uses: Number of requests so far.
        is_well: Whether its last fork has ended, so that it waits for the next request.
    """

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
    async def start(cls) -> "DecoderProcess":
        """Start a process; it is ready about 130 ms later.

        Raises:
            ProbeFailed: it did not start.
        """
        async with AsyncExitStack() as stack:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            stack.callback(ours.close)
            ours.setblocking(False)
            with theirs:
                number = theirs.fileno()
                command = av_command(_PROGRAM, str(number))
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
            raise ProbeFailed(f"The decoder of stills did not start: {' | '.join(lines[-3:])}")
        return found

    @property
    def is_alive(self) -> bool:
        """Whether it still runs: an idle process may be killed from outside."""
        return self._process.returncode is None

    async def run(
        self, video: int, request: dict[str, Any], *, most_bytes: int = MAX_ANSWER_BYTES
    ) -> tuple[dict[str, Any], bytes]:
        """Run one operation. A process whose call was cancelled can only be closed.

        Raises:
            NoStill: no answer, or none that makes sense.
            ProcessGone: another process may do it.
        """
        self.uses += 1
        self.is_well = False
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with ours:
            with theirs:
                try:
                    socket.send_fds(self._channel, [b"?"], [theirs.fileno(), video])
                except OSError as error:
                    raise ProcessGone from error
            ours.setblocking(False)
            with suppress(BrokenPipeError, ConnectionResetError):
                await loop.sock_sendall(ours, json.dumps(request).encode())
                ours.shutdown(socket.SHUT_WR)
            answer = await _read(loop, ours, most_bytes)
        self.is_well = await self._has_reaped(loop)
        if not answer and not self.is_well:
            raise ProcessGone
        return _split(answer)

    async def _has_reaped(self, loop: asyncio.AbstractEventLoop) -> bool:
        try:
            async with asyncio.timeout(_REAPED_S):
                return await loop.sock_recv(self._channel, 1) == b"."
        except (TimeoutError, OSError):
            return False  # its fork has answered but runs on: both are killed

    async def close(self) -> list[str]:
        """Kill the process at once; returns the last lines of its log."""
        await self._stack.aclose()
        lines = await self._log
        if lines:
            log.warning("stills_child_wrote", pid=self.pid, lines=lines[-5:])
        return lines


async def _read(loop: asyncio.AbstractEventLoop, stream: socket.socket, most_bytes: int) -> bytes:
    answer = bytearray()
    with suppress(ConnectionResetError):
        while block := await loop.sock_recv(stream, 1 << 18):
            answer += block
            if len(answer) > most_bytes:
                raise NoStill(f"The still is larger than {most_bytes} bytes.")
    return bytes(answer)


def _split(answer: bytes) -> tuple[dict[str, Any], bytes]:
    """Facts and image of an answer; the child has read hostile bytes, so neither is trusted to be well formed."""
    head = int.from_bytes(answer[:4], "big")
    try:
        facts = json.loads(answer[4 : 4 + head])
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        raise NoStill("This video is damaged in a way that stops the decoder.")
    image = answer[4 + head :]
    if "refused" in facts:
        return facts, b""
    if "problem" in facts:
        return {"problem": "said", "reason": str(facts.get("reason"))[:200]}, b""
    if not (image.startswith((b"\xff\xd8", b"\x89PNG")) or image[:4] + image[8:12] == b"RIFFWEBP"):
        raise NoStill("The decoder gave no image of this video.")
    return facts, image
