"""The header ``Retry-After``."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = timedelta(hours=24)
"""The longest wait that we let anybody ask for."""


def read_retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Read ``Retry-After``, seconds or a date (RFC 9110 section 10.2.3); None without a usable one."""
    if not header:
        return None
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header.strip()[:9]), LONGEST.total_seconds()))
    try:
        until = parsedate_to_datetime(header)
        return min(max(timedelta(0), until - now), LONGEST)
    except (TypeError, ValueError, OverflowError):
        return None
