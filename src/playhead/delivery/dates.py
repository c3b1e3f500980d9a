"""HTTP dates (RFC 9110 section 5.6.7): written in one form, read in three, always UTC."""

import re
from calendar import timegm
from datetime import UTC, datetime
from email.utils import formatdate
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_FORMS = (
    re.compile(rf"[a-z]{{3}}, (?P<day>\d\d) (?P<month>[a-z]{{3}}) (?P<year>\d{{4}}) {_TIME} gmt", re.ASCII),
    re.compile(rf"[a-z]{{6,9}}, (?P<day>\d\d)-(?P<month>[a-z]{{3}})-(?P<year>\d\d) {_TIME} gmt", re.ASCII),
    re.compile(rf"[a-z]{{3}} (?P<month>[a-z]{{3}}) (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})", re.ASCII),
)


@lru_cache(1024)
def format_http_date(seconds: int) -> bytes:
    """Write seconds since the epoch as an IMF-fixdate: ``Sun, 06 Nov 1994 08:49:37 GMT``."""
    return formatdate(seconds, usegmt=True).encode()


@lru_cache(1024)
def parse_http_date(value: bytes) -> int | None:
    """Read an IMF-fixdate, RFC 850 or asctime date as seconds since the epoch; None for all else."""
    text = value.decode("latin-1").strip().lower()
    match = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if match is None or match["month"] not in _MONTHS:
        return None
    second = min(int(match["second"]), 59)  # a leap second is legal; the epoch has none
    try:
        time = datetime(
            _year(match["year"]),
            _MONTHS.index(match["month"]) + 1,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            second,
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return timegm(time.utctimetuple())


def _year(text: str) -> int:
    # Two digits that seem more than 50 years ahead mean the century before (section 5.6.7).
    year = int(text)
    if len(text) == 4:
        return year
    this_year = datetime.now(UTC).year
    year += this_year - this_year % 100
    return year - 100 if year > this_year + 50 else year
