"""Joins that the packets prove, so that nothing has to be decoded around them.

An IDR picture, or a key frame of AV1, empties a decoder of everything but its parameter sets (ITU-T H.264 section
8.2.5.1, H.265 section 8.1.3, AV1 section 7.20). Where those are the same on both sides of a join, and the samples are
those of the sources, the frames behind it decode in the reel as they do in their source.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import nal_config
from playhead.media.mp4.movie import Movie, SampleEntry
from playhead.media.mp4.source import ReadAt
from playhead.media.stitch.plan import StitchPlan
from playhead.media.stitch.samples import alike, codec_of
from playhead.media.stitch.selection import Selection
from playhead.media.stitch.structure import starts
from playhead.media.stitch.units import begins_anew

_AV1C_HEADER = 4
"""Bytes of ``av1C`` before its units."""


def proven_joins(
    reel: ReadAt, movie: Movie, plan: StitchPlan, gathered: Selection, sets: Sequence[frozenset[bytes]]
) -> list[bool]:
    """Tell of every piece whether the packets alone prove that a decoder passes from the one before it.

    Args:
        gathered: The packets whose bytes the reel has.
        sets: The parameter sets in the samples of each piece, as `check_framing` finds them.
    """
    entries = [pick.entry for pick in chain.from_iterable(gathered.video)]
    plain = [inside <= _known(entry) for entry, inside in zip(entries, sets, strict=True)]
    before = [0, *range(len(entries) - 1)]
    same = (entries[one] is entries[after] or alike((entries[one], entries[after])) for after, one in enumerate(before))
    settled = (plain[one] and plain[after] for after, one in enumerate(before))
    return [all(facts) for facts in zip(same, settled, _fresh(reel, movie, plan), strict=True)]


def _fresh(reel: ReadAt, movie: Movie, plan: StitchPlan) -> Iterator[bool]:
    samples = movie.tracks[0].samples
    for _, frame, _, _ in starts(plan):
        try:
            yield begins_anew(reel, samples.offsets[frame], samples.sizes[frame], plan.format.codec)
        except Mp4Unreadable:
            yield False


def _known(entry: SampleEntry) -> frozenset[bytes]:
    """What a decoder has from the sample entry before the first sample."""
    if codec_of(entry) == "av1":
        return frozenset((entry.config[_AV1C_HEADER:],))
    return frozenset(nal_config(entry).sets)
