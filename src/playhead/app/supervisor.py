"""Keeps the processes beside a server alive, and takes them down with it: its worker, and more servers."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

import structlog

log = structlog.get_logger(__name__)

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
STEADY_S = 60.0
"""A process that lived so long did not fail at its start: the wait begins small again."""

STOP_S = 8.0
"""Time for a worker's hand-over, which takes about two seconds, before SIGKILL."""

Died = Callable[[int, str], Awaitable[None]]
"""Takes the process id of a child that died, and how it did."""

Joined = Callable[[socket.socket], None]
"""Takes this server's end of a socket pair to a child."""


class ChildProcess:
    """A ``playhead`` command beside the server: started anew when it dies, with growing waits.

    Args:
        name: In the log: ``worker``, ``server``.
        arguments: The command's words.
        environment: Its variables: the settings of this server.
        listener: Handed over as ``--listener FD``, for a child that serves as well.
        joined: Called with our end of a new socket pair whose other end the child has as ``--channel FD``.
        died: Called after each unexpected death.
        stop_s: From SIGTERM to SIGKILL.

    Attributes:
        started: Set once its first process runs, or could not be started.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        listener: socket.socket | None = None,
        joined: Joined | None = None,
        died: Died | None = None,
        stop_s: float = STOP_S,
    ) -> None:
        self._name, self._arguments, self._environment = name, list(arguments), dict(environment)
        self._listener, self._joined, self._died, self._stop_s = listener, joined, died, stop_s
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self.started = asyncio.Event()

    async def run(self) -> None:
        """Start it, again and again; cancel this and call ``stop`` at the end."""
        wait = FIRST_WAIT_S
        loop = asyncio.get_running_loop()
        while not self._stop_requested():
            began = loop.time()
            try:
                self._process = await self._start()
            finally:
                self.started.set()
            code = await self._process.wait()
            wait = FIRST_WAIT_S if loop.time() - began > STEADY_S else min(wait * 2, LONGEST_WAIT_S)
            if self._stop_requested():
                return
            log.error("process_died", process=self._name, exit_code=code, again_in_s=wait)
            if self._died is not None:
                await self._died(self._process.pid, how_it_ended(code))
            await asyncio.sleep(wait)

    async def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self._stop_s)
        except TimeoutError:
            log.warning("process_killed", process=self._name, after_s=self._stop_s)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def kill(self) -> None:
        """End it at once."""
        self._stopping = True
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def _stop_requested(self) -> bool:
        return self._stopping

    async def _start(self) -> asyncio.subprocess.Process:
        words, handed = [*self._arguments, "--parent", str(os.getpid())], list[int]()
        if self._listener is not None:
            words += ["--listener", str(self._listener.fileno())]
            handed.append(self._listener.fileno())
        ours, theirs = socket.socketpair() if self._joined is not None else (None, None)
        if theirs is not None:
            words += ["--channel", str(theirs.fileno())]
            handed.append(theirs.fileno())
        try:
            # A session of its own: Ctrl-C in the terminal reaches the server alone, which stops the child itself.
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "playhead", *words),
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                pass_fds=handed,
            )
        finally:
            if theirs is not None:
                theirs.close()
        if ours is not None and self._joined is not None:
            self._joined(ours)
        return process


def how_it_ended(code: int) -> str:
    """Say what an exit code means; below zero is a signal."""
    if code == -signal.SIGKILL:
        return "Its process was killed (SIGKILL), as the kernel does when memory runs out."
    if code < 0:
        return f"Its process was ended by {signal.Signals(-code).name}."
    return f"Its process ended with exit code {code}."
