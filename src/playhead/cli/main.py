"""The ``playhead`` command: global options, exit codes, and errors as one clear line.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C, 141 nobody reads the output any more.

``playhead media`` stitches 160 MB in a fifth of a second; Typer and the other commands would add half of that to its
start (measured), so it has a way of its own.
"""

import sys
from collections.abc import Sequence

from playhead.cli.streams import guard_streams
from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError

FAILED, USAGE, INTERRUPTED = 1, 2, 130


def main() -> None:
    """Run the command line of this process."""
    guard_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives its exit code."""
    terminal = Terminal()
    try:
        try:
            _dispatch(globals_first(arguments), terminal)
        finally:
            sys.stdout.flush()  # what cannot be written is known here, or never
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
            terminal.warn("This is a fault in Playhead. Run it again with --verbose to see where.")
        _trace(terminal)
        return FAILED
    return 0


def _dispatch(words: Sequence[str], terminal: Terminal) -> None:
    media = _after_media(words, terminal)
    if media is not None:
        from playhead.cli.media import run_media

        run_media(media, terminal)
    else:
        from playhead.cli.commands import app

        app(list(words), prog_name="playhead", obj=terminal)


def _after_media(words: Sequence[str], terminal: Terminal) -> Sequence[str] | None:
    # Files on this machine need no server, so its address and key are passed over.
    at = 0
    while at < len(words) and (words[at] in _FLAGS or words[at].startswith(_VALUES)):
        at += 2 if words[at] in _VALUES else 1
    if words[at : at + 1] != ["media"]:
        return None
    given = set(words[:at])
    terminal.quiet, terminal.verbose = bool(given & {"-q", "--quiet"}), bool(given & {"-v", "--verbose"})
    terminal.color, terminal.ask = "--no-color" not in given, "--no-input" not in given
    return words[at + 1 :]


def globals_first(arguments: Sequence[str]) -> list[str]:
    """Move the global options to the front, so that they may stand anywhere before a ``--``."""
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
