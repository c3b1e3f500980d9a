"""Where words go: data to stdout, everything else to stderr, colour only where a person looks."""

import json
import os
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from playhead.errors import InvalidInput, PlayheadError

if TYPE_CHECKING:
    from rich.console import Console

_JOINER = "\u200d"  # a format character that emoji are built with


@dataclass
class Terminal:
    """How to talk in this run; the global options fill it in. Commands find it at ``ctx.obj``."""

    quiet: bool = False
    verbose: bool = False
    color: bool = True
    ask: bool = True
    url: str | None = None
    key_file: str | None = None

    def data(self, text: str) -> None:
        """Write one line of what was asked for."""
        sys.stdout.write(printable(text, sys.stdout) + "\n")
        sys.stdout.flush()

    def json(self, value: Any) -> None:
        """Write a value as indented JSON, with escapes where the encoding of stdout lacks a letter."""
        text = json.dumps(value, indent=2, ensure_ascii=False)
        self.data(text if printable(text, sys.stdout) == text else json.dumps(value, indent=2))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
        """Write rows for people. Cells are shown whole and on one line, so that ids can be copied."""
        if not rows:
            self.say(empty)
            return
        texts = [[safe(str(cell)) if cell is not None else "-" for cell in row] for row in rows]
        widths = [max(map(columns_wide, cells)) for cells in zip(columns, *texts, strict=True)]
        for line in ([name.upper() for name in columns], *texts):
            padded = (cell + " " * (width - columns_wide(cell)) for cell, width in zip(line, widths, strict=True))
            self.data("  ".join(padded).rstrip())

    def fields(self, pairs: Sequence[tuple[str, object]]) -> None:
        """Write one thing as ``name  value`` lines; values that are None are left out."""
        shown = [(name, safe(str(value))) for name, value in pairs if value is not None]
        width = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            self.data(f"{name:<{width}}  {value}")

    def say(self, text: str) -> None:
        """Tell what goes on; silent with ``--quiet``."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Tell what must be known even with ``--quiet``."""
        sys.stderr.write(printable(text, sys.stderr) + "\n")
        sys.stderr.flush()

    def fail(self, error: PlayheadError) -> None:
        """Say what happened and what to do next, on one line."""
        line = " ".join(filter(None, (error.detail, error.hint)))
        request = getattr(error, "request_id", None)
        self.warn(f"{self.red('Error:')} {safe(line)}" + (f" (request {request})" if request else ""))

    def red(self, text: str) -> str:
        """Mark a word as bad news, where stderr shows colour."""
        return f"\x1b[31m{text}\x1b[0m" if self.color and shows_color(sys.stderr) else text

    def confirm(self, question: str, *, yes: bool) -> bool:
        """Ask before something that cannot be taken back.

        Raises:
            InvalidInput: nobody can be asked, and ``--yes`` was not given.
        """
        if yes:
            return True
        if not self.ask or not sys.stdin.isatty():
            raise InvalidInput(f"{question} There is nobody to ask.", hint="Say --yes to go ahead.")
        sys.stderr.write(printable(f"{safe(question)} [y/N] ", sys.stderr))
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    @property
    def live(self) -> bool:
        """Whether a moving progress bar makes sense."""
        return not self.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def console(self) -> "Console":
        """A rich console on stderr that obeys these options."""
        from rich.console import Console

        return Console(stderr=True, no_color=not (self.color and shows_color(sys.stderr)), highlight=False)


def shows_color(stream: TextIO) -> bool:
    """Follow no-color.org and ``TERM=dumb``."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def safe(text: str) -> str:
    r"""Show what a terminal would act on as an escape: a newline as ``\n``, ESC as ``\x1b``; emoji stay."""
    return "".join(char if _harmless(char) else char.encode("unicode_escape").decode() for char in text)


def printable(text: str, stream: TextIO) -> str:
    """Replace what the stream's encoding cannot say, so that a title never ends a command."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def columns_wide(text: str) -> int:
    """Terminal columns a text fills: two for wide letters and emoji, none for marks that join another."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def _harmless(char: str) -> bool:
    return char == _JOINER or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _char_width(char: str) -> int:
    if char == _JOINER or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
