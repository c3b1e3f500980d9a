"""Progress of a piece of media work, and ffmpeg's way of telling it."""

from collections.abc import Awaitable, Callable

Progress = Callable[[float], Awaitable[None]]
"""Takes 0..1 of this piece. May raise: then the child process is killed and the exception passes on."""


def out_time_s(line: str) -> float | None:
    """Read one line of ``-progress``; the seconds written so far, or None for any other line.

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
    """Map 0..1 of a part onto start..end of the whole."""
    if progress is None:
        return None

    async def report(fraction: float) -> None:
        await progress(start + (end - start) * fraction)

    return report
