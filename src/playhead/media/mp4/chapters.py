"""Chapters in an MP4: the ``chpl`` box, which FFmpeg, VLC and media servers read (``libavformat/mov.c``)."""

import struct
from collections.abc import Sequence

from playhead.media.chapters import Chapter
from playhead.media.mp4.boxes import box, full_box

MOST = 255
"""Chapters that the box can count."""

_TICKS = 10_000_000
_LONGEST_TITLE = 255


def chapters_box(chapters: Sequence[Chapter]) -> bytes:
    """Write ``udta`` with chapters, for the end of ``moov``; nothing where there are none."""
    if not chapters:
        return b""
    kept = chapters[:MOST]
    rows = (struct.pack(">QB", round(one.start_s * _TICKS), len(title := _title(one))) + title for one in kept)
    return box(b"udta", full_box(b"chpl", 1, 0, struct.pack(">IB", 0, len(kept)), *rows))


def _title(chapter: Chapter) -> bytes:
    """At most 255 bytes, cut between two characters."""
    return chapter.title.encode()[:_LONGEST_TITLE].decode(errors="ignore").encode()
