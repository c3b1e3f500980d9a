"""Opening of a file by its descriptor, and its tracks."""

import os
from typing import Any

import av

from playhead.media.extents.find import libav_url
from playhead.media.sniff import DEMUXER_OPTIONS

_SELF_DESCRIBING = ("mov", "matroska")
"""Formats whose headers say how frames are coded: libav need not decode one while it opens the file (17 ms of 1080p
for an excerpt; 36 ms of 50 for an hour of video)."""


def open_file(descriptor: int, demuxer: str, max_pixels: int, *, glance: bool = False) -> Any:
    """Open the first recording of a file, from its beginning.

    Args:
        glance: Decode no frame meanwhile, where the header says enough.

    Raises:
        av.error.FFmpegError: libav cannot read it.
    """
    os.lseek(descriptor, 0, os.SEEK_SET)
    url, protocols = libav_url(descriptor, demuxer)
    options = {"fd": str(descriptor), "protocol_whitelist": protocols, **DEMUXER_OPTIONS.get(demuxer, {})}
    guard: Any = {"max_pixels": str(max_pixels), "threads": "1"}
    if glance and demuxer in _SELF_DESCRIBING:
        guard["skip_frame"] = "all"
    try:
        return av.open(url, format=demuxer, options=options, stream_options=[guard] * 64, metadata_errors="replace")
    except ValueError:  # MPEG program streams and FLV know their tracks only after a look inside
        os.lseek(descriptor, 0, os.SEEK_SET)
        return av.open(url, format=demuxer, options=options, metadata_errors="replace")


def video_of(container: Any) -> Any:
    """The first video track that is not a cover, or None; its ``codec_context`` is None where libav has no decoder."""
    return next((stream for stream in tracks_of(container) if stream.type == "video"), None)


def tracks_of(container: Any) -> list[Any]:
    """Video and audio tracks, covers left out: their packets show what the file's clock does."""
    covers = av.stream.Disposition.attached_pic
    return [
        stream
        for stream in container.streams
        if stream.type == "audio" or (stream.type == "video" and not stream.disposition & covers)
    ]
