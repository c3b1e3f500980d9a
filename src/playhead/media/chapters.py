"""Chapters of a video, and the text of them that players read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_SAFE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": " ", "\n": " "})


@dataclass(frozen=True, slots=True)
class Chapter:
    """A titled place of a video.

    Attributes:
        start_s: Where it begins; it lasts until the next one.
    """

    start_s: float
    title: str


def web_vtt(chapters: Sequence[Chapter], duration_s: float) -> str:
    """Cues for ``<track kind="chapters">`` (WebVTT)."""
    ends = [*chapters[1:], Chapter(max(duration_s, chapters[-1].start_s + 0.001), "")] if chapters else []
    cues = (
        f"{_clock(one.start_s)} --> {_clock(after.start_s)}\n{one.title.translate(_SAFE)}\n"
        for one, after in zip(chapters, ends, strict=True)
    )
    return "\n".join(("WEBVTT\n", *cues))


def ffmetadata(chapters: Sequence[Chapter], duration_s: float) -> str:
    """The same for ``ffmpeg -f ffmetadata``."""
    bounds = pairwise([*chapters, Chapter(duration_s, "")])
    rows = (
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={round(one.start_s * 1000)}\nEND={round(after.start_s * 1000)}\n"
        f"title={_escaped(one.title)}\n"
        for one, after in bounds
    )
    return ";FFMETADATA1\n" + "".join(rows)


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "=;#\\\n" else char for char in text)


def _clock(at_s: float) -> str:
    minutes, millis = divmod(round(at_s * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{millis // 1000:02d}.{millis % 1000:03d}"
