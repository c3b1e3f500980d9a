"""Parts of a recording as media: what each holds, split into runs on an unbroken clock."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import compress, islice, pairwise
from operator import sub
from pathlib import Path

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_recording
from playhead.media.mp4.movie import Movie, SampleEntry, Track
from playhead.media.mp4.presentation import REORDERED
from playhead.media.mp4.source import FileBytes
from playhead.media.recording.in_band import entries_in_band

HOLE_S = 1
"""Seconds without a sample of any track that are a hole: less is jitter of the source and stays as it is."""

LONGEST_JUMP_S = 3600
"""A clock that jumps forward by more was set anew: nothing can be said about how much is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFile:
    """A part: one file of one capture.

    Attributes:
        name: Of the capture; names order parts that began at the same time.
        lane: Number of the redundant capture, from 0.
        clock: Timestamps of parts with the same clock compare; empty: it has its own.
        began_s: Wall clock of its first frame, in seconds since 1970.
        cause: What the hole before it came from; None where nothing is known to be missing.
        ad: It shows an advertisement that the platform put over the programme.
    """

    path: Path
    name: str
    lane: int = 0
    clock: str = ""
    began_s: float = 0.0
    cause: str | None = None
    ad: bool = False


@dataclass(frozen=True, slots=True)
class PartTracks:
    """The tracks of a part that are kept: its first video track, and its first audio track with samples.

    Attributes:
        file: Number of the part.
        video_zero, audio_zero: Tick at 0 s of the file's own time.
    """

    file: int
    part: PartFile
    video: Track
    audio: Track | None
    video_zero: Fraction
    audio_zero: Fraction

    def pts_s(self, sample: int) -> Fraction:
        """When a video sample is presented, in the file's own time."""
        return (self.video.samples.pts(sample) - self.video_zero) / self.video.timescale

    def syncs(self) -> Sequence[int]:
        """Indexes of its keyframes."""
        sync = self.video.samples.sync
        return range(len(self.video.samples)) if sync is None else sync


@dataclass(slots=True, kw_only=True)
class Run:
    """The video samples ``[first, end)`` of a part, on an unbroken clock; the audio of that time belongs to it.

    Attributes:
        clock: As of a part; runs behind a jump of the clock have their own.
        start_s, end_s: From when to when its frames are presented, in the part's own time.
        wall_s: Wall clock at *start_s*.
        cause: What the hole before it came from.
        follows: Its first sample comes right behind the last one of the run before: a decoder goes on without a
            keyframe.
        offset_s: From its own time to that of the group it was put into.
    """

    tracks: PartTracks
    first: int
    end: int
    clock: str
    start_s: Fraction
    end_s: Fraction
    wall_s: float
    cause: str | None = None
    follows: bool = False
    offset_s: Fraction = field(default=Fraction(0))

    @property
    def from_s(self) -> Fraction:
        """As *start_s*, in the time of the group."""
        return self.start_s + self.offset_s

    @property
    def until_s(self) -> Fraction:
        """As *end_s*, in the time of the group."""
        return self.end_s + self.offset_s

    def wall_at(self, at_s: Fraction) -> float:
        """Wall clock at a time of the group."""
        return self.wall_s + float(at_s - self.from_s)


def read_part(file: int, part: PartFile) -> list[Run]:
    """Read one part as far as its samples are whole; a file without a keyframe has no runs.

    Args:
        file: Its number.

    Raises:
        OSError: it cannot be read.
    """
    with FileBytes(part.path) as source:
        try:
            movie = read_recording(source)
        except Mp4Unreadable:  # the capture was killed before its first fragment
            return []
        tracks = _tracks(file, part, movie)
        if tracks is None:
            return []
        changes = dict(entries_in_band(source, tracks.video))
    return list(_runs(tracks, movie, changes))


def _tracks(file: int, part: PartFile, movie: Movie) -> PartTracks | None:
    video = next((track for track in movie.tracks if track.kind == "video" and len(track.samples)), None)
    audio = next((track for track in movie.audio_tracks if len(track.samples)), None)
    if video is None:
        return None
    zero = Fraction(0) if audio is None else _zero(movie, audio)
    return PartTracks(file, part, video, audio, _zero(movie, video), zero)


def _zero(movie: Movie, track: Track) -> Fraction:
    waits = 0
    for edit in track.edits:
        if edit.media_time >= 0:
            break
        waits += edit.duration
    return track.media_time - Fraction(waits * track.timescale, max(1, movie.timescale))


def _runs(tracks: PartTracks, movie: Movie, changes: Mapping[int, SampleEntry]) -> Iterator[Run]:
    """*changes*: from which samples on the video is coded otherwise than the header says."""
    syncs = tracks.syncs()
    if not len(syncs):
        return
    first, part = syncs[0], tracks.part
    own = part.clock or part.name
    start_s, wall_s, clock = tracks.pts_s(first), part.began_s, own
    breaks = {**dict.fromkeys(_holes(tracks, first)), **dict.fromkeys(changes), **_jumps(tracks, movie)}
    places = [first, *sorted(place for place in breaks if place > first), len(tracks.video.samples)]
    for begin, end in pairwise(places):
        jump_s = breaks.get(begin)
        if begin in changes:
            tracks = replace(tracks, video=replace(tracks.video, entries=[changes[begin]]))
        from_s = tracks.pts_s(begin)
        if jump_s is not None:  # reading put it right behind the run before
            clock, wall_s = f"{own}#{begin}", wall_s + _missing(jump_s)
        yield Run(
            tracks=tracks,
            first=begin,
            end=end,
            clock=clock,
            start_s=from_s,
            end_s=_end_s(tracks, begin, end),
            wall_s=wall_s + float(from_s - start_s),
            cause=part.cause if begin == first else None if begin in changes else "source",
            follows=begin != first and begin not in changes,
        )


def _missing(jump_s: Fraction) -> float:
    return float(jump_s) if 0 < jump_s <= LONGEST_JUMP_S else 0.0


def _jumps(tracks: PartTracks, movie: Movie) -> dict[int, Fraction]:
    """The first sample behind each jump of the clock, and how far it jumped."""
    found: dict[int, Fraction] = {}
    count = len(tracks.video.samples)
    for jump in movie.jumps:
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tracks.pts_s(middle) < jump.at_s else (low, middle)
        if 0 < low < count:
            found[low] = jump.by_s
    return found


def _holes(tracks: PartTracks, first: int) -> Iterator[int]:
    """The first sample behind each hole of all tracks."""
    dts, count = tracks.video.samples.dts, len(tracks.video.samples)
    limit = HOLE_S * tracks.video.timescale
    steps = map(sub, islice(dts, first + 1, count), islice(dts, first, count))
    for sample in compress(range(first + 1, count), map(limit.__lt__, steps)):
        if not _is_heard(tracks, tracks.pts_s(sample - 1), tracks.pts_s(sample)):
            yield sample


def _is_heard(tracks: PartTracks, from_s: Fraction, until_s: Fraction) -> bool:
    """Whether audio goes on in a hole of the video; the edges, where either track may be ahead, do not count."""
    audio = tracks.audio
    if audio is None:
        return False
    edge = Fraction(HOLE_S, 4)
    low, high = (packet_at(tracks, at) for at in (from_s + edge, until_s - edge))
    return high > low


def packet_at(tracks: PartTracks, at_s: Fraction) -> int:
    """The first audio packet that begins at a time of the file or later."""
    assert tracks.audio is not None
    dts = tracks.audio.samples.dts
    return bisect_left(dts, at_s * tracks.audio.timescale + tracks.audio_zero, 0, len(tracks.audio.samples))


def _end_s(tracks: PartTracks, first: int, end: int) -> Fraction:
    """When the last frame of ``[first, end)`` ends; one before a hole lasts as long as the one before it."""
    samples, second = tracks.video.samples, tracks.video.timescale
    last = max(tracks.pts_s(sample) for sample in range(max(first, end - REORDERED), end))
    usual = samples.dts[end] - samples.dts[end - 1]
    if end - first > 1:
        usual = min(max(1, usual), max(1, samples.dts[end - 1] - samples.dts[end - 2]))
    return last + Fraction(min(max(1, usual), HOLE_S * second), second)
