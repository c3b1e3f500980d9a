"""How much of a clip can be copied, and whether that is worth a boundary."""

from dataclasses import dataclass
from fractions import Fraction

from playhead.media.stitch.grid import Grid, Mark
from playhead.media.stitch.plan import Timing

MIN_COPY_S = Fraction(1, 2)
MIN_COPY_SHARE = Fraction(1, 4)
"""Less than this is not worth two more encoders and their keyframes."""


@dataclass(frozen=True, slots=True)
class CopyRun:
    """Frames ``[first, end)`` of which ``[entry, exit)`` are copied and the rest is encoded."""

    first: Mark
    entry: Mark
    exit: Mark
    end: int

    @property
    def whole(self) -> bool:
        """Nothing is encoded."""
        return self.entry.frame == self.first.frame and self.exit.frame == self.end

    @property
    def copied(self) -> int:
        """In frames."""
        return self.exit.frame - self.entry.frame


def natural_run(grid: Grid, timing: Timing) -> CopyRun | None:
    """The run of the span as it was asked for; None where too little of it can be copied."""
    if timing == "constant":
        return copy_run(grid, grid.first, grid.end)
    if grid.early or grid.late:
        return None
    return copy_run(grid, grid.first, grid.shown)


def copy_run(grid: Grid, first: Mark, end: int) -> CopyRun | None:
    """Find the copy inside frames ``[first, end)``; None where it is empty or not worth it.

    Where frames are asked for that the clip does not have, the last one that it has is encoded: it is held.
    """
    entry = next((mark for mark in grid.entries if mark.frame >= first.frame), None)
    highest = end if end <= grid.frames else grid.frames - 1
    leave = next((mark for mark in reversed(grid.exits) if mark.frame <= highest), None)
    if entry is None or leave is None or leave.frame <= entry.frame:
        return None
    run = CopyRun(first, entry, leave, end)
    seconds = run.copied / grid.nominal
    worth = seconds >= MIN_COPY_S and run.copied >= MIN_COPY_SHARE * (end - first.frame)
    return run if run.whole or worth else None
