"""Pieces of a clip's video: what is copied, and spans to encode that are short enough to be steps of a job."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from playhead.media.render.grid import FrameRef, Grid
from playhead.media.render.plan import ReelFormat, Timing, VideoPiece

MIN_COPY_S = Fraction(1, 2)
MIN_COPY_SHARE = Fraction(1, 4)
"""Smallest copy that is worth two more encoders and their keyframes."""


@dataclass(frozen=True, slots=True)
class CopyRun:
    """Frames ``[first, end)`` of which ``[entry, exit)`` are copied and the rest is encoded."""

    first: FrameRef
    entry: FrameRef
    exit: FrameRef
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
    """Copy run of the whole span; None where too little of it can be copied."""
    if timing == "constant":
        return copy_run(grid, grid.first, grid.end)
    if grid.early or grid.late:
        return None
    return copy_run(grid, grid.first, grid.shown)


def copy_run(grid: Grid, first: FrameRef, end: int) -> CopyRun | None:
    """Find the copy inside frames ``[first, end)``; None where it is empty or not worth it.

    Where the clip has too few frames, its last one is encoded, since it is held.
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


SPLIT_S = 45
"""Encoded pieces aim at this length: long enough to be worth starting a tool, short enough to lose to a crash."""

SHORTEST_S, LONGEST_S = 30, 60


@dataclass(frozen=True, slots=True)
class FrameRun:
    """A piece before it has a place in the reel.

    Attributes:
        start_s: Time in the source of its first frame.
        frames: Number of frames.
        samples: Half-open span in decode order when it is copied; None when it is encoded.
        rate: As in a `VideoPiece`.
    """

    start_s: Fraction
    frames: int
    samples: tuple[int, int] | None = None
    rate: Fraction | None = None


def of_run(grid: Grid, run: CopyRun, rate: Fraction | None) -> list[FrameRun]:
    """Frame runs before the copy, of the copy, and after it.

    Args:
        rate: Of the encoded parts; None keeps the times of the frames.
    """
    copied = FrameRun(grid.time(run.entry), run.copied, (grid.hidden + run.entry.frame, grid.hidden + run.exit.frame))
    return [
        *_between(grid, run.first, run.entry.frame, rate),
        copied,
        *_between(grid, run.exit, run.end, rate),
    ]


def _between(grid: Grid, first: FrameRef, end: int, rate: Fraction | None) -> list[FrameRun]:
    if end <= first.frame:
        return []
    if rate is None:
        return by_index(grid, first, end)
    return by_time(grid.time(first), end - first.frame, rate, grid)


def by_time(
    start_s: Fraction, frames: int, rate: Fraction, grid: Grid | None, speed: Fraction = Fraction(1)
) -> list[FrameRun]:
    """Split frames of one rate, at the source's keyframes where they are known.

    Args:
        speed: Seconds of the source for each second of the reel.
    """
    keys = [] if grid is None else [math.ceil((grid.time(key) - start_s) / speed * rate) for key in grid.keys]
    cuts = _cuts(frames, rate, keys)
    return [FrameRun(start_s + first / rate * speed, end - first, None, rate) for first, end in _spans(cuts, frames)]


def by_index(grid: Grid, first: FrameRef, end: int) -> list[FrameRun]:
    """Split frames that keep their own times, at keyframes."""
    marks = {key.frame - first.frame: key for key in grid.keys if first.frame < key.frame < end} | {0: first}
    cuts = [cut for cut in _cuts(end - first.frame, grid.nominal, sorted(marks)) if cut in marks]
    return [FrameRun(grid.time(marks[begin]), stop - begin) for begin, stop in _spans(cuts, end - first.frame)]


def _cuts(frames: int, rate: Fraction, keys: Sequence[int]) -> Iterator[int]:
    """Frames to split at: the keyframe nearest to the wanted length, else the wanted length itself."""
    at, wanted, shortest, longest = 0, round(SPLIT_S * rate), math.ceil(SHORTEST_S * rate), int(LONGEST_S * rate)
    while frames - at > longest:
        near = [key for key in keys if at + shortest <= key <= min(at + longest, frames - shortest // 2)]
        at = min(near, key=lambda key: abs(key - at - wanted), default=min(at + wanted, frames - shortest // 2))
        yield at


def _spans(cuts: Iterable[int], frames: int) -> Iterator[tuple[int, int]]:
    begin = 0
    for cut in (*cuts, frames):
        yield begin, cut
        begin = cut


def placed(
    runs: Sequence[FrameRun], form: ReelFormat, ticks: int, speed: Fraction = Fraction(1)
) -> tuple[VideoPiece, ...]:
    """Pieces with their ticks; where the timing is variable the last one takes what is left.

    Args:
        ticks: Of the whole clip.
    """
    if form.timing == "constant":
        edges = [run.frames * form.frame_ticks for run in runs]
        return tuple(_piece(run, edge) for run, edge in zip(runs, edges, strict=True))
    begins = [round((run.start_s - runs[0].start_s) / speed * form.timescale) for run in runs]
    ends = [*begins[1:], ticks]
    return tuple(_piece(one, end - begin) for one, begin, end in zip(runs, begins, ends, strict=True))


def _piece(run: FrameRun, ticks: int) -> VideoPiece:
    first, end = run.samples or (0, 0)
    return VideoPiece(
        kind="encode" if run.samples is None else "copy",
        frames=run.frames,
        ticks=ticks,
        start_s=float(max(Fraction(0), run.start_s)),
        first_sample=first,
        end_sample=end,
        rate=run.rate,
    )
