"""Option values as people type them: ``4h``, ``1:30``, spans of a video, frame sizes and rates.

Each parser raises ValueError, with what to write instead; as a ``parser=`` of Typer it becomes a usage error.
"""

import re
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"(\d+)([smhdw])")
_CLOCK = re.compile(r"(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d+)?)")
_BYTES = re.compile(r"(\d+(?:\.\d+)?) ?([kmgt]?)(i?)b?", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,5})[x×](\d{1,5})")


class ClipSpan(TypedDict):
    """A clip as the API takes it."""

    video_id: str
    start_s: NotRequired[float]
    end_s: NotRequired[float]


class FileSpan(NamedTuple):
    """A file and its half-open span in seconds; without an end up to the file's."""

    path: Path
    start_s: float
    end_s: float | None


class FrameSize(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


def length_s(text: str) -> int:
    """Parse a length of time such as ``90d``, ``4h`` or ``1h30m`` into whole seconds; zero is an error."""
    parts = _LENGTH.findall(text.strip().lower())
    total = sum(int(count) * _UNITS_S[unit] for count, unit in parts)
    if "".join(count + unit for count, unit in parts) != text.strip().lower() or total == 0:
        raise ValueError(f"{text!r} is not a length of time: write 30m, 4h, 90d or 1h30m")
    return total


def size_bytes(text: str) -> int:
    """Parse ``500GB``, ``2TB`` or ``64GiB``; zero is an error."""
    match = _BYTES.fullmatch(text.strip())
    power = " kmgt".index(match[2].lower() or " ") if match else 0
    size = round(float(match[1]) * (1024 if match[3] else 1000) ** power) if match else 0
    if size == 0:
        raise ValueError(f"{text!r} is not a size: write 500GB, 2TB or 64GiB")
    return size


def count_of(text: str) -> int:
    """Parse a number of things, 1 or more."""
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise ValueError(f"{text!r} is not a number: write 1 or more")
    return int(text)


def lifetime(text: str) -> timedelta:
    """Parse a length of time, as `length_s` does, that a date can be moved by."""
    try:
        return timedelta(seconds=length_s(text))
    except OverflowError:
        raise ValueError(f"{text} is too long") from None


def time_s(text: str) -> float:
    """Parse a time in a video, ``12.5``, ``1:30`` or ``1:04:05.25``, into seconds."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None or (match[2] is not None and float(match[3]) >= 60):
        raise ValueError(f"{text!r} is not a time in a video: write 12.5, 1:30 or 1:04:05")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def span_s(span: str) -> tuple[float | None, float | None]:
    """Parse ``START-END``, ``START-`` or ``-END`` into seconds; None where an end is left out."""
    start, dash, end = span.partition("-")
    if not dash or not (start or end):
        raise ValueError(f"{span!r} is not a span: write START-END, START- or -END, such as 1.5-4 or 0:10-")
    start_s = time_s(start) if start else None
    end_s = time_s(end) if end else None
    if end_s is not None and end_s <= (start_s or 0.0):
        fault = "is empty" if end_s == start_s else "ends before it starts"
        raise ValueError(f"the span {span} {fault}: write the earlier time first, such as 1.5-4")
    return start_s, end_s


def clip_of(text: str) -> ClipSpan:
    """Parse ``VIDEO[:START-END]``; either end of the span may be left out."""
    video, colon, span = text.partition(":")
    if not video:
        raise ValueError(f"{text!r} names no video: write VIDEO or VIDEO:START-END")
    clip = ClipSpan(video_id=video)
    start_s, end_s = span_s(span) if colon else (None, None)
    if start_s is not None:
        clip["start_s"] = start_s
    if end_s is not None:
        clip["end_s"] = end_s
    return clip


def file_clip_of(text: str) -> FileSpan:
    """Parse ``FILE[:START-END]``. A colon may be part of the name of an existing file."""
    path, places = Path(text), [at for at, char in enumerate(text) if char == ":" and at]
    if path.exists() or not places:
        return FileSpan(path, 0.0, None)
    at = next((at for at in places if Path(text[:at]).is_file()), places[0])
    try:
        start_s, end_s = span_s(text[at + 1 :])
    except ValueError as error:
        raise ValueError(f"{text}: {error}") from None
    return FileSpan(Path(text[:at]), start_s or 0.0, end_s)


def frame_size(text: str) -> FrameSize:
    """Parse ``1920x1080``."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a size: write 1920x1080")
    return FrameSize(int(match[1]), int(match[2]))


def frame_rate(text: str) -> float | Fraction:
    """Parse ``25``, ``29.97`` or ``30000/1001`` into frames a second."""
    try:
        return Fraction(text) if "/" in text else float(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{text!r} is not a frame rate: write 25, 29.97 or 30000/1001") from None


def width_px(text: str) -> int:
    """Parse a width in pixels, 16 to 8192."""
    if not text.isascii() or not text.isdigit() or not 16 <= int(text) <= 8192:
        raise ValueError(f"{text!r} is not a width: write 16 to 8192")
    return int(text)


def line_counts(text: str) -> list[int]:
    """Parse ``720,360``."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"{text!r} is not a list of numbers: write 720,360") from None
