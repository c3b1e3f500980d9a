"""Times as people type them: ``4h``, ``90d``, ``1:30``, and spans of a video."""

import re
from pathlib import Path

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"(\d+)([smhdw])")
_CLOCK = re.compile(r"(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d+)?)")


def length_s(text: str) -> int:
    """Read a length of time such as ``90d``, ``4h`` or ``1h30m`` as whole seconds.

    Raises:
        ValueError: it does not read, or is zero.
    """
    parts = _LENGTH.findall(text.strip().lower())
    total = sum(int(count) * _UNITS_S[unit] for count, unit in parts)
    if "".join(count + unit for count, unit in parts) != text.strip().lower() or total == 0:
        raise ValueError(f"{text!r} is not a length of time: write 30m, 4h, 90d or 1h30m")
    return total


def moment_s(text: str) -> float:
    """Read a place in a video, ``12.5``, ``1:30`` or ``1:04:05.25``, as seconds.

    Raises:
        ValueError: it does not read.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None or (match[2] is not None and float(match[3]) >= 60):
        raise ValueError(f"{text!r} is not a time in a video: write 12.5, 1:30 or 1:04:05")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def clip_of(text: str) -> dict[str, str | float]:
    """Read ``VIDEO[:START-END]`` as a clip for the API; either end of the span may be left out.

    Raises:
        ValueError: it does not read, or ends before it starts.
    """
    video, colon, span = text.partition(":")
    clip: dict[str, str | float] = {"video_id": video}
    if not video:
        raise ValueError(f"{text!r} names no video: write VIDEO or VIDEO:START-END")
    if not colon:
        return clip
    start_s, end_s = span_s(span)
    if start_s is not None:
        clip["start_s"] = start_s
    if end_s is not None:
        clip["end_s"] = end_s
    return clip


def file_clip_of(text: str) -> tuple[Path, float, float | None]:
    """Read ``FILE[:START-END]`` as a file and its half-open span in seconds, without an end up to the file's.

    A colon may be part of the file's name: what stands there as a file is taken for it.

    Raises:
        ValueError: the span does not read, or ends before it starts.
    """
    path, places = Path(text), [at for at, char in enumerate(text) if char == ":" and at]
    if path.exists() or not places:
        return path, 0.0, None
    at = next((at for at in places if Path(text[:at]).is_file()), places[0])
    start_s, end_s = span_s(text[at + 1 :])
    return Path(text[:at]), start_s or 0.0, end_s


def span_s(span: str) -> tuple[float | None, float | None]:
    """Read ``START-END``, ``START-`` or ``-END`` in seconds; None where an end is left out.

    Raises:
        ValueError: it does not read, or ends before it starts.
    """
    start, dash, end = span.partition("-")
    if not dash or not (start or end):
        raise ValueError(f"{span!r} is not a span: write START-END, START- or -END, such as 1.5-4 or 0:10-")
    start_s = moment_s(start) if start else None
    end_s = moment_s(end) if end else None
    if end_s is not None and end_s <= (start_s or 0.0):
        fault = "is empty" if end_s == start_s else "ends before it starts"
        raise ValueError(f"the span {span} {fault}: write the earlier time first, such as 1.5-4")
    return start_s, end_s
