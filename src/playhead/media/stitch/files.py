"""Video files on this machine as a stitch takes them: their index read in place, libav asked only where it must be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from playhead.media.colours import HDR_TRANSFERS
from playhead.media.extents.extent import remarks_on
from playhead.media.mp4.aac import aac_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.parameter_sets import PictureFacts, picture_facts
from playhead.media.mp4.presentation import Shown, libav_delay_s, shown, zero_s
from playhead.media.mp4.source import FileBytes
from playhead.media.naming import naming
from playhead.media.probe import AudioStream, Jump, Probe, VideoStream, jump_remarks, probe
from playhead.media.reader import look
from playhead.media.sniff import MP4, QUICKTIME, Container
from playhead.media.stitch.grid import Times

_KNOWN = frozenset(("h264", "hevc", "av1", "vp9"))
_SOUND_OVER_S = 0.5
"""Sound that goes on for longer than this after the last picture counts into a file's length, as in a `Probe`."""

_SOUND_CODECS = {"Opus": "opus", "fLaC": "flac", "ac-3": "ac3", "ec-3": "eac3", "alac": "alac", ".mp3": "mp3"}


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
    """Find out what a file is; of a common MP4 or MOV from its index alone, without starting another process.

    Args:
        examine: Ask libav in any case, which decodes two pictures and looks at the end.

    Raises:
        UnreadableVideo: or the subclass that says why; the sentence begins with the file.
        NotFound, InvalidInput: there is none, or it cannot be opened.
    """
    with naming(path):
        container, size, extent = look(path)
        movie = read_index(path) if container in (MP4, QUICKTIME) else None
        found = None if movie is None or examine else probe_of(movie, container)
        if found is None:
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
    """What an index tells of a file, as a `Probe`; None where it takes libav to tell.

    Which of several audio tracks has sound is not in the index.
    """
    video = movie.video
    if movie.unread or len(movie.audio_tracks) > 1:
        return None
    if video is None or not len(video.samples):
        return None
    try:
        facts = picture_facts(video.entry)
        sound = None if movie.audio is None else _sound(movie.audio)
    except Mp4Unreadable:
        return None
    if facts.codec not in _KNOWN or not facts.width or (movie.audio is not None and sound is None):
        return None
    if not all(shown(movie, track).simple for track in (video, movie.audio) if track is not None):
        return None  # libav knows what its edits come to
    times, zero = Times(movie, video), zero_s(movie)
    start_s = shown(movie, video).start_s - zero
    end_s = start_s + Fraction(times.end_tick, video.timescale)
    if sound is not None and movie.audio is not None:
        sound = _placed(sound, shown(movie, movie.audio), zero)
    jumps = tuple(Jump(_rounded(jump.at_s - zero), _rounded(jump.by_s)) for jump in movie.jumps)
    return Probe(
        container=container.name,
        duration_s=_length(end_s, sound),
        size_bytes=movie.size_bytes,
        video=replace(
            _stream(facts, video, times),
            start_s=_rounded(start_s),
            end_s=_rounded(end_s),
            delay_s=_rounded(libav_delay_s(movie, video)),
        ),
        audio=sound,
        audio_tracks=() if sound is None else (sound,),
        zero_s=_rounded(zero),
        jumps=jumps,
        remarks=tuple(jump_remarks([jump.at_s for jump in jumps])),
    )


def _placed(sound: AudioStream, span: Shown, zero: Fraction) -> AudioStream:
    return replace(sound, start_s=_rounded(span.start_s - zero), end_s=_rounded(span.end_s - zero))


def _length(end_s: Fraction, sound: AudioStream | None) -> float:
    """To the end of the pictures, or of sound that goes on for long after them."""
    end = _rounded(end_s)
    return sound.end_s if sound is not None and sound.end_s > end + _SOUND_OVER_S else end


def _rounded(seconds: Fraction) -> float:
    return round(float(seconds), 6)


def _stream(facts: PictureFacts, video: Track, times: Times) -> VideoStream:
    across, down = facts.pixel_aspect
    width = round(facts.width * across / down) if across and down else facts.width
    rotation, mirrored = video.orientation
    turned = video.orientation.swaps_sides
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
    )


def _pix_fmt(facts: PictureFacts) -> str:
    # libav's names; yuvj is 8 bits of full range.
    depth = "" if facts.bit_depth == 8 else f"{facts.bit_depth}le"
    if facts.chroma == "4:0:0":
        return f"gray{depth}"
    full = "j" if facts.colour.full_range and not depth else ""
    return f"yuv{full}{facts.chroma.replace(':', '')}p{depth}"


def _sound(track: Track) -> AudioStream | None:
    entry = track.entry
    config = aac_config(entry)
    if config is None:
        codec = _SOUND_CODECS.get(entry.fourcc)
        return _audio_stream(track, codec, entry.sample_rate, entry.channels) if codec and entry.sample_rate else None
    rate = config.sample_rate * (2 if config.sbr else 1)
    return _audio_stream(track, "aac", rate, 2 if config.ps else config.channels or entry.channels)


def _audio_stream(track: Track, codec: str, rate: int, channels: int) -> AudioStream:
    return AudioStream(codec, rate, channels, track=track.index, language=track.language, default=track.enabled)


async def open_clips(paths: Sequence[Path]) -> dict[Path, ClipFile]:
    """Find out what files are, each once, those that need libav side by side.

    Raises:
        UnreadableVideo, NotFound, InvalidInput: as of `open_clip`.
    """
    distinct = list(dict.fromkeys(paths))
    two = asyncio.Semaphore(2)

    async def one(path: Path) -> ClipFile:
        async with two:
            return await open_clip(path)

    return dict(zip(distinct, await asyncio.gather(*map(one, distinct)), strict=True))
