"""Assembly of runs: which of them is shown when, what is cut because another has it, and what is missing. Pure.

Runs on one clock, and those of redundant captures that recorded the same packets, are put into a group and compare by
timestamp: a frame that several have is kept once, and what one lacks comes from another. Groups follow each other by
wall clock.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from playhead.media.mp4.presentation import REORDERED
from playhead.media.recording.parts import Run

NEAR_S = Fraction(1, 500)
"""Times that differ by less are the same: clocks of milliseconds are rounded."""

LEAST_GAP_S = 0.1
"""A shorter gap between groups is not listed, unless its capture says what it came from: wall clocks are not exact."""

SLACK_S = 1.0
"""What the wall clocks of redundant captures may differ by."""

Link = Callable[[Run, Run], Fraction | None]
"""What must be added to the times of the second run to have those of the first; None: they have nothing in common."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The samples ``[first, end)`` of a run, of which *hidden* behind the first one are left out.

    Attributes:
        hidden: Frames that are shown before their keyframe and need what was before it.
        start_s, end_s: When its frames are presented, in the part's own time.
        wall_s: Wall clock at *start_s*.
        gap_s: Seconds that are missing before it.
        cause: What they were lost by; None where nothing is missing.
    """

    run: Run
    first: int
    end: int
    hidden: int
    start_s: Fraction
    end_s: Fraction
    wall_s: float
    gap_s: float = 0.0
    cause: str | None = None

    @property
    def length_s(self) -> Fraction:
        """Seconds of it in the recording."""
        return self.end_s - self.start_s

    @property
    def ad(self) -> bool:
        """Whether it shows an advertisement."""
        return self.run.tracks.part.ad


def assemble(runs: Sequence[Run], link: Link) -> list[Piece]:
    """Put runs in order, each moment once.

    Args:
        runs: Of all parts.
        link: Compares runs of different lanes.
    """
    pieces: list[Piece] = []
    covered_s = float("-inf")
    for group in sorted(_groups(runs, link), key=lambda group: min(run.wall_s for run in group)):
        kept = _uncovered(group, pieces, covered_s)
        for piece in _cover(kept) if kept else ():
            pieces.append(_after(piece, covered_s) if piece.gap_s < 0 else piece)
            covered_s = piece.wall_s + float(piece.length_s)
    return pieces


def _groups(runs: Sequence[Run], link: Link) -> list[list[Run]]:
    """Runs whose times compare, with their offsets set."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.clock, []).append(run)
    found: list[list[Run]] = []
    for group in groups.values():
        for other in found:
            offset_s = _linked(other, group, link)
            if offset_s is not None:
                for run in group:
                    run.offset_s = offset_s
                other.extend(group)
                break
        else:
            found.append(group)
    return found


def _linked(group: Iterable[Run], more: Sequence[Run], link: Link) -> Fraction | None:
    for one in group:
        for other in more:
            if one.tracks.part.lane != other.tracks.part.lane:
                offset_s = link(one, other)
                if offset_s is not None:
                    return one.offset_s + offset_s
    return None


def _uncovered(group: list[Run], pieces: Sequence[Piece], covered_s: float) -> list[Run]:
    """What a group adds to what is there: a redundant capture that could not be linked only what comes after it."""
    lanes = {piece.run.tracks.part.lane for piece in pieces[-1:]}
    if not lanes or lanes & {run.tracks.part.lane for run in group}:
        return group
    late = [run for run in group if run.wall_at(run.until_s) > covered_s + SLACK_S]
    for run in late:
        if run.wall_s < covered_s - SLACK_S:
            _begin_at(run, run.from_s + Fraction(covered_s - run.wall_s))
    return [run for run in late if run.first < run.end]


def _begin_at(run: Run, at_s: Fraction) -> None:
    """Begin a run at its first keyframe from a time on; without one it is empty."""
    entry = next((sync for sync in _entries(run) if _at(run, sync) >= at_s), None)
    if entry is None:
        run.first = run.end
        return
    start_s = run.tracks.pts_s(entry)
    run.wall_s += float(start_s - run.start_s)
    run.first, run.start_s, run.follows = entry, start_s, False


def _after(piece: Piece, covered_s: float) -> Piece:
    """The first piece of a group: what is missing before it is known by wall clock alone."""
    gap_s = 0.0 if covered_s == float("-inf") else max(0.0, piece.wall_s - covered_s)
    cause = piece.run.cause or ("source" if gap_s >= LEAST_GAP_S else None)
    if covered_s == float("-inf"):
        gap_s, cause = 0.0, None
    return _with_gap(piece, gap_s, cause)


def _with_gap(piece: Piece, gap_s: float, cause: str | None) -> Piece:
    return replace(piece, gap_s=gap_s if cause else 0.0, cause=cause)


def _cover(runs: list[Run]) -> Iterator[Piece]:
    """The pieces of one group: the run that is shown goes on until it ends, then the one that reaches furthest."""
    run = min(runs, key=lambda one: (one.from_s, -one.until_s))
    first, gap_s, cause = _first_entry(run), -1.0, run.cause
    while True:
        until_s = run.until_s
        after = _going_on(runs, run, first, until_s)
        if after is not None:
            entry_s = _at(*after)
            end = _cut(run, first, entry_s)
            if end > first:
                yield _piece(run, first, end, min(until_s, entry_s), gap_s, cause)
                gap_s, cause = 0.0, None
            run, first = after
            continue
        yield _piece(run, first, run.end, until_s, gap_s, cause)
        behind = [(_at(*entry), entry) for one in runs if (entry := _entry_after(one, run, until_s)) is not None]
        if not behind:
            return
        entry_s, (run, first) = min(behind, key=lambda found: found[0])
        gap_s = float(max(Fraction(0), entry_s - until_s))
        cause = run.cause or "source"


def _going_on(runs: Iterable[Run], run: Run, first: int, until_s: Fraction) -> tuple[Run, int] | None:
    """The run that reaches furthest beyond the end of this one, and the keyframe by which to change to it."""
    best: tuple[Run, int] | None = None
    for other in runs:
        if other is run or other.until_s <= max(until_s, best[0].until_s if best else until_s) + NEAR_S:
            continue
        entry = _last_entry(other, until_s + NEAR_S)
        if entry is not None and _at(other, entry) > _at(run, first) + NEAR_S:
            best = other, entry
    return best


def _first_entry(run: Run) -> int:
    return run.first if run.follows else next(iter(_entries(run)), run.first)


def _entries(run: Run) -> Iterator[int]:
    """The keyframes of a run."""
    syncs = run.tracks.syncs()
    for index in range(bisect_left(syncs, run.first), len(syncs)):
        if syncs[index] >= run.end:
            return
        yield syncs[index]


def _last_entry(run: Run, at_s: Fraction) -> int | None:
    """The last keyframe that is presented at a time or before."""
    syncs = run.tracks.syncs()
    low, high = bisect_left(syncs, run.first), bisect_left(syncs, run.end)
    place = bisect_right(range(low, high), at_s, key=lambda index: _at(run, syncs[index]))
    return syncs[low + place - 1] if place else None


def _entry_after(run: Run, before: Run, at_s: Fraction) -> tuple[Run, int] | None:
    """Where a run can be begun at a time or later; right behind the run before, without a keyframe."""
    if run is before or run.until_s <= at_s + NEAR_S:
        return None
    if run.follows and run.tracks is before.tracks and run.first == before.end:
        return run, run.first
    entry = next((sync for sync in _entries(run) if _at(run, sync) >= at_s - NEAR_S), None)
    return None if entry is None else (run, entry)


def _at(run: Run, sample: int) -> Fraction:
    """When a sample is presented, in the time of the group."""
    return run.tracks.pts_s(sample) + run.offset_s


def _cut(run: Run, first: int, at_s: Fraction) -> int:
    """The first sample that another run has, in decode order: its own keyframe there, or the first frame from then."""
    entry = _last_entry(run, at_s + NEAR_S)
    if entry is not None and abs(_at(run, entry) - at_s) <= NEAR_S:
        return entry
    second = run.tracks.video.timescale
    tick = (at_s - run.offset_s) * second + run.tracks.video_zero
    near = bisect_left(run.tracks.video.samples.dts, tick, first, run.end)
    for sample in range(max(first, near - REORDERED), run.end):
        if _at(run, sample) >= at_s - NEAR_S:
            return sample
    return run.end


def _piece(run: Run, first: int, end: int, until_s: Fraction, gap_s: float, cause: str | None) -> Piece:
    start_s = run.tracks.pts_s(first)
    goes_on = run.follows and first == run.first
    if goes_on:
        start_s = min(run.tracks.pts_s(sample) for sample in range(first, min(end, first + REORDERED)))
    hidden = 0 if goes_on or gap_s == 0 else _leading(run, first, end, start_s)
    return Piece(
        run=run,
        first=first,
        end=end,
        hidden=hidden,
        start_s=start_s,
        end_s=max(until_s - run.offset_s, start_s),
        wall_s=run.wall_s + float(start_s - run.start_s),
        gap_s=gap_s,
        cause=cause,
    )


def _leading(run: Run, first: int, end: int, start_s: Fraction) -> int:
    """How many frames right behind a keyframe are shown before it."""
    for sample in range(first + 1, min(end, first + 1 + REORDERED)):
        if run.tracks.pts_s(sample) >= start_s:
            return sample - first - 1
    return min(end, first + 1 + REORDERED) - first - 1
