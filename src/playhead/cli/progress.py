"""Progress: a bar on a terminal, a plain line every few seconds elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playhead.cli.terminal import Terminal, safe
from playhead.kit.text import shorten
from playhead.kit.units import format_bytes

BytesDone = Callable[[int], None]
"""Callback with the number of bytes done; it may fall when a piece is sent again."""

PartDone = Callable[[float, str | None], None]
"""Callback with the fraction done, 0..1, and the name of the step."""

_LABEL = 40
_LINE_EVERY_S = 5.0


@contextmanager
def transfer(terminal: Terminal, label: str, total: int, done: int = 0) -> Iterator[BytesDone]:
    """Show bytes, speed and time left."""
    label = shorten(safe(label), _LABEL)
    if terminal.live:
        from rich import progress

        columns = (
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(bar_width=None),
            progress.DownloadColumn(),
            progress.TransferSpeedColumn(),
            progress.TimeRemainingColumn(compact=True),
        )
        with progress.Progress(*columns, console=terminal.console(), transient=True) as bar:
            task = bar.add_task(label, total=total, completed=done)
            yield lambda count: bar.update(task, completed=count)
        return
    lines = _Lines(terminal)

    def report(count: int) -> None:
        if lines.due():
            terminal.say(f"{label}: {format_bytes(count)} of {format_bytes(total)}")

    yield report


@contextmanager
def job(terminal: Terminal, label: str) -> Iterator[PartDone]:
    """Show the progress and the step of a job."""
    label = shorten(safe(label), _LABEL)
    if terminal.live:
        from rich import progress

        columns = (
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(bar_width=None),
            progress.TaskProgressColumn(),
            progress.TextColumn("{task.fields[step]}", markup=False),
            progress.TimeElapsedColumn(),
        )
        with progress.Progress(*columns, console=terminal.console(), transient=True) as bar:
            task = bar.add_task(label, total=1.0, step="")
            yield lambda part, step: bar.update(task, completed=part, step=safe(step or ""))
        return
    lines = _Lines(terminal)

    def report(part: float, step: str | None) -> None:
        if lines.due(step):
            terminal.say(f"{label}: {part:.0%}" + (f", {safe(step)}" if step else ""))

    yield report


class _Lines:
    """A limit on lines: one for each new step, and one every few seconds."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._step: str | None = None
        self._printed_at = time.monotonic()

    def due(self, step: str | None = None) -> bool:
        now = time.monotonic()
        if step == self._step and now - self._printed_at < _LINE_EVERY_S:
            return False
        self._step, self._printed_at = step, now
        return True
