"""Keeps one worker process alive beside the server, and takes it down with it."""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress

import structlog

log = structlog.get_logger(__name__)

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
STEADY_S = 60.0
"""A worker that lived so long did not fail at its start: the wait begins small again."""

STOP_S = 8.0
"""Time for a hand-over, which takes about two seconds, before SIGKILL."""


class WorkerProcess:
    """The worker of ``playhead serve``: started anew when it dies, with growing waits.

    Args:
        environment: Variables of the child: the settings of this server.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def run(self) -> None:
        """Start the worker, again and again; cancel this and call ``stop`` at the end."""
        wait = FIRST_WAIT_S
        loop = asyncio.get_running_loop()
        while not self._asked_to_stop():
            began = loop.time()
            # A session of its own: Ctrl-C in the terminal reaches the server alone, which stops the worker itself.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "playhead",
                "worker",
                "--parent",
                str(os.getpid()),
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
            code = await self._process.wait()
            wait = FIRST_WAIT_S if loop.time() - began > STEADY_S else min(wait * 2, LONGEST_WAIT_S)
            if self._asked_to_stop():
                return
            log.error("worker_died", exit_code=code, again_in_s=wait)
            await asyncio.sleep(wait)

    def _asked_to_stop(self) -> bool:
        return self._stopping

    async def stop(self) -> None:
        """Ask the worker to hand over, and end it if it does not."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            log.warning("worker_killed", after_s=STOP_S)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
