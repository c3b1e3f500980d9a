"""streamlink and yt-dlp: found beside the interpreter or by settings, run as children with bounds on all they use."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playhead.kit.units import GIB, MIB
from playhead.live.errors import SiteBroken, ToolMissing
from playhead.media.children import Limits, child, log_tail

TIMEOUT_S: Final = 45.0
MAX_OUTPUT: Final = 16 * MIB
LIMITS: Final = Limits(memory_bytes=4 * GIB, data_bytes=1 * GIB, cpu_s=60, file_bytes=64 * MIB)

INSTALL: Final = (
    "Install it with `uv pip install 'playhead[sites]'` or `pip install streamlink`, or name it in the settings."
)


@dataclass(frozen=True, slots=True)
class Output:
    """What a tool wrote.

    Attributes:
        log: Last lines of its standard error; they may name the URL.
    """

    code: int
    text: str
    log: list[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTools:
    """The tools of one process.

    Args:
        streamlink, yt_dlp: Paths; None to look beside the interpreter, then in PATH.
        twitch_token: OAuth token of a Twitch user, which lets subscribers watch without advertisements.
        timeout_s: Longest run of a tool.
        twitch_source_url: Stream that is opened for a channel of Twitch, ``{login}`` for its name: for tests.
        allow_private: Whether streams may be on this computer and on private networks.
    """

    streamlink: Path | None = None
    yt_dlp: Path | None = None
    twitch_token: str | None = field(default=None, repr=False)
    timeout_s: float = TIMEOUT_S
    twitch_source_url: str | None = None
    allow_private: bool = False

    def find_streamlink(self) -> Path:
        """Find streamlink.

        Raises:
            ToolMissing: it is not installed.
        """
        found = self.found_streamlink()
        if found is None:
            where = f" at {self.streamlink}" if self.streamlink else ""
            raise ToolMissing(f"There is no streamlink{where}, which opens web pages with video.", hint=INSTALL)
        return found

    def found_streamlink(self) -> Path | None:
        """As `find_streamlink`; None where it is not installed."""
        return _found(self.streamlink, "streamlink")

    def streamlink_command(self) -> list[str]:
        """Command of streamlink. The one that is installed with us runs under a guard; another runs as it is.

        Raises:
            ToolMissing: it is not installed.
        """
        found = self.find_streamlink()
        if found != _beside("streamlink"):
            return [str(found)]
        return [sys.executable, "-I", "-m", "playhead.live.streamlink_child", "any" if self.allow_private else "public"]

    def find_yt_dlp(self) -> Path | None:
        """Find yt-dlp; None where it is not installed."""
        return _found(self.yt_dlp, "yt-dlp")

    async def run(self, name: str, command: Sequence[str]) -> Output:
        """Run a tool to its end.

        Args:
            name: Of the tool, for people.

        Raises:
            SiteBroken: it took too long, or wrote too much.
        """
        try:
            async with asyncio.timeout(self.timeout_s), child(command, limits=LIMITS) as process:
                assert process.stdout is not None
                assert process.stderr is not None
                text, log = await asyncio.gather(_read(process.stdout, name), log_tail(process.stderr))
                return Output(await process.wait(), text, log)
        except TimeoutError:
            raise SiteBroken(f"{name} gave no answer within {self.timeout_s:.0f} s.", hint="Try again later.") from None

    @asynccontextmanager
    async def streamlink_options(self) -> AsyncIterator[list[str]]:
        """Options of streamlink, valid within the block: a file holds what other users of this computer must not see
        in its list of processes."""
        options = ["--no-plugin-sideloading", "--no-plugin-cache", "--webbrowser=no", "--http-timeout=15"]
        if self.twitch_token is None:
            yield ["--no-config", *options]
            return
        descriptor, path = tempfile.mkstemp(prefix="playhead-streamlink-")  # mode 0600
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(f"twitch-api-header=Authorization=OAuth {self.twitch_token}\n")
            yield [f"--config={path}", *options]
        finally:
            await asyncio.to_thread(Path(path).unlink, missing_ok=True)


def _found(named: Path | None, name: str) -> Path | None:
    if named is not None:
        return named if os.access(named, os.X_OK) and not named.is_dir() else None
    beside = _beside(name)
    if os.access(beside, os.X_OK):
        return beside
    found = shutil.which(name)
    return Path(found) if found else None


def _beside(name: str) -> Path:
    return Path(sys.executable).parent / name


async def _read(stream: asyncio.StreamReader, name: str) -> str:
    blocks, size = [], 0
    while block := await stream.read(65536):
        blocks.append(block)
        size += len(block)
        if size > MAX_OUTPUT:
            raise SiteBroken(f"{name} wrote more than {MAX_OUTPUT // MIB} MiB.")
    return b"".join(blocks).decode("utf-8", errors="replace")
