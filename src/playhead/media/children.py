"""Child processes that cannot outlive us, cannot grow without bound and see none of our secrets."""

import asyncio
import functools
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

LOG_LINES = 40
_LINE_CHARS = 500
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT", "TZ")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a child process; None for no limit. On Linux alone.

    Attributes:
        memory_bytes: Most address space, more than the memory in use: ffmpeg encoding 1080p on two threads maps
            1.5 GiB; each thread adds some.
        data_bytes: Most allocations: heap and private maps (``RLIMIT_DATA``), without programs and files.
    """

    memory_bytes: int | None = None
    data_bytes: int | None = None
    cpu_s: int | None = None
    file_bytes: int | None = None


@asynccontextmanager
async def child(
    command: Sequence[str],
    *,
    limits: Limits,
    stdin: int = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program in its own session; on leaving the block, however that happens, its whole group is gone.

    SIGKILL is used because ffmpeg can ignore SIGTERM while it is busy (12 minutes, measured). If this process
    itself is killed, the kernel kills the child (Linux, ``setpriv --pdeathsig``, 2.4 ms more per start);
    elsewhere a shell that waits for the end of a pipe does.

    Yields:
        The process; standard output and error are pipes.
    """
    guard = _pdeathsig()
    process = await asyncio.create_subprocess_exec(
        *guard,
        *command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
        env=_environment(),
    )
    watcher: asyncio.subprocess.Process | None = None
    try:
        _limit(process.pid, limits)
        if not guard:
            watcher = await _watch(process.pid)
        yield process
    finally:
        _kill_group(process)
        if watcher is not None:
            _kill_group(watcher)
            await watcher.wait()
        await _gone(process)


async def _gone(process: asyncio.subprocess.Process) -> None:
    """Wait until a killed process is gone.

    asyncio waits for the end of its pipes as well, and reads none whose buffer is full (CPython 3.11): what nobody has
    read of its output is read here.
    """
    if process.returncode is None and process.stdout is not None:
        with suppress(RuntimeError):  # somebody reads it
            while await process.stdout.read(65536):
                pass
    await process.wait()


async def log_tail(stream: asyncio.StreamReader) -> list[str]:
    """Read a child's standard error to its end and keep the last lines."""
    lines: deque[str] = deque(maxlen=LOG_LINES)
    rest = b""
    while block := await stream.read(65536):
        *whole, rest = (rest + block).replace(b"\r", b"\n").split(b"\n")
        lines.extend(_printable(line) for line in whole if line.strip())
        rest = rest[-_LINE_CHARS:]
    if rest.strip():
        lines.append(_printable(rest))
    return list(lines)


def _printable(line: bytes) -> str:
    text = line[:_LINE_CHARS].decode("utf-8", errors="replace")
    return "".join(char if char.isprintable() else "?" for char in text)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "AV_LOG_FORCE_NOCOLOR": "1"}


def _limit(pid: int, limits: Limits) -> None:
    if sys.platform != "linux":  # no other kernel lets one process limit another
        return
    wanted = (
        (resource.RLIMIT_AS, limits.memory_bytes, 0),
        (resource.RLIMIT_DATA, limits.data_bytes, 0),
        (resource.RLIMIT_CPU, limits.cpu_s, 5),
        (resource.RLIMIT_FSIZE, limits.file_bytes, 0),
    )
    with suppress(ProcessLookupError):  # it has already ended; its exit code says why
        for kind, soft, grace in wanted:
            if soft is None:
                continue
            most = resource.prlimit(pid, kind)[1]
            hard = soft + grace if most == resource.RLIM_INFINITY else min(soft + grace, most)
            resource.prlimit(pid, kind, (min(soft, hard), hard))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _kill_group(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


@functools.cache
def _pdeathsig() -> tuple[str, ...]:
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None:
        return ()
    guard = (setpriv, "--pdeathsig", "KILL", "--")
    tried = subprocess.run([*guard, "true"], capture_output=True, check=False)
    return guard if tried.returncode == 0 else ()  # BusyBox has a setpriv without it


async def _watch(group: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        'read -r _; kill -KILL "-$1"',  # both of the shell itself: PATH may be narrow
        "sh",
        str(group),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(),
    )
