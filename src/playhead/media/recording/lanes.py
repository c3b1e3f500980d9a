"""Redundant captures: two connections to one source receive the same packets, which tell how their clocks differ."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

from playhead.media.mp4.source import FileBytes
from playhead.media.recording.parts import Run

APART_S = 12.0
"""What the wall clocks of two captures may differ by: beyond it, equal packets are those of a source that repeats."""

ENOUGH = 8
"""Pairs of equal keyframes that agree are enough; a still image repeats one, so the most frequent offset counts."""

_MOST = 256
_FIRST_BYTES = 1 << 16


def link(one: Run, other: Run) -> Fraction | None:
    """What must be added to the times of the other run to have those of the first; None: no keyframe is the same."""
    apart_s = other.wall_s - one.wall_s
    if one.wall_s > other.wall_s + float(other.end_s - other.start_s) + APART_S:
        return None
    if other.wall_s > one.wall_s + float(one.end_s - one.start_s) + APART_S:
        return None
    expected_s = one.start_s + Fraction(apart_s) - other.start_s
    found: Counter[Fraction] = Counter()
    for offset_s in _offsets(one, other):
        if abs(offset_s - expected_s) <= APART_S:
            found[offset_s] += 1
            if found[offset_s] >= ENOUGH:
                break
    if not found:
        return None
    most = max(found.values())
    return min((offset for offset, count in found.items() if count == most), key=lambda at: abs(at - expected_s))


def _offsets(one: Run, other: Run) -> Iterator[Fraction]:
    """Differences of the times of equal keyframes, to a millisecond."""
    by_size: dict[int, list[int]] = defaultdict(list)
    for sample in _keyframes(one):
        by_size[one.tracks.video.samples.sizes[sample]].append(sample)
    with FileBytes(one.tracks.part.path) as mine, FileBytes(other.tracks.part.path) as theirs:
        compared = 0
        for sample in _keyframes(other):
            same = by_size.get(other.tracks.video.samples.sizes[sample], ())
            compared += bool(same)
            if compared > _MOST:
                return
            digest = _digest(theirs, other, sample) if same else b""
            for match in same:
                if _digest(mine, one, match) == digest:
                    apart_s = one.tracks.pts_s(match) - other.tracks.pts_s(sample)
                    yield Fraction(round(apart_s * 1000), 1000)


def _keyframes(run: Run) -> Iterator[int]:
    return (sync for sync in run.tracks.syncs() if run.first <= sync < run.end)


def _digest(source: FileBytes, run: Run, sample: int) -> bytes:
    samples = run.tracks.video.samples
    size = min(samples.sizes[sample], _FIRST_BYTES)
    return hashlib.blake2b(source.read_at(samples.offsets[sample], size), digest_size=16).digest()
