"""Local video files and the clips in them: described by their index, and by libav only where that is not enough."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from operator import sub
from pathlib import Path
from typing import NamedTuple

from playhead.errors import InvalidInput
from playhead.media.audio_choice import choose_audio
from playhead.media.colours import HDR_TRANSFERS
from playhead.media.errors import InvalidSpan
from playhead.media.extents.extent import remarks_on
from playhead.media.mp4.aac import aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.parameter_sets import VideoFacts, video_facts
from playhead.media.mp4.presentation import libav_delay_s, shown, zero_s
from playhead.media.mp4.profiles import profile_and_level
from playhead.media.mp4.source import FileBytes
from playhead.media.naming import named, naming
from playhead.media.probe import AudioStream, Jump, Probe, VideoStream, duration_s, jump_remarks, probe
from playhead.media.reader import inspect
from playhead.media.render.grid import Times
from playhead.media.render.planner import ClipSurvey
from playhead.media.render.survey import survey_spans
from playhead.media.sniff import MP4, QUICKTIME, Container

_KNOWN = frozenset(("h264", "hevc", "av1", "vp9"))
_AUDIO_CODECS = {"Opus": "opus", "fLaC": "flac", "ac-3": "ac3", "ec-3": "eac3", "alac": "alac", ".mp3": "mp3"}


@dataclass(frozen=True, slots=True)
class ClipFile:
    """One file.

    Attributes:
        movie: None where the file is not an MP4 that we read.
    """

    path: Path
    probe: Probe
    movie: Movie | None

    async def read(self, offset: int, size: int) -> bytes:
        """Bytes of the file; fewer than *size* only at its end."""
        with FileBytes(self.path) as source:
            return source.read_at(offset, size)


async def open_clip(path: Path, *, examine: bool = False) -> ClipFile:
    """Describe a file; a common MP4 or MOV from its index alone, without another process.

    Args:
        examine: Probe with libav in any case, which decodes two frames and checks the end.

    Raises:
        UnreadableVideo: or the subclass that says why; the sentence begins with the file.
        NotFound, InvalidInput: there is none, or it cannot be opened.
    """
    with naming(path):
        container, size, extent = await asyncio.to_thread(inspect, path)
        movie = await asyncio.to_thread(read_index, path) if container in (MP4, QUICKTIME) else None
        found = None if movie is None or examine else await asyncio.to_thread(probe_of, movie, container)
        if found is None or not _complete(found):
            return ClipFile(path, await probe(path), movie)
        remarks = (*found.remarks, *remarks_on(extent, size, found.duration_s))
        return ClipFile(path, replace(found, remarks=remarks), movie)


def read_index(path: Path) -> Movie | None:
    """The index of an MP4; None where ours cannot read it, which libav may."""
    try:
        with FileBytes(path) as source:
            return read_movie(source)
    except Mp4Unreadable:
        return None


def probe_of(movie: Movie, container: Container) -> Probe | None:
    """A `Probe` from an index alone; None where its times take libav.

    Of several audio tracks ``audio`` is a guess: which is silent, and what each is for, is not in the index.
    """
    video = movie.video
    if movie.unread or video is None or not len(video.samples):
        return None
    try:
        facts = video_facts(video.entry)
        tracks = tuple(_audio(movie, track) for track in movie.audio_tracks)
    except Mp4Unreadable:
        return None
    if facts.codec not in _KNOWN or not facts.width:
        return None
    if not all(shown(movie, track).simple for track in (video, *filter(_has_samples, movie.audio_tracks))):
        return None  # libav knows what its edits come to
    times, zero = Times(movie, video), zero_s(movie)
    start_s = shown(movie, video).start_s - zero
    end_s = start_s + Fraction(times.end_tick, video.timescale)
    video_stream = replace(
        _stream(facts, video, times),
        start_s=_rounded(start_s),
        end_s=_rounded(end_s),
        delay_s=_rounded(libav_delay_s(movie, video)),
    )
    audio = tracks[choose_audio([asdict(track) for track in tracks])] if tracks else None
    jumps = tuple(Jump(_rounded(jump.at_s - zero), _rounded(jump.by_s)) for jump in movie.jumps)
    return Probe(
        container=container.name,
        duration_s=duration_s(video_stream, audio),
        size_bytes=movie.size_bytes,
        video=video_stream,
        audio=audio,
        audio_tracks=tracks,
        zero_s=_rounded(zero),
        jumps=jumps,
        remarks=tuple(jump_remarks([jump.at_s for jump in jumps])),
    )


def _complete(found: Probe) -> bool:
    """Whether libav has nothing to add."""
    return len(found.audio_tracks) < 2 and all(track.codec for track in found.audio_tracks)


def _has_samples(track: Track) -> bool:
    return len(track.samples) > 0


def _rounded(seconds: Fraction) -> float:
    return round(float(seconds), 6)


def _stream(facts: VideoFacts, video: Track, times: Times) -> VideoStream:
    across, down = facts.pixel_aspect
    width = round(facts.width * across / down) if across and down else facts.width
    rotation, mirrored = video.orientation
    turned = video.orientation.swaps_sides
    profile, level = profile_and_level(video.entry)
    keys = _key_times(video, times)
    frames = times.end - times.begin
    rate = times.rate or Fraction(frames * video.timescale, max(1, times.end_tick)).limit_denominator(1001)
    return VideoStream(
        codec=facts.codec,
        width=facts.height if turned else width,
        height=width if turned else facts.height,
        rotation=rotation,
        fps=rate,
        frames=frames,
        pix_fmt=_pix_fmt(facts),
        hold_s=_rounded(Fraction(times.longest, video.timescale)),
        hdr=facts.colour.transfer in HDR_TRANSFERS,
        mirrored=mirrored,
        alpha=facts.alpha,
        colour=facts.colour,
        track=video.index,
        profile=profile,
        level=level,
        bitrate=_bitrate(video),
        keyframes=len(keys) - 1,
        gop_s=_rounded(Fraction(max(map(sub, keys[1:], keys)), video.timescale)),
        constant=times.rate is not None,
    )


def _key_times(video: Track, times: Times) -> Sequence[int]:
    """Presentation times of keyframes, ascending, in the track's timescale, then the end; or the first frame's."""
    sync, end = video.samples.sync, times.shown[times.begin] + times.end_tick
    keys = times.shown[times.begin : times.end] if sync is None else sorted(map(video.samples.pts, sync))
    return [*(keys or times.shown[:1]), end]


def _bitrate(track: Track) -> int:
    return round(sum(track.samples.sizes) * 8 / track.duration) if track.duration > 0 else 0


def _pix_fmt(facts: VideoFacts) -> str:
    # libav's names; yuvj is 8 bits of full range.
    depth = "" if facts.bit_depth == 8 else f"{facts.bit_depth}le"
    if facts.chroma == "4:0:0":
        return f"gray{depth}"
    full = "j" if facts.colour.full_range and not depth else ""
    return f"yuv{full}{facts.chroma.replace(':', '')}p{depth}"


def _audio(movie: Movie, track: Track) -> AudioStream:
    """An audio track; its codec is empty where the index does not name one that is known here."""
    entry, span, zero = track.entry, shown(movie, track), zero_s(movie)
    codec, rate, channels = _AUDIO_CODECS.get(entry.fourcc, ""), entry.sample_rate, entry.channels
    config = aac_config(entry)
    if config is not None:
        codec, rate = "aac", config.sample_rate * (2 if config.sbr else 1)
        channels = 2 if config.ps else config.channels or channels
    dts = track.samples.dts
    start_s, end_s = (span.start_s - zero, span.end_s - zero) if span.edits else (Fraction(0), Fraction(0))
    return AudioStream(
        codec=codec if rate else "",
        sample_rate=rate,
        channels=channels,
        track=track.index,
        start_s=_rounded(start_s),
        end_s=_rounded(end_s),
        hold_s=_rounded(Fraction(max(map(sub, dts[1:], dts), default=0), track.timescale)),
        language=track.language,
        default=track.enabled,
        bitrate=_bitrate(track),
    )


async def open_clips(paths: Sequence[Path]) -> dict[Path, ClipFile]:
    """Describe files, each once, those that need libav side by side.

    Raises:
        UnreadableVideo, NotFound, InvalidInput: as of `open_clip`.
    """
    distinct = list(dict.fromkeys(paths))
    two = asyncio.Semaphore(2)

    async def one(path: Path) -> ClipFile:
        async with two:
            return await open_clip(path)

    return dict(zip(distinct, await asyncio.gather(*map(one, distinct)), strict=True))


class FileClip(NamedTuple):
    """A half-open span of a file; *end_s* None is its end."""

    path: Path
    start_s: float = 0.0
    end_s: float | None = None


async def survey_files(clips: Sequence[FileClip]) -> list[ClipSurvey]:
    """Survey spans of files. The clips are called ``1``, ``2``..., their videos by file name where that is unique.

    Raises:
        InvalidInput: no clips.
        UnreadableVideo: or the subclass that says why; the sentence begins with the file.
        InvalidSpan: a span that is not within its video.
        NotFound: there is no such file.
    """
    if not clips:
        raise InvalidInput("There is nothing to stitch.", hint="Name at least one file.")
    files = await open_clips([clip.path for clip in clips])
    named_paths = Counter(path.name for path in files)
    places: dict[Path, list[int]] = {}
    for place, clip in enumerate(clips):
        places.setdefault(clip.path, []).append(place)
    found: dict[int, ClipSurvey] = {}
    for path, here in places.items():
        spans = [(clips[place].start_s, clips[place].end_s) for place in here]
        try:
            surveys = await survey_spans(files[path].movie, files[path].probe, files[path].read, spans)
        except InvalidSpan as error:
            raise named(error, path) from None
        for place, survey in zip(here, surveys, strict=True):
            name = path.name if named_paths[path.name] == 1 else str(path)
            found[place] = ClipSurvey(str(place + 1), name, survey, survey.start_s, survey.end_s)
    return [found[place] for place in range(len(clips))]
