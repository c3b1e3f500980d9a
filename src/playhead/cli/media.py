"""``playhead media``: video files on this machine, without a server. Starts fast: argparse, one module per command.

A command is a `Command` in a module of its own, named in ``COMMANDS``; nothing but that module is imported for it.
"""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

from playhead.cli.terminal import Terminal

ABOUT = "Probe, plan, stitch and picture video files on this machine, without a server."

COMMANDS = {
    "probe": ("playhead.cli.media_probe", "PROBE", "Show what video files are."),
    "plan": ("playhead.cli.media_stitch", "PLAN", "Show how clips would be stitched, and why."),
    "stitch": ("playhead.cli.media_stitch", "STITCH", "Stitch clips into one file."),
    "hls": ("playhead.cli.media_hls", "HLS", "Write a video as HLS, for any host that serves files."),
    "poster": ("playhead.cli.media_stills", "POSTER", "Write one picture of a video."),
    "storyboard": ("playhead.cli.media_stills", "STORYBOARD", "Write up to 100 small pictures of a video."),
    "preview": ("playhead.cli.media_stills", "PREVIEW", "Write a few seconds of a video as a picture that moves."),
}
"""For each command: its module, its `Command` there, and a line for the list of commands."""

_LIST = f"""Usage: playhead media COMMAND ...

  {ABOUT}

Examples:
  playhead media probe holiday.mp4
  playhead media plan one.mp4 two.mov:0:10-0:20
  playhead media stitch one.mp4 two.mov:0:10-0:20 -o reel.mp4

Options:
  -h, --help  Show this message and exit.

Commands:
"""


class Command(NamedTuple):
    """One command.

    Attributes:
        about: The help: a sentence, and ``Examples:`` that name the command.
        arguments: Adds them to a parser.
        run: Takes what was given; raises PlayheadError, or SystemExit with an exit code.
    """

    about: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Terminal], None]


class _Formatter(RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or "Usage: ")


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.format_usage()}\nError: {message}\n")


def run_media(words: Sequence[str], terminal: Terminal) -> None:
    """Run what follows ``playhead media``.

    Raises:
        SystemExit: help was shown (0), or the usage was wrong (2).
        PlayheadError: it failed.
    """
    name = words[0] if words else "--help"
    if name in ("-h", "--help"):
        sys.stdout.write(_LIST + "".join(f"  {name:<12}{about}\n" for name, (_, _, about) in COMMANDS.items()))
        raise SystemExit(0 if words else 2)
    if name not in COMMANDS:
        terminal.warn(f"Usage: playhead media COMMAND ...\n\nError: No such command {name!r}.")
        raise SystemExit(2)
    module, attribute, _ = COMMANDS[name]
    command: Command = getattr(import_module(module), attribute)
    parser = _Parser(f"playhead media {name}", description=command.about, formatter_class=_Formatter)
    parser._optionals.title = "Options"  # as Typer writes it
    command.arguments(parser)
    command.run(parser.parse_intermixed_args(words[1:]), terminal)
