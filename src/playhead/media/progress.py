"""Progress of a piece of media work, and ffmpeg's report of it."""

from collections.abc import Awaitable, Callable

Progress = Callable[[float], Awaitable[None]]
"""Callback with the progress of this piece, 0 to 1. If it raises, the child process is killed."""


def out_time_s(line: str) -> float | None:
    """Seconds written so far, from a line of ``-progress``; None for any other line.

    ``out_time_us`` is used because ``out_time_ms`` is in microseconds as well (seen in ffmpeg 5 to 9).
    """
    key, _, value = line.strip().partition("=")
    if key != "out_time_us":
        return None
    try:
        return max(0.0, int(value) / 1_000_000)
    except ValueError:  # "N/A" before the first packet
        return None


def scaled(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Progress of a part, mapped to its span of the whole."""
    if progress is None:
        return None

    async def report(fraction: float) -> None:
        await progress(start + (end - start) * fraction)

    return report
