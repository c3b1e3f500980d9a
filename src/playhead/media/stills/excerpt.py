"""A few samples of a long MP4 as a tiny one of their own: what the decoder is handed in place of the original.

Opening an hour of film costs libav 77 ms, the 100 keyframes of a storyboard out of a bucket some megabytes in place
of gigabytes. Times in the excerpt are not those of the film: each stretch is moved behind the one before it.
"""

import bisect
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from playhead.media.mp4.boxes import Mp4Unreadable, box, full_box
from playhead.media.mp4.movie import Movie, Samples, Track
from playhead.media.stills.moment import Moment

MAX_BYTES = 256 << 20
"""Of one excerpt, which lies in memory."""

MAX_STRETCH_BYTES = 24 << 20
"""Of the samples for one moment: where the picture itself is further from its keyframe, the nearest within is taken."""

_REORDERED = 16
"""Pictures that a decoder may hold back (H.264 and H.265): so far behind its place may a sample lie."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring samples ``[first, end)`` in decode order, from a keyframe on; moved so that they begin at *base*.

    Attributes:
        base: Decode time of the first sample in the excerpt, in the track's ticks.
    """

    first: int
    end: int
    base: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What to read and where it goes.

    Attributes:
        moments: As asked for, in the time of the excerpt.
    """

    track: Track
    stretches: tuple[Stretch, ...]
    moments: tuple[Moment, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the samples lie in the original: ``(offset, size)`` in the order of the excerpt."""
        samples = self.track.samples
        return [(samples.offsets[i], samples.sizes[i]) for each in self.stretches for i in range(each.first, each.end)]


def plan_excerpt(movie: Movie, moments: Sequence[Moment], *, budget: int) -> Excerpt:
    """Choose the samples that the decoder will need for some moments.

    Args:
        budget: Samples for one moment at most.

    Raises:
        Mp4Unreadable: this film has an edit list, or samples, that cannot be taken apart so simply.
    """
    track = movie.video
    if track is None or not len(track.samples) or track.mixed:
        raise Mp4Unreadable("The film has no track of pictures that are all coded in one way.")
    origin = _origin(movie, track)
    wanted = [_samples_for(track, moment, origin, budget) for moment in moments]
    stretches = _laid_out(track.samples, wanted, track.timescale)
    excerpt = Excerpt(
        track,
        stretches,
        tuple(_moved(track, moment, origin, span, stretches) for moment, span in zip(moments, wanted, strict=True)),
    )
    size = sum(length for _, length in excerpt.spans)
    if size > MAX_BYTES:
        raise Mp4Unreadable(f"The pictures that are wanted take {size} bytes.")
    return excerpt


def write_excerpt(excerpt: Excerpt, data: bytes) -> bytes:
    """Everything that goes before the samples' bytes, and these."""
    ftyp = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41")
    size = len(_movie_box(excerpt, 0))
    return b"".join((ftyp, _movie_box(excerpt, len(ftyp) + size + 8), box(b"mdat", data)))


def _origin(movie: Movie, track: Track) -> int:
    """Which tick of the track is shown at 0 s, as libav counts."""
    media = [edit for edit in track.edits if edit.media_time >= 0]
    if len(media) > 1 or any(edit.rate != 1 for edit in media):
        raise Mp4Unreadable("The film is edited in a way that is not followed here.")
    if media:
        late = sum(edit.duration for edit in track.edits[: track.edits.index(media[0])])
        return media[0].media_time - late * track.timescale // max(1, movie.timescale)
    if movie.audio is not None:
        return 0
    return min(track.samples.pts(index) for index in range(min(_REORDERED, len(track.samples))))


def _samples_for(track: Track, moment: Moment, origin: int, budget: int) -> tuple[int, int]:
    samples, rate = track.samples, track.timescale
    at = origin + int(moment.at_s * rate)
    key = _keyframe(samples, at)
    alone = samples.pts(key) >= origin + moment.since_s * rate - 1
    if alone and not moment.for_s:
        return key, key + 1
    until = (samples.pts(key) if alone else at) + int(moment.for_s * rate)
    last, best, beyond, size = key, samples.pts(key), 0, samples.sizes[key]
    for index in range(key + 1, min(len(samples), key + budget)):
        size += samples.sizes[index]
        if beyond >= _REORDERED or size > MAX_STRETCH_BYTES:
            break
        beyond += samples.dts[index] > until
        if best < samples.pts(index) <= until or (moment.for_s and samples.pts(index) <= until):
            last, best = index, samples.pts(index)
    return key, last + 1


def _keyframe(samples: Samples, at: int) -> int:
    """The last sample that decoding can begin with and that is shown no later than *at*; else the first of all."""
    keys: Sequence[int] = range(len(samples)) if samples.sync is None else samples.sync
    if not keys:
        raise Mp4Unreadable("The film has no keyframe.")
    return keys[max(0, bisect.bisect_right(keys, at, key=samples.pts) - 1)]


def _laid_out(samples: Samples, wanted: Sequence[tuple[int, int]], second: int) -> tuple[Stretch, ...]:
    """Join what overlaps, in the order of the film, with a second between any two."""
    joined: list[list[int]] = []
    for first, end in sorted(wanted):
        if joined and first <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([first, end])
    stretches, base = [], 0
    for first, end in joined:
        stretches.append(Stretch(first, end, base))
        base += samples.dts[end] - samples.dts[first] + _latest(samples, first, end) + second
    return tuple(stretches)


def _latest(samples: Samples, first: int, end: int) -> int:
    return 0 if samples.cts is None else max(0, *samples.cts[first:end]) - _earliest(samples, first, end)


def _earliest(samples: Samples, first: int, end: int) -> int:
    """The least offset from decode to composition time, 0 or below: everything is shown that much later here."""
    return 0 if samples.cts is None else min(0, *samples.cts[first:end])


def _moved(track: Track, moment: Moment, origin: int, span: tuple[int, int], stretches: Sequence[Stretch]) -> Moment:
    here = stretches[bisect.bisect_right(stretches, span[0], key=lambda each: each.first) - 1]
    samples = track.samples
    moved = here.base - samples.dts[here.first] - _earliest(samples, here.first, here.end) + origin
    by_s = moved / track.timescale
    return Moment(moment.at_s + by_s, moment.since_s + by_s, moment.for_s)


def _movie_box(excerpt: Excerpt, data_at: int) -> bytes:
    track = excerpt.track
    stbl = box(b"stbl", full_box(b"stsd", 0, 0, struct.pack(">I", 1), track.entry.raw), *_tables(excerpt, data_at))
    dref = full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1))
    minf = box(b"minf", full_box(b"vmhd", 0, 1, bytes(8)), box(b"dinf", dref), stbl)
    length = _length(excerpt)
    mdhd = full_box(b"mdhd", 1, 0, struct.pack(">QQIQHH", 0, 0, track.timescale, length, 0x55C4, 0))
    hdlr = full_box(b"hdlr", 0, 0, bytes(4), b"vide", bytes(13))
    matrix = track.matrix or _UPRIGHT
    size = struct.pack(">II", track.entry.width << 16, track.entry.height << 16)
    tkhd = full_box(b"tkhd", 1, 3, struct.pack(">QQIIQ", 0, 0, 1, 0, length), bytes(16), matrix, size)
    trak = box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, minf))
    clock = struct.pack(">QQIQIH", 0, 0, track.timescale, length, 0x10000, 0)
    mvhd = full_box(b"mvhd", 1, 0, clock, bytes(10), _UPRIGHT, bytes(24), struct.pack(">I", 2))
    return box(b"moov", mvhd, trak)


_UPRIGHT = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _length(excerpt: Excerpt) -> int:
    last, samples = excerpt.stretches[-1], excerpt.track.samples
    return last.base + samples.dts[last.end] - samples.dts[last.first]


def _tables(excerpt: Excerpt, data_at: int) -> tuple[bytes, ...]:
    """stts, ctts, stss, stsz, stsc and co64 (sections 8.6 and 8.7), an entry for each sample: there are few."""
    samples = excerpt.track.samples
    lengths, offsets, keys, sizes = [], [], [], []
    for number, each in enumerate(excerpt.stretches):
        shift = _earliest(samples, each.first, each.end)
        for index in range(each.first, each.end):
            lengths.append(samples.dts[index + 1] - samples.dts[index])
            offsets.append((samples.cts[index] if samples.cts is not None else 0) - shift)
            sizes.append(samples.sizes[index])
            if _is_key(samples, index):
                keys.append(len(sizes))
        if number + 1 < len(excerpt.stretches):
            lengths[-1] += excerpt.stretches[number + 1].base - each.base - sum(lengths[-(each.end - each.first) :])
    count = len(sizes)
    return (
        full_box(b"stts", 0, 0, struct.pack(">I", count), *(struct.pack(">II", 1, min(n, _MOST)) for n in lengths)),
        full_box(b"ctts", 0, 0, struct.pack(">I", count), *(struct.pack(">II", 1, min(n, _MOST)) for n in offsets)),
        full_box(b"stss", 0, 0, struct.pack(f">I{len(keys)}I", len(keys), *keys)),
        full_box(b"stsz", 0, 0, struct.pack(f">II{count}I", 0, count, *sizes)),
        full_box(b"stsc", 0, 0, struct.pack(">IIII", 1, 1, count, 1)),
        full_box(b"co64", 0, 0, struct.pack(">IQ", 1, data_at)),
    )


_MOST = (1 << 31) - 1


def _is_key(samples: Samples, index: int) -> bool:
    if samples.sync is None:
        return True
    place = bisect.bisect_left(samples.sync, index)
    return place < len(samples.sync) and samples.sync[place] == index
