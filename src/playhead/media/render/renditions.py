"""Renditions as stitch plans of one clip: spans with keyframes at fixed places, joined without another loss."""

from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from playhead.media.errors import VerifyFailed
from playhead.media.interlacing import MAYBE_INTERLACED
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import codec_string
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Colour, Movie, SampleEntry
from playhead.media.mp4.parameter_sets import video_facts
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import Probe
from playhead.media.render.ladder import RenditionCodec, RenditionSpec, frames_of, spans
from playhead.media.render.plan import (
    AAC_FRAME,
    AudioFormat,
    AudioPiece,
    ClipPlan,
    RateControl,
    ReelFormat,
    SourceTracks,
    StitchPlan,
    VideoPiece,
)

_QUALITY: dict[RenditionCodec, int] = {"h264": 23, "av1": 36}
"""Constant rate factors: more loss than in a reel, since the original is kept."""

PIXELS_A_SECOND = 1280 * 720
"""Pixels of a second of video that are estimated at one second of work."""


@dataclass(frozen=True, slots=True)
class SourceHints:
    """Facts of the video that a probe does not have.

    Attributes:
        colour: None: libav finds out for itself.
        interlaced: Frames may be flagged as fields.
    """

    colour: Colour | None = None
    interlaced: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "SourceHints":
        """The inverse of `to_dict`."""
        return cls(None if facts["colour"] is None else Colour(**facts["colour"]), facts["interlaced"])


def source_hints(movie: Movie | None, source: Probe) -> SourceHints:
    """Find out from an index, where there is one."""
    if movie is not None and movie.video is not None:
        try:
            facts = video_facts(movie.video.entry)
        except Mp4Unreadable:
            pass
        else:
            return SourceHints(facts.colour, facts.interlaced)
    return SourceHints(source.video.colour, source.video.interlaced or source.video.codec in MAYBE_INTERLACED)


def rendition_plan(source: Probe, hints: SourceHints, spec: RenditionSpec, video_id: str) -> StitchPlan:
    """A rendition as a stitch of one clip, all of it encoded, in spans that begin on keyframes.

    Its time 0 is that of the file: the first frame is held back to it where the audio begins earlier, so the audio
    of the original fits.
    """
    frames = frames_of(source, spec.fps)
    form = ReelFormat(
        spec.width,
        spec.height,
        spec.fps,
        codec=spec.codec,
        audio=_audio_format(source, spec),
        rate_control=RateControl(_QUALITY[spec.codec], spec.max_bitrate, spec.gop_frames),
    )
    ticks = frames * form.frame_ticks
    pieces = tuple(
        VideoPiece("encode", end - start, (end - start) * form.frame_ticks, float(start / spec.fps), rate=spec.fps)
        for start, end in spans(spec, frames)
    )
    seconds = float(frames / spec.fps)
    estimate_s = round(seconds * spec.width * spec.height / PIXELS_A_SECOND, 2)
    clip = ClipPlan(
        clip_id=spec.name,
        video_id=video_id,
        start_s=0.0,
        end_s=seconds,
        action="encode",
        reason="a rendition",
        start_tick=0,
        ticks=ticks,
        first_frame=0,
        frames=frames,
        video=pieces,
        audio=_audio_piece(form, seconds),
        has_audio=form.audio is not None,
        hdr=source.video.hdr,
        interlaced=hints.interlaced,
        pixels=source.video.width * source.video.height,
        encoded_s=seconds,
        estimate_s=estimate_s,
        tracks=SourceTracks.of(source),
    )
    if hints.colour is not None:
        clip = replace(clip, colour=hints.colour, height=source.video.height)
    return StitchPlan(form, (clip,), ticks, frames, f"rendition {spec.name}", estimate_s)


def rendition_facts(path: Path, spec: RenditionSpec, frames: int, found: Probe) -> dict[str, Any]:
    """Facts of a finished rendition for those who choose among them: size, rate, codec, bitrate, duration.

    Raises:
        VerifyFailed: keyframes are not where the other renditions have theirs.
    """
    entry = _checked(path, spec, frames)
    return {
        "width": spec.width,
        "height": spec.height,
        "fps": round(float(spec.fps), 3),
        "codec": spec.codec,
        "codec_string": codec_string(entry),
        "bitrate": round(found.size_bytes * 8 / found.duration_s),
        "duration_s": found.duration_s,
        "has_audio": spec.has_audio,
    }


def _checked(path: Path, spec: RenditionSpec, frames: int) -> SampleEntry:
    """Check that keyframes are where the other renditions have theirs; the sample entry of the video.

    Raises:
        VerifyFailed: they are not.
    """
    with FileBytes(path) as source:
        video = read_movie(source).video
    if video is None:
        raise VerifyFailed(f"Rendition {spec.name} has no video.")
    sync = range(len(video.samples)) if video.samples.sync is None else video.samples.sync
    if list(sync) != list(range(0, frames, spec.gop_frames)):
        raise VerifyFailed(f"Keyframes of rendition {spec.name} are not {spec.gop_frames} frames apart.")
    return video.entry


def _audio_format(source: Probe, spec: RenditionSpec) -> AudioFormat | None:
    if source.audio is None or not spec.has_audio:
        return None
    rate = source.audio.sample_rate if source.audio.sample_rate in (44_100, 48_000) else 48_000
    return AudioFormat(rate, min(2, max(1, source.audio.channels)))


def _audio_piece(form: ReelFormat, seconds: float) -> AudioPiece | None:
    if form.audio is None:
        return None
    slots = int(Fraction(seconds) * form.audio.sample_rate / AAC_FRAME + Fraction(1, 2))
    return AudioPiece("encode", slots, start_s=0.0)
