"""How long work will take, about: a small model of what two cores took in November 2026.

1080p30 with x264 veryfast took 24 s a minute of ordinary pictures, of which 5 s were decoding. The content moves that
by a factor of three either way: 315 million pixels a second of flat graphics, 60 of strong noise; x265 veryfast took
115 and 45 of the same, SVT-AV1 at preset 9 350 and 107. Tone mapping doubles a clip. A whole track of AAC took 2 s a
minute.
"""

from fractions import Fraction

from playhead.media.stitch.plan import Codec

ENCODED_PIXELS = {"h264": 200e6, "hevc": 80e6, "av1": 230e6}
"""Pixels a second that an encoder takes."""

DECODED_PIXELS = 790e6
SOUND_RATE = 30.0
"""Seconds of sound that are encoded in one."""

START_S = 0.25
"""To start a tool, open a file and find the place in it."""

REEL_S, CLIP_S = 0.3, 0.05
"""To merge and to check a reel, and each clip in it."""


def picture_s(
    codec: Codec, *, pixels: int, frames: int, source_pixels: int, seconds: float, fps: Fraction, hdr: bool
) -> float:
    """Of one encoded piece.

    Args:
        pixels, source_pixels: Of one frame made, and of one read.
        frames, seconds: How many are made, and how long they last.
        fps: Of the source.
    """
    read = seconds * float(fps) * source_pixels / DECODED_PIXELS
    made = frames * pixels / ENCODED_PIXELS[codec]
    return START_S + (read + made) * (2 if hdr else 1)


def sound_s(seconds: float) -> float:
    """Of one encoded piece of sound."""
    return START_S + seconds / SOUND_RATE
