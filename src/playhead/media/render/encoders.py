"""Encoder settings: one way for each codec, so that packets of all pieces fit into one track."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playhead.media.mp4.movie import Colour
from playhead.media.render.plan import AudioFormat, Codec, RateControl, ReelFormat

ENCODER = 2
"""Version of the encoders: raised when the same source and plan give other bytes, so that no older piece is reused."""

KEYFRAME_EVERY_S = 2
"""Longest keyframe interval in seconds, so that HLS segments and copies of the reel find a place to cut."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """ffmpeg's encoder for one codec.

    Attributes:
        preset: Trade-off between time and size.
        quality: Constant rate factor.
        options: Further options: closed GOPs, a tag that Apple plays.
    """

    name: str
    preset: str
    quality: int
    options: tuple[str, ...]


ENCODERS: dict[Codec, Encoder] = {
    "h264": Encoder("libx264", "veryfast", 20, ("-profile:v", "high", "-x264-params", "open-gop=0")),
    "hevc": Encoder("libx265", "veryfast", 23, ("-tag:v", "hvc1", "-x265-params", "open-gop=0:log-level=error")),
    # A KEY_FRAME (irefresh-type 2) closes the GOP and has the sequence header in its own temporal unit.
    "av1": Encoder("libsvtav1", "9", 30, ("-svtav1-params", "irefresh-type=2")),
}


def video_encoder(form: ReelFormat, threads: int) -> list[str]:
    """Output options: codec, colours, time base, no frame dropped or doubled.

    Args:
        threads: 0 lets the encoder choose.
    """
    encoder = ENCODERS[form.codec]
    every = max(1, round(KEYFRAME_EVERY_S * form.fps))
    arguments = ["-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]
    arguments += ["-c:v", encoder.name, "-preset", encoder.preset, "-crf", str(encoder.quality), *encoder.options]
    arguments += ["-g", str(every), "-pix_fmt", "yuv420p", *_tags(form.colour), "-threads", str(threads)]
    arguments += _rate_control(form.rate_control) if form.rate_control is not None else []
    arguments += ["-fps_mode", "passthrough", "-enc_time_base", f"1:{form.timescale}"]
    return [*arguments, "-video_track_timescale", str(form.timescale), "-f", "mp4"]


def _rate_control(rates: RateControl) -> list[str]:
    """Options after the encoder's own: of an option that is given twice the last counts."""
    arguments = ["-g", str(rates.gop_frames), "-crf", str(rates.quality)]
    arguments += ["-maxrate", str(rates.max_bitrate), "-bufsize", str(2 * rates.max_bitrate)]
    return [*arguments, "-keyint_min", str(rates.gop_frames), "-sc_threshold", "0"]


def audio_encoder(form: AudioFormat) -> list[str]:
    """Output options of AAC-LC in an MP4."""
    arguments = ["-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]
    arguments += ["-c:a", "aac", "-profile:a", "aac_low", "-b:a", str(audio_bitrate(form))]
    return [*arguments, "-ar", str(form.sample_rate), "-ac", str(form.channels), "-f", "mp4"]


def audio_bitrate(form: AudioFormat) -> int:
    """Bits per second."""
    return 160_000 if form.channels > 1 else 96_000


def frame_rate(rate: Fraction) -> str:
    """A rate in the notation of ffmpeg's filters."""
    return f"{rate.numerator}/{rate.denominator}"


def output_path(path: Path) -> str:
    """A path that ffmpeg takes for a file, whatever its name looks like."""
    return str(path.absolute())


def _tags(colour: Colour) -> list[str]:
    # Numbers of ITU-T H.273; ffmpeg's names for one of them differ between options.
    tags = ["-colorspace", str(colour.matrix), "-color_primaries", str(colour.primaries)]
    return [*tags, "-color_trc", str(colour.transfer), "-color_range", "pc" if colour.full_range else "tv"]
