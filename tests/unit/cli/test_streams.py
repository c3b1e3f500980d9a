"""Output that is full, closed, or read by nobody."""

import errno
import io
import os
import subprocess
import sys

import pytest

from playhead.cli.streams import _Messages
from playhead.observe.log import PlainLogger, configure_logging


class FullDisk(io.RawIOBase):
    """Takes nothing, until there is room again."""

    def __init__(self) -> None:
        self.full = True
        self.kept = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.kept += bytes(data)  # type: ignore[call-overload]
        return len(self.kept)


def run(redirection: str) -> "subprocess.CompletedProcess[str]":
    """Ask for the version in a shell."""
    command = f"{sys.executable} -m playhead --version {redirection}"
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("redirection", "code", "said"),
    [
        ("> /dev/full", 1, "Error: The output cannot be written: No space left on device.\n"),
        (">&-", 1, "Error: The output cannot be written: Bad file descriptor.\n"),
        ("| true", None, ""),
    ],
)
def test_what_cannot_be_written_is_one_sentence(redirection: str, code: int | None, said: str) -> None:
    """No traceback, and no word of a fault in Playhead."""
    done = run(redirection)

    assert done.stderr == said
    assert code is None or done.returncode == code


def test_a_log_without_room_stops_nothing_and_goes_on_later() -> None:
    """Also the lines that are written past the logging library."""
    disk = FullDisk()
    stream = _Messages(io.BufferedWriter(disk), encoding="utf-8", line_buffering=True)
    configure_logging(style="json", stream=stream)
    log = PlainLogger("test")

    for number in range(1000):
        log.info("lost", number=number)
    disk.full = False
    log.info("kept")

    assert b'"event": "kept"' in disk.kept
