"""Output: data to stdout, messages to stderr, colour only on a terminal."""

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from playhead.errors import InvalidInput, PlayheadError

if TYPE_CHECKING:
    from rich.console import Console

_JOINER = "\u200d"  # a format character that emoji are built with


@dataclass
class Terminal:
    """The output of one run, set up by the global options. Commands find it at ``context.obj``."""

    quiet: bool = False
    verbose: bool = False
    color: bool = True
    ask: bool = True
    url: str | None = None
    key_file: str | None = None

    def data(self, text: str) -> None:
        """Write one line of the result."""
        sys.stdout.write(printable(text, sys.stdout) + "\n")
        sys.stdout.flush()

    def json(self, value: Any) -> None:
        """Write a value as indented JSON; letters that the encoding of stdout lacks are escaped."""
        text = json.dumps(value, indent=2, ensure_ascii=False)
        self.data(text if printable(text, sys.stdout) == text else json.dumps(value, indent=2))

    def items(
        self,
        found: Sequence[dict[str, Any]],
        columns: Sequence[str],
        row: Callable[[dict[str, Any]], Sequence[object]],
        *,
        as_json: bool,
        empty: str,
    ) -> None:
        """Write a list as JSON, or as a table with one row per item."""
        if as_json:
            self.json(found)
        else:
            self.table(columns, [row(item) for item in found], empty=empty)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
        """Write rows for people. Each cell is whole and on one line, so that ids can be copied."""
        if not rows:
            self.say(empty)
            return
        texts = [[safe(str(cell)) if cell is not None else "-" for cell in row] for row in rows]
        widths = [max(map(columns_wide, cells)) for cells in zip(columns, *texts, strict=True)]
        for line in ([name.upper() for name in columns], *texts):
            padded = (cell + " " * (width - columns_wide(cell)) for cell, width in zip(line, widths, strict=True))
            self.data("  ".join(padded).rstrip())

    def fields(self, pairs: Sequence[tuple[str, object]]) -> None:
        """Write ``name  value`` lines; values that are None are left out."""
        shown = [(name, safe(str(value))) for name, value in pairs if value is not None]
        width = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            self.data(f"{name:<{width}}  {value}")

    def say(self, text: str) -> None:
        """Write a message; silent with ``--quiet``."""
        if not self.quiet:
            self.warn(text)

    def warn(self, text: str) -> None:
        """Write a message that ``--quiet`` does not silence."""
        sys.stderr.write(printable(text, sys.stderr) + "\n")
        sys.stderr.flush()

    def fail(self, error: PlayheadError) -> None:
        """Write what happened and what to do next, on one line."""
        line = " ".join(filter(None, (error.detail, error.hint)))
        request = getattr(error, "request_id", None)
        self.warn(f"{self.red('Error:')} {safe(line)}" + (f" (request {request})" if request else ""))

    def red(self, text: str) -> str:
        """Colour a word red, where stderr shows colour."""
        return f"\x1b[31m{text}\x1b[0m" if self.color and shows_color(sys.stderr) else text

    def confirm(self, question: str, *, yes: bool) -> bool:
        """Ask before something irreversible.

        Raises:
            InvalidInput: stdin is not a terminal, and ``--yes`` was not given.
        """
        if yes:
            return True
        if not self.ask or not sys.stdin.isatty():
            raise InvalidInput(f"{question} Cannot ask without a terminal.", hint="Pass --yes to confirm.")
        sys.stderr.write(printable(f"{safe(question)} [y/N] ", sys.stderr))
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    @property
    def live(self) -> bool:
        """Whether to draw a progress bar."""
        return not self.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def console(self) -> "Console":
        """A rich console on stderr that obeys these options."""
        from rich.console import Console

        return Console(stderr=True, no_color=not (self.color and shows_color(sys.stderr)), highlight=False)


def shows_color(stream: TextIO) -> bool:
    """Follow no-color.org and ``TERM=dumb``."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def safe(text: str) -> str:
    r"""Escape what a terminal would act on: a newline as ``\n``, ESC as ``\x1b``; emoji stay."""
    return "".join(char if _harmless(char) else char.encode("unicode_escape").decode() for char in text)


def printable(text: str, stream: TextIO) -> str:
    """Escape what the encoding of the stream lacks, so that no title fails a command."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def columns_wide(text: str) -> int:
    """Width of a text in terminal columns: two for wide letters and emoji, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def _harmless(char: str) -> bool:
    return char == _JOINER or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _char_width(char: str) -> int:
    if char == _JOINER or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
