"""Mending of a finished recording: gaps filled from another file of the same broadcast, by wall clock. Pure but reads.

Where both hold equal packets, as a platform's own video does, these say to the millisecond how their times differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from playhead.media.recording.assemble import NEAR_S, assemble
from playhead.media.recording.assembly import Assembly
from playhead.media.recording.errors import NoFrames
from playhead.media.recording.gaps import Gap
from playhead.media.recording.lanes import link
from playhead.media.recording.parts import PartFile, PartTracks, Run, read_part

_CLOCK = "recording"


def mend(video: PartFile, gaps: Sequence[Gap], *others: PartFile) -> Assembly:
    """Assemble a video whose gaps are filled as far as other files reach.

    Args:
        video: The finished recording; file 0 of what is assembled. Its wall clock is that of its first frame.
        gaps: Of it.
        others: Files from 1 on.

    Raises:
        NoFrames: the video has none, or none of the others has any.
        OSError: one of them cannot be read.
    """
    own = read_part(0, video)
    more = [run for number, other in enumerate(others, 1) for run in read_part(number, replace(other, lane=number))]
    if not own or not more:
        raise NoFrames("There is no video in the recording." if not own else "There is no video to repair from.")
    runs = list(_between(own[0].tracks, gaps, video.began_s))
    filling = [piece for run in more for piece in _filling(run, runs)]
    return Assembly(assemble([*runs, *filling], lambda *_: None))


def _between(tracks: PartTracks, gaps: Sequence[Gap], began_s: float) -> Iterator[Run]:
    """The runs of a finished recording: from gap to gap, each later by what is missing.

    An advertisement that is shown between two runs is left out, so that what was broadcast meanwhile takes its place.
    At the beginning and the end of a recording, where nothing can be filled, it stays.
    """
    count = len(tracks.video.samples)
    of_ad = replace(tracks, part=replace(tracks.part, ad=True))
    first, missing_s, cause = tracks.syncs()[0], Fraction(0), None
    for gap in sorted(gaps, key=lambda gap: gap.start_s):
        end = _first_from(tracks, Fraction(gap.start_s) - NEAR_S)
        after = _first_from(tracks, Fraction(gap.start_s + gap.length_s) - NEAR_S) if gap.shown else end
        if first < end:
            yield _run(tracks, first, end, missing_s, cause, began_s)
        if gap.shown and after > end and (end <= tracks.syncs()[0] or after >= count):
            yield _run(of_ad, end, after, missing_s, None, began_s)
        if first < end or gap.shown:
            cause = gap.cause
        missing_s += 0 if gap.shown else Fraction(gap.length_s)
        first = max(first, after)
    if first < count:
        yield _run(tracks, first, count, missing_s, cause, began_s)


def _run(tracks: PartTracks, first: int, end: int, offset_s: Fraction, cause: str | None, began_s: float) -> Run:
    start_s = tracks.pts_s(first)
    return Run(
        tracks=tracks,
        first=first,
        end=end,
        clock=_CLOCK,
        start_s=start_s,
        end_s=tracks.pts_s(end) if end < len(tracks.video.samples) else _end_s(tracks),
        wall_s=began_s + float(start_s + offset_s),
        cause=cause,
        offset_s=offset_s,
    )


def _first_from(tracks: PartTracks, at_s: Fraction) -> int:
    """The first keyframe from a time on; behind a gap there is one."""
    return next((sync for sync in tracks.syncs() if tracks.pts_s(sync) >= at_s), len(tracks.video.samples))


def _end_s(tracks: PartTracks) -> Fraction:
    samples = tracks.video.samples
    count = len(samples)
    last = max(tracks.pts_s(sample) for sample in range(max(0, count - 64), count))
    return last + Fraction(max(1, samples.dts[count] - samples.dts[count - 1]), tracks.video.timescale)


def _filling(run: Run, runs: Sequence[Run]) -> Iterator[Run]:
    """The spans of a run of the other file that reach over the gaps."""
    offset_s = next((one.offset_s + found for one in runs if (found := link(one, run)) is not None), None)
    if offset_s is None:
        offset_s = runs[0].from_s + Fraction(run.wall_s - runs[0].wall_s) - run.start_s
    tracks = run.tracks
    for before, after in pairwise(runs):
        syncs = [sync for sync in tracks.syncs() if run.first <= sync < run.end]
        begins = [sync for sync in syncs if tracks.pts_s(sync) + offset_s <= before.until_s + NEAR_S]
        ends = [sync for sync in syncs if tracks.pts_s(sync) + offset_s >= after.from_s]
        first = begins[-1] if begins else (syncs[0] if syncs else run.end)
        end = ends[0] if ends else run.end
        if first < end and tracks.pts_s(first) + offset_s < after.from_s:
            start_s = tracks.pts_s(first)
            yield replace(
                run,
                first=first,
                end=end,
                clock=_CLOCK,
                start_s=start_s,
                end_s=tracks.pts_s(end) if end < run.end else run.end_s,
                wall_s=run.wall_s + float(start_s - run.start_s),
                cause=after.cause,
                follows=False,
                offset_s=offset_s,
            )
