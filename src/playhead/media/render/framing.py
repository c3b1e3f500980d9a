"""Framing of coded video: whole units in every sample, one frame size, and the parameter sets that samples carry."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from playhead.kit.names import size_name
from playhead.media.errors import VerifyFailed
from playhead.media.mp4 import av1, h264, hevc
from playhead.media.mp4.bits import MAX_HEADER
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Movie, Samples
from playhead.media.mp4.source import ReadAt
from playhead.media.render.parts import BadJoin
from playhead.media.render.plan import ReelFormat, StitchPlan
from playhead.media.render.structure import starts
from playhead.media.render.units import LENGTH, nal_units, open_units

Alive = Callable[[], None]
"""Raises when nobody waits for the check any more."""

_SETS = {"h264": frozenset((7, 8, 13, 15)), "hevc": frozenset((32, 33, 34)), "av1": frozenset((1,))}
"""Unit types of parameter sets and sequence headers (ITU-T H.264 table 7-1, H.265 table 7-1, AV1 section 6.2.2)."""

_SIZED = {"h264": 7, "hevc": 33, "av1": 1}
_MAX_SETS = 64
"""Distinct sets kept of one piece; no piece with more is taken for proven."""


def check_framing(reel: ReadAt, movie: Movie, plan: StitchPlan, alive: Alive) -> list[frozenset[bytes]]:
    """Walk through the units of every video sample, reading their headers alone.

    Returns:
        The distinct parameter sets that the samples of each piece carry, in the order of the pieces.

    Raises:
        BadJoin: a copied clip is broken, or announces frames of another size; encoding it mends that.
        VerifyFailed: the same of an encoded piece.
    """
    found = []
    for clip, frame, _, piece in starts(plan):
        alive()
        name = plan.clips[clip].clip_id
        blamed = (name,) if piece.kind == "copy" else ()
        try:
            sets = _sets(reel, movie.tracks[0].samples, range(frame, frame + piece.frames), plan.format)
        except Mp4Unreadable as error:
            raise _refusal(f"Clip {name} is damaged: {error}", *blamed) from error
        except _OtherSize as error:
            raise _refusal(f"Clip {name} changes its frame size to {error}", *blamed) from None
        found.append(sets)
    return found


class _OtherSize(Exception):
    """The size of frames that are not the reel's."""


def _refusal(detail: str, *clip_ids: str) -> VerifyFailed:
    return BadJoin(detail, frozenset(clip_ids)) if clip_ids else VerifyFailed(detail)


def _sets(reel: ReadAt, samples: Samples, frames: range, form: ReelFormat) -> frozenset[bytes]:
    found: set[bytes] = set()
    for index in frames:
        for kind, content in _sample_sets(reel, samples.offsets[index], samples.sizes[index], form.codec):
            size = _frame_size(content, form.codec) if kind == _SIZED[form.codec] else None
            if size is not None and size != (form.width, form.height):
                raise _OtherSize(size_name(*size))
            if len(found) <= _MAX_SETS:
                found.add(content)
    return frozenset(found)


def _sample_sets(reel: ReadAt, offset: int, size: int, codec: str) -> Iterator[tuple[int, bytes]]:
    """The type and the content of each parameter set in one sample, cut at ``MAX_HEADER`` bytes.

    Raises:
        Mp4Unreadable: the sample does not consist of whole units.
    """
    units = open_units(reel, offset, size) if codec == "av1" else nal_units(reel, offset, size, codec)
    length = 0 if codec == "av1" else LENGTH
    for unit in units:
        if unit.kind in _SETS[codec]:
            start = unit.start + length
            yield unit.kind, reel.read_at(offset + start, min(unit.end - start, MAX_HEADER))


@lru_cache(256)
def _frame_size(content: bytes, codec: str) -> tuple[int, int] | None:
    """The frame size in pixels that a parameter set announces.

    Raises:
        Mp4Unreadable: it is damaged.
    """
    if codec == "av1":
        header = av1.sequence_header(content)
        return None if header is None else (header.width, header.height)
    sps = h264.read_sps(content) if codec == "h264" else hevc.read_sps(content)
    return sps.width, sps.height
