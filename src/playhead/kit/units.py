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
