"""The index of an MP4 as data: tracks, their samples, how these are coded."""

from array import array
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from playhead.media.orientation import Orientation, orientation

TrackKind = Literal["video", "audio"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of an edit list (ISO/IEC 14496-12 section 8.6.6).

    Attributes:
        duration: In the movie's timescale.
        media_time: Where it begins in the track's timescale; -1 is an empty edit: nothing is shown.
        rate: 1 is the usual speed.
    """

    duration: int
    media_time: int
    rate: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Colour:
    """Code points of ITU-T H.273; 2 is "unspecified"."""

    primaries: int = 2
    transfer: int = 2
    matrix: int = 2
    full_range: bool = False


BT709 = Colour(1, 1, 1)
"""The colours of high definition, and every browser's guess for it."""


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """A sample entry: how the samples of a track are coded (section 8.5.2).

    Attributes:
        fourcc: ``avc1``, ``hvc1``, ``av01``, ``mp4a``...
        raw: The whole box, header included, to be written again as it is.
        config: Payload of the codec's own box: avcC, hvcC, av1C, vpcC, esds, dOps; empty where there is none.
        width, height: As coded, in pixels; 0 for audio.
        colour: From ``colr``; None where the box is missing (the codec's own header may have it).
        pixel_aspect: ``(horizontal, vertical)``; (1, 1) without ``pasp``.
        channels, sample_rate: Of audio, from the box; the codec's own configuration counts more.
    """

    fourcc: str
    raw: bytes
    config: bytes = b""
    width: int = 0
    height: int = 0
    colour: Colour | None = None
    pixel_aspect: tuple[int, int] = (1, 1)
    channels: int = 0
    sample_rate: int = 0


@dataclass(slots=True)
class Samples:
    """The sample tables, expanded; n samples in decode order.

    Attributes:
        sizes: n, bytes.
        offsets: n, absolute in the file.
        dts: n + 1: decode times in the track's timescale; the last is the end of the last sample.
        cts: n offsets from decode to composition time; None when all are 0.
        sync: Indexes of sync samples, ascending from 0; None when every sample is one.
        runs: Indexes of the first samples of runs that lie without a gap in the file, ascending, beginning with 0;
            run r ends where run r + 1 begins. Neighbouring chunks that touch are one run.
    """

    sizes: "array[int]" = field(default_factory=lambda: array("I"))
    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    dts: "array[int]" = field(default_factory=lambda: array("q", [0]))
    cts: "array[int] | None" = None
    sync: "array[int] | None" = None
    runs: "array[int]" = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        return len(self.sizes)

    def pts(self, index: int) -> int:
        """Composition time of one sample, in the track's timescale, before any edit."""
        return self.dts[index] + (self.cts[index] if self.cts is not None else 0)


@dataclass(slots=True)
class Track:
    """A video or audio track; others (text, data, covers) are left out of a `Movie`.

    Attributes:
        id: As in the file.
        timescale: Ticks a second, at least 1.
        header_duration: What ``mdhd`` claims, in *timescale*; the truth is ``samples.dts[-1]``.
        language: ISO 639-2, such as ``und``.
        matrix: The nine numbers of ``tkhd``, 16.16 and 2.30 fixed point as stored (36 bytes), followed by those of
            ``mvhd`` where that has a matrix of its own.
        edits: In order; empty without an edit list.
        entries: One for each sample entry in the file; all samples use the first unless ``mixed``.
        mixed: Samples point at more than one entry.
        index: Its place among all tracks of the file, from 0: libav's index of the stream.
        enabled: The file marks it as one to be played (``tkhd``); most mark all of them.
    """

    id: int
    kind: TrackKind
    timescale: int
    header_duration: int
    entries: list[SampleEntry]
    samples: Samples
    edits: list[Edit] = field(default_factory=list)
    language: str = "und"
    matrix: bytes = b""
    mixed: bool = False
    index: int = 0
    enabled: bool = True

    @property
    def entry(self) -> SampleEntry:
        """How its first sample is coded."""
        return self.entries[0]

    @property
    def media_time(self) -> int:
        """Where presentation begins in the track's own time; 0 without an edit."""
        return next((edit.media_time for edit in self.edits if edit.media_time >= 0), 0)

    @property
    def orientation(self) -> Orientation:
        """Rotation and mirroring that bring its frames upright."""
        return orientation(self.matrix)

    @property
    def duration(self) -> Fraction:
        """Seconds from the first decode time to the end of the last sample, from the tables."""
        return Fraction(self.samples.dts[-1] - self.samples.dts[0], self.timescale)


@dataclass(frozen=True, slots=True)
class ClockJump:
    """A place where the decode times of all tracks jump, as where the fragments of another recording begin.

    Attributes:
        at_s: Where reading goes on, in the movie's own time.
        by_s: What the file's own decode times jump by; below 0 where they go back.
    """

    at_s: Fraction
    by_s: Fraction


@dataclass(slots=True)
class Movie:
    """The index of an MP4 or MOV; fragments are read into the same tables.

    Attributes:
        size_bytes: Of the file.
        timescale: Of the movie header and of edit durations.
        header_duration: What ``mvhd`` claims, in *timescale*; it may lie.
        tracks: Video and audio only, in file order.
        faststart: The index comes before the media.
        fragmented: The samples were found in ``moof`` boxes.
        unread: Indexes of audio tracks that are missing from *tracks*: damaged, or described in a way not known here.
        jumps: Where the decode times of its fragments do not run on; the sample tables do.
    """

    size_bytes: int
    timescale: int
    header_duration: int
    tracks: list[Track]
    faststart: bool
    fragmented: bool
    brand: str = ""
    unread: tuple[int, ...] = ()
    jumps: list[ClockJump] = field(default_factory=list)

    @property
    def video(self) -> Track | None:
        """The first video track."""
        return next((track for track in self.tracks if track.kind == "video"), None)

    @property
    def audio(self) -> Track | None:
        """The first audio track."""
        return next(iter(self.audio_tracks), None)

    @property
    def audio_tracks(self) -> list[Track]:
        """All audio tracks, in file order."""
        return [track for track in self.tracks if track.kind == "audio"]

    def audio_track(self, index: int) -> Track | None:
        """The audio track with an index; the first one for -1. None where it is missing or could not be read."""
        found = {track.index: track for track in self.audio_tracks}
        if index < 0:
            index = min((*found, *self.unread), default=index)
        return found.get(index)

    @property
    def duration_s(self) -> float:
        """Of the longest track, by its tables."""
        return float(max((track.duration for track in self.tracks), default=Fraction(0)))
