"""Samples of one piece: which bytes of which file, when they are decoded and shown, and their sample entry."""

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import add, ge
from typing import overload

from playhead.media.mp4.aac import AAC_LC, AacConfig, aac_config
from playhead.media.mp4.boxes import Mp4Unreadable, box
from playhead.media.mp4.configuration import CODECS
from playhead.media.mp4.entries import with_colour
from playhead.media.mp4.movie import Colour, Movie, SampleEntry, Track
from playhead.media.mp4.parameter_sets import parameter_sets
from playhead.media.mp4.presentation import packets_heard, shown
from playhead.media.render.plan import AAC_FRAME, AudioFormat, ReelFormat, VideoPiece

_NAMES = {"h264": (b"avc1", b"avcC"), "hevc": (b"hvc1", b"hvcC"), "av1": (b"av01", b"av1C")}


def codec_of(entry: SampleEntry) -> str:
    """As FFmpeg names it: ``h264``, ``hevc``, ``av1``."""
    return CODECS.get(entry.fourcc, entry.fourcc)


def alike(entries: Sequence[SampleEntry]) -> bool:
    """Whether a decoder that knows one of these needs nothing more for the others.

    Raises:
        Mp4Unreadable: a configuration is damaged.
    """
    if not entries or codec_of(entries[0]) == "av1":
        return len({entry.config for entry in entries}) <= 1
    return len({parameter_sets(entry) for entry in entries}) <= 1


def video_entry(entries: Sequence[SampleEntry], colour: Colour) -> bytes:
    """The whole box: the first entry's decoder, the most that any of them asks for, the reel's colour, square pixels.

    A first entry that leaves its parameter sets to the samples (``avc3``, ``hev1``) is passed over for one that has
    them.
    """
    first = next((entry for entry in entries if codec_of(entry) == "av1" or parameter_sets(entry)), entries[0])
    codec = codec_of(first)
    name, kind = _NAMES[codec]
    if codec != "av1" and not parameter_sets(first):
        name = first.fourcc.encode("latin-1")
    config = _widest(codec, first.config, [entry.config for entry in entries])
    fields = struct.pack(">6xH16xHHIIIH32xHh", 1, first.width, first.height, 72 << 16, 72 << 16, 0, 1, 24, -1)
    return with_colour(box(name, fields, box(kind, config), box(b"pasp", struct.pack(">II", 1, 1))), colour)


def _widest(codec: str, config: bytes, all_of_them: Iterable[bytes]) -> bytes:
    """Profile and level as the most demanding piece has them: a decoder may be chosen by them."""
    wide = bytearray(config)
    for other in all_of_them:
        if codec == "h264":
            wide[1], wide[2], wide[3] = max(wide[1], other[1]), wide[2] & other[2], max(wide[3], other[3])
        elif codec == "hevc":
            wide[12] = max(wide[12], other[12])
        else:
            wide[1] = wide[1] & 0xE0 | max(wide[1] & 31, other[1] & 31)
    return bytes(wide)


class Runs(Sequence[tuple[int, int]]):
    """``(how many, which value)``, 12 bytes each; neighbours of the same value are one run."""

    def __init__(self) -> None:
        self._counts = array("I")
        self._values = array("q")

    def add(self, count: int, value: int) -> None:
        """Add a value *count* times, at least once."""
        if self._values and self._values[-1] == value:
            self._counts[-1] += count
        else:
            self._counts.append(count)
            self._values.append(value)

    def extend(self, values: Iterable[int]) -> None:
        """Add values one by one."""
        for value, equal in groupby(values):
            self.add(sum(1 for _ in equal), value)

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._counts, self._values, strict=True)

    @overload
    def __getitem__(self, index: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[int, int]]: ...
    def __getitem__(self, index: int | slice) -> tuple[int, int] | list[tuple[int, int]]:
        if isinstance(index, slice):
            return list(zip(self._counts[index], self._values[index], strict=True))
        return self._counts[index], self._values[index]


class Unfit(Exception):
    """A file does not hold what was planned; the caller knows whether a copy or a render is to blame."""


@dataclass(slots=True)
class VideoSamples:
    """The n samples of a piece of video in decode order.

    Attributes:
        file: Number of their file.
        frames: n.
        times: n + 1, in the reel's ticks from the piece's start: when sample k is decoded, which is when the k-th frame
            is shown; the last is the piece's end.
        shifts: From a sample's decode time to when its own frame is shown, below 0 where reordering needs it.
        sync: Indexes of sync samples; the first is 0.
        broken_link: The first sample is a CRA picture, which a decoder takes for the start of a sequence only when
            the end of the one before was signalled (ITU-T H.265 section 8.1.3).
        skips: For each sync sample, bytes of an access unit delimiter, which has to stay in front.
        headed: AV1: every sync sample carries its sequence header.
    """

    file: int
    frames: int
    entry: SampleEntry
    sizes: "array[int]"
    offsets: "array[int]"
    times: "array[int]"
    shifts: "array[int]"
    sync: "array[int]"
    broken_link: bool = False
    skips: "array[int]" = field(default_factory=lambda: array("I"))
    headed: bool = True

    @property
    def delay(self) -> int:
        """Ticks by which the piece's frames must wait so that none is shown before it is decoded."""
        return max(0, -min(self.shifts))

    def forget(self) -> None:
        """Release everything that is listed by sample."""
        self.sizes, self.offsets, self.sync = array("I"), array("Q"), array("I")
        self.times, self.shifts, self.skips = array("q"), array("i"), array("I")


@dataclass(slots=True)
class AudioSamples:
    """A clip's AAC packets.

    Attributes:
        file: Number of the file they lie in; -1 when all is silence.
        before, after: Silent packets around them.
    """

    file: int = -1
    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    before: int = 0
    after: int = 0

    @property
    def slots(self) -> int:
        """Number of packets, with the silent ones."""
        return self.before + len(self.sizes) + self.after

    def forget(self) -> None:
        """Release everything that is listed by packet."""
        self.sizes, self.offsets = array("I"), array("Q")


def select_video(movie: Movie, piece: VideoPiece, form: ReelFormat, file: int) -> VideoSamples:
    """Find a piece's samples and put them on the reel's grid.

    Where the timing is constant the frames are counted, so rounded times of the source do no harm.

    Raises:
        Unfit: it has another number of frames, or does not begin with a closed GOP.
    """
    track = movie.video
    if track is None or track.mixed:
        raise Unfit("it has no video track, or one that changes its coding on the way")
    samples = track.samples
    first, end = (piece.first_sample, piece.end_sample) if piece.kind == "copy" else (0, len(samples))
    if not 0 <= first < end <= len(samples) or end - first != piece.frames:
        raise Unfit(f"samples {first} to {end} of {len(samples)} were to be {piece.frames} frames")
    shown = samples.dts[first:end]
    if samples.cts is not None:
        shown = array("q", map(add, shown, samples.cts[first:end]))
    order = sorted(range(len(shown)), key=shown.__getitem__) if samples.cts is not None else range(len(shown))
    sync = _sync(track, first, end)
    if not sync or sync[0] != 0 or order[0] != 0:
        raise Unfit(f"sample {first} is not a keyframe that everything after it can be decoded from")
    times = _times(piece, form, array("q", map(shown.__getitem__, order)), track.timescale)
    shifts = array("i", bytes(4 * len(order)))
    for rank, sample in enumerate(order):
        shifts[sample] = times[rank] - times[sample]
    sizes, offsets = samples.sizes[first:end], samples.offsets[first:end]
    return VideoSamples(file, end - first, track.entry, sizes, offsets, times, shifts, sync)


def _sync(track: Track, first: int, end: int) -> "array[int]":
    sync = track.samples.sync
    if sync is None:
        return array("I", range(end - first))
    return array("I", (sample - first for sample in sync if first <= sample < end))


def _times(piece: VideoPiece, form: ReelFormat, shown: "array[int]", timescale: int) -> "array[int]":
    """Where the timing is variable the frames keep their times, rounded to ticks, until the piece is over."""
    count = len(shown)
    if form.timing == "constant":
        return array("q", chain(range(0, count * form.frame_ticks, form.frame_ticks), (piece.ticks,)))
    start, scale = 2 * shown[0], form.timescale
    times = array("q", ((2 * at - start) * scale // timescale + 1 >> 1 for at in shown))
    times.append(piece.ticks)
    if any(map(ge, times, times[1:])):
        _separate(times)
    return times


def _separate(times: "array[int]") -> None:
    """Move times apart that rounding, or a piece that is a tick shorter than its frames, has put on one tick."""
    last = len(times) - 1
    if times[last] < last:
        raise Unfit(f"{last} frames do not fit into {times[last]} ticks")
    for index in range(1, last):
        times[index] = max(times[index], times[index - 1] + 1)
    for index in range(last - 1, -1, -1):
        times[index] = min(times[index], times[index + 1] - 1)


def select_audio(
    movie: Movie, first: int, slots: int, form: AudioFormat, file: int, *, exact: bool, track: int = -1
) -> AudioSamples:
    """Find packets ``[first, first + slots)``.

    Args:
        track: Index of the audio track; -1 is the first one.
        exact: All must be there; else those that are not heard are silence, but for the one before the first, which
            a decoder needs to complete that.

    Raises:
        Unfit: they are of another kind than the reel's, or missing.
    """
    audio = movie.audio_track(track)
    config = None if audio is None or audio.mixed else _config(audio.entry)
    if audio is None or config is None:
        raise Unfit("it has no AAC")
    found = (config.object_type, config.sample_rate, config.channels, config.frame_samples)
    if found != (AAC_LC, form.sample_rate, form.channels, AAC_FRAME) or config.sbr:
        raise Unfit(f"its audio is AAC of {config.sample_rate} Hz and {config.channels} channels, or not plain LC")
    count = len(audio.samples)
    if exact and first + slots > count:
        raise Unfit(f"it has {count} audio packets where {first + slots} were planned")
    heard, end = (0, count) if exact else packets_heard(audio, shown(movie, audio))
    least = max(0, heard - 1)
    low, high = min(max(least, first), end), min(max(least, first + slots), end)
    before = min(slots, max(0, least - first))
    sizes, offsets = audio.samples.sizes[low:high], audio.samples.offsets[low:high]
    return AudioSamples(file, sizes, offsets, before, slots - before - len(sizes))


def _config(entry: SampleEntry) -> AacConfig | None:
    try:
        return aac_config(entry)
    except Mp4Unreadable:
        return None
