"""stdin, stdout and stderr of a process that starts with one of them closed, full, or without a reader."""

import errno
import io
import os
import sys
from typing import TextIO

from playhead.errors import PlayheadError

BROKEN_PIPE = 141
"""Exit code after SIGPIPE: 128 + 13."""


class OutputFailed(PlayheadError):
    """stdout cannot be written to, such as on a full disk."""

    code = "output_failed"
    title = "The output cannot be written"
    fault = "caller"


def guard_streams() -> None:
    """Wrap the three streams; call it once, before anything is opened.

    The next file to be opened, such as the database, would take a closed descriptor, and receive what goes to stderr.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # the lowest number that is free; writing to stdout still fails
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115
    sys.stdout = _over(_Output, sys.stdout, 1)
    sys.stderr = _over(_Messages, sys.stderr, 2)


class _Output(io.TextIOWrapper):
    """stdout, which ends the program quietly when its reader is gone, as other tools do."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise _given_up(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise _given_up(error) from error


class _Messages(io.TextIOWrapper):
    """stderr, which drops what cannot be written: a full disk under the log must not stop a program."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError:
            return


def _over(kind: type[io.TextIOWrapper], stream: TextIO | None, number: int) -> io.TextIOWrapper:
    if stream is None:
        return kind(open(number, "wb", closefd=False), encoding="utf-8", line_buffering=True)
    return kind(stream.buffer, stream.encoding, stream.errors, line_buffering=bool(stream.line_buffering))


def _given_up(error: OSError) -> BaseException:
    rest = os.open(os.devnull, os.O_WRONLY)  # for what is still buffered, or the interpreter complains at its end
    os.dup2(rest, 1)
    os.close(rest)
    if error.errno == errno.EPIPE:
        return SystemExit(BROKEN_PIPE)
    return OutputFailed(f"The output cannot be written: {os.strerror(error.errno or 0)}.")
