"""Times of captions: ``HH:MM:SS.mmm`` in WebVTT, with a comma in SRT."""

import re

_TIME = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})", re.ASCII)
_TIMING = re.compile(rf"\s*({_TIME.pattern})\s*-->\s*({_TIME.pattern})(?:[ \t].*)?\s*", re.ASCII)


def read_time(text: str) -> float | None:
    """Seconds; None for anything else."""
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[2]) > 59 or int(match[3]) > 59:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) + int(match[4].ljust(3, "0")) / 1000


def read_timing(line: str) -> tuple[float, float] | None:
    """Start and end of a line such as ``00:01.000 --> 00:02.500 align:start``; None for anything else."""
    match = _TIMING.fullmatch(line)
    if match is None:
        return None
    start_s, end_s = read_time(match[1]), read_time(match[6])
    return None if start_s is None or end_s is None else (start_s, end_s)


def write_time(at_s: float, point: str = ".") -> str:
    """As WebVTT has it; with a comma as SRT has it."""
    minutes, millis = divmod(round(at_s * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{millis // 1000:02d}{point}{millis % 1000:03d}"
