"""Joins that the packets prove, so that nothing has to be decoded around them.

An IDR picture, or a key frame of AV1, empties a decoder of everything but its parameter sets (ITU-T H.264 section
8.2.5.1, H.265 section 8.1.3, AV1 section 7.20). Where those are the same on both sides of a join, and the samples are
those of the sources, the frames behind it decode in the reel as they do in their source.
"""

from collections.abc import Sequence
from itertools import chain

from playhead.media.mp4 import h264, hevc
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import nal_config
from playhead.media.mp4.movie import Movie, SampleEntry
from playhead.media.mp4.source import ReadAt
from playhead.media.render.plan import StitchPlan
from playhead.media.render.samples import VideoSamples, alike
from playhead.media.render.selection import Selection
from playhead.media.render.structure import starts
from playhead.media.render.units import is_instant, slice_header

_Piece = tuple[VideoSamples, frozenset[bytes]]
"""Its packets, and the parameter sets among them."""


def proven_joins(
    reel: ReadAt, movie: Movie, plan: StitchPlan, gathered: Selection, sets: Sequence[frozenset[bytes]]
) -> list[bool]:
    """Tell for every piece whether the packets alone prove that a decoder passes from the one before it.

    Args:
        gathered: The packets whose bytes the reel has.
        sets: The parameter sets in the samples of each piece, as `check_framing` finds them.
    """
    codec, samples = plan.format.codec, movie.tracks[0].samples
    pieces = [*zip(chain.from_iterable(gathered.video), sets, strict=True)]
    frames = [frame for _, frame, _, _ in starts(plan)]
    return [
        _same_sets(one, after, codec)
        and _begins_anew(reel, samples.offsets[frame], samples.sizes[frame], after[0].entry, codec)
        for one, after, frame in zip([pieces[0], *pieces], pieces, frames, strict=False)
    ]


def _same_sets(one: _Piece, after: _Piece, codec: str) -> bool:
    """Whether a decoder has the parameter sets of a piece when it comes from the piece before."""
    (pick, inside), (next_pick, next_inside) = one, after
    if codec == "av1":  # a sequence header in front of each key frame goes before that of the sample entry
        return pick.headed and next_pick.headed and len(inside) == 1 and inside == next_inside
    known = frozenset(nal_config(next_pick.entry).sets)
    return alike((pick.entry, next_pick.entry)) and inside | next_inside <= known


def _begins_anew(reel: ReadAt, offset: int, size: int, entry: SampleEntry, codec: str) -> bool:
    """Whether a decoder needs nothing from before a sync sample, and still shows all that it has from there."""
    if codec == "av1":
        return True
    try:
        if not is_instant(reel, offset, size, codec):
            return False
        header = slice_header(reel, offset, size, codec)
        if codec == "hevc":
            return not hevc.drops_earlier(header)
        sps, pps = nal_config(entry).sets
        return not h264.drops_earlier(header, h264.read_sps(sps), pps)
    except (Mp4Unreadable, ValueError):  # several sets: which one is meant is not looked up
        return False
