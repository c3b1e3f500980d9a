"""Sizes and durations as people write and read them."""

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


def format_bytes(size: int) -> str:
    """Write a size in decimal units: ``512 bytes``, ``12.1 MB``."""
    if size < 1000:
        return f"{size} byte{'' if size == 1 else 's'}"
    value = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.95 or unit == "TB":
            break
    return f"{value:.1f} {unit}"


def format_duration(seconds: float) -> str:
    """Write a duration as ``0:07``, ``3:25`` or ``1:04:05``, rounded to whole seconds."""
    total = round(seconds)
    hours, rest = divmod(total, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def format_estimate(likely_s: float, low_s: float, high_s: float) -> str:
    """Write how long something will take, no finer than it is known: ``about 25 s``, ``10 to 30 s``."""
    low, high = _coarse(low_s), _coarse(high_s)
    if low == high or high_s < 1.7 * low_s:
        return "about " + " ".join(_coarse(likely_s))
    return f"{low[0]} to {' '.join(high)}" if low[1] == high[1] else f"{' '.join(low)} to {' '.join(high)}"


def _coarse(seconds: float) -> tuple[str, str]:
    if seconds < 10:
        return str(max(1, round(seconds))), "s"
    if seconds < 90:
        return str(5 * round(seconds / 5)), "s"
    return (str(round(seconds / 60)), "min") if seconds < 5400 else (f"{seconds / 3600:.1f}", "h")
