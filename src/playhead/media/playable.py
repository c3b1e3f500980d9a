"""Which files every browser plays as they are, and which of the others need no more than another container. Pure."""

from typing import NamedTuple

from playhead.media.probe import Probe


class Playable(NamedTuple):
    """A combination that current browsers play (Chrome, Edge, Firefox, Safari; August 2026).

    Attributes:
        containers: As `Probe.container`.
        video, audio: libav's names of codecs.
        pixels: Of each frame: 8 bits, 4:2:0.
    """

    containers: tuple[str, ...]
    video: tuple[str, ...]
    audio: tuple[str, ...]
    pixels: tuple[str, ...]


MP4 = Playable(("mp4", "mov"), ("h264",), ("aac", "mp3", "flac", "opus"), ("yuv420p", "yuvj420p"))
WEBM = Playable(("webm",), ("vp8", "vp9"), ("opus", "vorbis"), ("yuv420p", "yuva420p"))
PLAYABLE = (MP4, WEBM)
"""HEVC and AV1 are missing on purpose: browsers leave both to hardware that many devices do not have."""

_COPIED_FROM = ("mp4", "mov", "mkv", "mpegts", "flv")
"""Containers whose packets have presentation times, which AVI's have not."""

_ACROSS = ("aac",)
"""Audio that a new container takes over; what else browsers play in MP4 is rare, and encoded."""

MAX_SIDE = 1080
"""Most lines of the version that is encoded for browsers."""

MAX_COPIED_SIDE = 2160
"""Most lines of one that is copied."""


def plays(found: Probe) -> bool:
    """Whether every browser plays a file as it is."""
    return any(_fits(found, each) for each in PLAYABLE)


def playable_side(found: Probe) -> int:
    """Lines of the version that is made for browsers: its own, as far as they are not too many."""
    own = min(found.video.width, found.video.height)
    copied = own <= MAX_COPIED_SIDE and can_copy(found)
    return max(2, (own if copied else min(own, MAX_SIDE)) // 2 * 2)


def can_copy(found: Probe) -> bool:
    """Whether the video of a file that does not play is all right, so that only its container or audio is in the way.

    A clock that jumps and a format that changes are left to an encoder.
    """
    video = found.video
    regular = not found.jumps and not video.changes and not video.rotation and not video.mirrored
    return (
        regular
        and not plays(found)
        and found.container in _COPIED_FROM
        and video.codec in MP4.video
        and video.pix_fmt in MP4.pixels
        and max(video.width % 2, video.height % 2) == 0
    )


def copies_audio(found: Probe) -> bool:
    """Whether the audio can be taken over with the video."""
    return found.audio is not None and found.audio.codec in _ACROSS


def _fits(found: Probe, one: Playable) -> bool:
    return (
        found.container in one.containers
        and found.video.codec in one.video
        and found.video.pix_fmt in one.pixels
        and (found.audio is None or found.audio.codec in one.audio)
    )
