"""Survey of one clip: its coding, the times of its frames, and where a copy may begin and end."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

from playhead.media.audio_tracks import use_remark
from playhead.media.colours import HDR_TRANSFERS, settle, usual
from playhead.media.errors import InvalidSpan
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import Colour, Movie, Track
from playhead.media.mp4.parameter_sets import VideoFacts, video_facts
from playhead.media.mp4.presentation import REORDERED, shown, zero_s
from playhead.media.orientation import UPRIGHT, Orientation
from playhead.media.probe import Probe
from playhead.media.render.grid import KEY_SPACING_S, FrameRef, Grid, Times, span_grid
from playhead.media.render.keyframes import Read, is_clean, sync_samples
from playhead.media.render.packets import Packets, read_packets
from playhead.media.render.plan import NO_TRACKS, SourceTracks

_SLACK_S = 0.1
"""An end this far beyond the video is the video's end: times are rounded on their way through a browser."""

_WHOLE_S = 0.001
_LAG_S = Fraction(1, 10)
"""A video that begins this much later than the audio begins the clip: as in recordings and in files without an edit
list, where the audio's priming or the video's reordering is not hidden. If later, the first frame is held."""

_TRIES = 12
"""Keyframes that are inspected before a clip counts as having none to begin at."""


STILL = "still"
"""Container of what is no video: an image or a title card."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Small facts of one span of one video; all times in seconds from the start of the file.

    Attributes:
        start_s, end_s: Half-open span.
        duration_s: Of the whole video.
        container, codec: As in a `Probe`.
        width, height: As displayed; *coded_width*, *coded_height* as stored, 0 where only libav knows.
        tagged: Colour tags of the file.
        colour: The same with everything unsaid filled in.
        fps: On average.
        copy_blockers: Reasons why the video cannot be copied into any reel, in words that follow "it".
        grid: None where the frames' times are not known.
        audio_codec: None without audio.
        packets: AAC packets of the audio; None where there are none that could be copied.
        audio_blocker: Reason why not, in words such as "Opus"; empty where they can, and without audio.
        audio_remark: Which of several audio tracks is used, and why; empty where it is the first.
        tracks: What a render must know of them.
    """

    start_s: float
    end_s: float
    duration_s: float
    container: str
    codec: str
    width: int
    height: int
    coded_width: int
    coded_height: int
    rotation: int
    tagged: Colour
    colour: Colour
    hdr: bool
    interlaced: bool
    fps: Fraction
    copy_blockers: tuple[str, ...] = ()
    grid: Grid | None = None
    audio_codec: str | None = None
    audio_rate: int = 0
    audio_channels: int = 0
    packets: Packets | None = None
    audio_blocker: str = ""
    audio_remark: str = ""
    tracks: SourceTracks = NO_TRACKS

    @property
    def whole(self) -> bool:
        """Nothing is trimmed."""
        return self.start_s <= _WHOLE_S and self.end_s >= self.duration_s - _WHOLE_S

    @property
    def begin_s(self) -> Fraction:
        """Start of the clip: its first frame if the span begins shortly before that."""
        first_s = micros(self.tracks.video_start_s) if self.grid is None else self.grid.origin_s
        return _begin_s(micros(self.start_s), first_s)

    @property
    def length_s(self) -> Fraction:
        """How long the clip is: its frames when nothing is trimmed, else the span, to a microsecond."""
        grid = self.grid
        if grid is not None and self.whole and grid.rate is not None:
            return (grid.end - grid.first.frame) / grid.rate
        if grid is not None and self.whole and not (grid.early or grid.late):
            return Fraction(grid.end_tick - grid.first.tick, grid.timescale)
        return max(Fraction(1, 1_000_000), micros(self.end_s) - self.begin_s)

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe; fractions as ``30000/1001``."""
        facts = {**asdict(self), "fps": str(self.fps), "copy_blockers": list(self.copy_blockers)}
        facts["grid"] = None if self.grid is None else self.grid.to_dict()
        facts["packets"] = None if self.packets is None else self.packets.to_dict()
        if not self.audio_remark:
            del facts["audio_remark"]  # older versions do not know it
        return facts

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "Survey":
        """The inverse of `to_dict`."""
        read: dict[str, Any] = {name: Colour(**facts[name]) for name in ("tagged", "colour")}
        read |= {"fps": Fraction(facts["fps"]), "copy_blockers": tuple(facts["copy_blockers"])}
        read["grid"] = None if facts["grid"] is None else Grid.from_dict(facts["grid"])
        read["packets"] = None if facts["packets"] is None else Packets.from_dict(facts["packets"])
        read["tracks"] = SourceTracks.from_dict(facts.get("tracks", {}))
        return cls(**{**facts, **read})


def _begin_s(start_s: Fraction, origin_s: Fraction) -> Fraction:
    return origin_s if start_s < origin_s <= start_s + _LAG_S else start_s


def micros(seconds: float) -> Fraction:
    """The microsecond nearest to a time."""
    return Fraction(round(seconds * 1_000_000), 1_000_000)


def span_of(start_s: float, end_s: float | None, duration_s: float, name: str = "A clip") -> tuple[float, float]:
    """Check a half-open span of a video; *end_s* None is the video's end.

    Raises:
        InvalidSpan: empty, or not within the video.
    """
    if duration_s <= start_s < math.inf:
        raise InvalidSpan(
            f"{name} starts at {start_s:g} s, but its video ends at {duration_s:g} s.", hint="Start it earlier."
        )
    end_s = duration_s if end_s is None else end_s
    if not (math.isfinite(start_s) and math.isfinite(end_s)) or not 0 <= start_s < end_s:
        raise InvalidSpan(f"{name} must end after it starts: {start_s:g} s to {end_s:g} s.")
    if end_s > duration_s + _SLACK_S:
        raise InvalidSpan(
            f"{name} is to end at {end_s:g} s, but its video ends at {duration_s:g} s.",
            hint=f"End it at {duration_s:g} s, or leave its end out.",
        )
    return start_s, min(end_s, duration_s)


async def survey_clip(
    movie: Movie | None,
    probe: Probe,
    read: Read | None,
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
) -> Survey:
    """Survey one span of a video; see `survey_spans`."""
    return (await survey_spans(movie, probe, read, [(start_s, end_s)]))[0]


async def survey_spans(
    movie: Movie | None, probe: Probe, read: Read | None, spans: Sequence[tuple[float, float | None]]
) -> list[Survey]:
    """Survey spans of one video: its frame times are sorted once, 35 ms for an hour, each span then takes 0.2 ms.

    Args:
        movie: None: not an MP4 that we read, so that it is always encoded.
        read: Gives bytes of the file, for one or two looks at keyframes a span; None believes the index.
        spans: Start and end in seconds; an end of None is the video's.

    Raises:
        InvalidSpan: a span that is empty or not within the video.
    """
    plain = [survey_probe(probe, start_s=start_s, end_s=end_s) for start_s, end_s in spans]
    if not plain:
        return []
    if movie is None:
        blocker = plain[0].audio_blocker and "not in an MP4"
        return [replace(one, copy_blockers=("is not an MP4",), audio_blocker=blocker) for one in plain]
    video = movie.video
    if video is None or not len(video.samples):
        return [replace(one, copy_blockers=("has no index of its video",)) for one in plain]
    coded = _with_audio(_with_coding(plain[0], movie, video), movie)
    times = await asyncio.to_thread(Times, movie, video)
    coded = replace(coded, copy_blockers=(*coded.copy_blockers, *_time_blockers(times)))
    surveys = [replace(coded, start_s=one.start_s, end_s=one.end_s) for one in plain]
    if times.end - times.begin < 1 or not times.distinct or not shown(movie, video).simple:
        return surveys
    return [await _with_grid(survey, movie, video, times, read) for survey in surveys]


async def _with_grid(survey: Survey, movie: Movie, video: Track, times: Times, read: Read | None) -> Survey:
    grid = await _grid(survey, movie, video, times, read)
    if grid.hidden and not grid.entries:
        cut = "was cut without re-encoding: its edit list begins between keyframes"
        survey = replace(survey, copy_blockers=(*survey.copy_blockers, cut))
    return replace(survey, grid=grid)


def survey_probe(probe: Probe, *, start_s: float = 0.0, end_s: float | None = None) -> Survey:
    """Survey from a probe alone: enough for a reel's format and for encoding, never for copying.

    Raises:
        InvalidSpan: the span is empty or not within the video.
    """
    start_s, end_s = span_of(start_s, end_s, probe.duration_s)
    video, audio = probe.video, probe.audio
    return Survey(
        start_s=start_s,
        end_s=end_s,
        duration_s=probe.duration_s,
        container=probe.container,
        codec=video.codec,
        width=video.width,
        height=video.height,
        coded_width=0,
        coded_height=0,
        rotation=video.rotation,
        tagged=video.colour or Colour(),
        colour=settle(video.colour or Colour(), min(video.width, video.height)),
        hdr=video.hdr,
        interlaced=video.interlaced,
        fps=video.fps,
        copy_blockers=("has not been read",),
        audio_codec=None if audio is None else audio.codec,
        audio_rate=0 if audio is None else audio.sample_rate,
        audio_channels=0 if audio is None else audio.channels,
        audio_blocker="" if audio is None else "not read",
        audio_remark=use_remark(probe),
        tracks=SourceTracks.of(probe),
    )


def survey_still(seconds: float, width: int = 0, height: int = 0) -> Survey:
    """Survey of an image or a title card that is shown for some seconds."""
    return Survey(
        start_s=0.0,
        end_s=seconds,
        duration_s=seconds,
        container=STILL,
        codec="",
        width=width,
        height=height,
        coded_width=0,
        coded_height=0,
        rotation=0,
        tagged=Colour(),
        colour=Colour(),
        hdr=False,
        interlaced=False,
        fps=Fraction(0),
        copy_blockers=("is a still",),
    )


def _with_coding(survey: Survey, movie: Movie, video: Track) -> Survey:
    try:
        facts = video_facts(video.entry)
    except Mp4Unreadable:
        return replace(survey, copy_blockers=("is coded in a way that cannot be read",))
    colour = settle(facts.colour, facts.height)
    return replace(
        survey,
        codec=facts.codec,
        coded_width=facts.width,
        coded_height=facts.height,
        tagged=facts.colour,
        colour=colour,
        hdr=survey.hdr or colour.transfer in HDR_TRANSFERS,
        interlaced=facts.interlaced,
        copy_blockers=tuple(_copy_blockers(survey, movie, video, facts, colour)),
    )


def _copy_blockers(survey: Survey, movie: Movie, video: Track, facts: VideoFacts, colour: Colour) -> list[str]:
    orientations = (Orientation(survey.rotation, survey.tracks.mirrored), video.orientation)
    found = {
        "has two video tracks": sum(track.kind == "video" for track in movie.tracks) > 1,
        "changes its coding on the way (several sample entries)": video.mixed,
        "has an edit list of several parts": shown(movie, video).edits > 1,
        "is played at another speed by its edit list": not shown(movie, video).steady,
        "is rotated or mirrored": orientations != (UPRIGHT, UPRIGHT),
        "has pixels that are not square": _stretched(facts.pixel_aspect),
        "is interlaced": facts.interlaced,
        f"has {facts.bit_depth} bits a colour": facts.bit_depth != 8,
        f"has {facts.chroma} colour samples": facts.chroma != "4:2:0",
        "has transparency": survey.tracks.alpha or facts.alpha,
        "is HDR": colour.transfer in HDR_TRANSFERS,
        "has uncommon colours": not usual(colour) and colour.transfer not in HDR_TRANSFERS,
        "has NAL units with short lengths": facts.codec in ("h264", "hevc") and facts.nal_length != 4,
    }
    return [words for words, is_so in found.items() if is_so]


def _stretched(pixel_aspect: tuple[int, int]) -> bool:
    return 0 not in pixel_aspect and pixel_aspect[0] != pixel_aspect[1]


def _time_blockers(times: Times) -> list[str]:
    found = {
        "shows nothing": times.end - times.begin < 1,
        "shows several frames at once": not times.distinct,
    }
    return [words for words, is_so in found.items() if is_so]


def _with_audio(survey: Survey, movie: Movie) -> Survey:
    if survey.audio_codec is None:
        return survey
    audio = movie.audio_track(survey.tracks.audio)
    if audio is None:
        return replace(survey, audio_blocker="a description that cannot be read")
    packets, blocker = read_packets(movie, audio)
    return replace(survey, packets=packets, audio_blocker=blocker)


async def _grid(survey: Survey, movie: Movie, video: Track, times: Times, read: Read | None) -> Grid:
    origin_s = shown(movie, video).start_s - zero_s(movie)
    begin_s = _begin_s(micros(survey.start_s), origin_s)
    grid = span_grid(times, origin_s, begin_s, micros(survey.end_s))
    if survey.copy_blockers:
        return replace(grid, exits=(), keys=_keys(grid, times, video))
    entries = await _entries(survey, grid, times, video, read)
    return replace(grid, entries=entries, keys=_keys(grid, times, video))


async def _entries(survey: Survey, grid: Grid, times: Times, video: Track, read: Read | None) -> tuple[FrameRef, ...]:
    # A span may still begin one frame earlier, but an untrimmed one never does.
    lowest = grid.first.frame if survey.whole else grid.first.frame - 1
    found: list[FrameRef] = []
    tries = 0
    for sample in sync_samples(video, times.begin + max(0, lowest), times.begin + max(grid.end, grid.shown)):
        if not times.leads(sample):
            continue
        if await is_clean(read, video, sample, survey.codec):
            found.append(times.mark(sample))
            if found[-1].frame >= grid.first.frame:
                break
        tries += 1
        if tries == _TRIES:
            break
    return tuple(found)


def _keys(grid: Grid, times: Times, video: Track) -> tuple[FrameRef, ...]:
    found: list[FrameRef] = []
    last, spacing = grid.first.tick, KEY_SPACING_S * grid.timescale
    first, end = times.begin + grid.first.frame, times.begin + max(grid.end, grid.shown)
    for sample in sync_samples(video, max(times.begin, first - REORDERED), min(times.end, end + REORDERED)):
        tick = video.samples.pts(sample) - times.shown[times.begin]
        if tick >= last + spacing:
            frame = times.place(tick)
            if frame >= max(grid.end, grid.shown):
                break
            found.append(FrameRef(frame, tick))
            last = tick
    return tuple(found)
