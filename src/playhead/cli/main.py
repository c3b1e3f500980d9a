"""The ``playhead`` command: global options, exit codes, and errors as one clear line.

Exit codes: 0 success, 1 failure, 2 usage error, 130 interrupted by Ctrl-C, 141 the reader of stdout is gone.
"""

import atexit
import os
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

from playhead.cli.streams import guard_streams
from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError

FAILED, USAGE, INTERRUPTED = 1, 2, 130


def main() -> None:
    """Run the command line of this process."""
    guard_streams()
    leave(run(sys.argv[1:]))


def leave(code: int) -> NoReturn:
    """End the process without freeing each object, which takes longer than the import of Typer (decision 0018)."""
    if threading.active_count() > 1:
        sys.exit(code)  # which waits for the threads
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line, and return its exit code."""
    terminal = Terminal()
    try:
        from playhead.cli.commands import app

        try:
            app(globals_first(arguments), prog_name="playhead", obj=terminal)
        finally:
            sys.stdout.flush()  # the last chance to notice that it cannot be written
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except PlayheadError as error:
        terminal.fail(error)
        _trace(terminal)
        return int(getattr(error, "exit_code", FAILED))
    except Exception as error:
        terminal.warn(f"{terminal.red('Error:')} {type(error).__name__}: {error}")
        if not terminal.verbose:
            terminal.warn("This is a bug in Playhead. Run the command again with --verbose for a traceback.")
        _trace(terminal)
        return FAILED
    return 0


def globals_first(arguments: Sequence[str]) -> list[str]:
    """Move the global options to the front, so that they are accepted anywhere before a ``--``."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in _FLAGS or word.startswith(tuple(f"{name}=" for name in _VALUES)):
            first.append(word)
        elif word in _VALUES:
            first += [word, *(value for value in [next(words, None)] if value is not None)]
        else:
            rest.append(word)
    return first + rest


_FLAGS = frozenset({"-q", "--quiet", "-v", "--verbose", "--no-color", "--no-input"})
_VALUES = ("--url", "--key-file")


def _trace(terminal: Terminal) -> None:
    if terminal.verbose:
        import traceback

        terminal.warn(traceback.format_exc())
