"""Schedules: hours of the week in which a channel is recorded, on the clocks of its time zone.

A window is ``{"weekdays": ["mon", ...], "start": "18:00", "end": "02:00"}``. One whose end is not after its start goes
over midnight and belongs to the day it starts on; equal times are a whole day. No weekdays are all of them, and no
windows are always.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Schedule = Sequence[Mapping[str, Any]]


def is_open(schedule: Schedule, time_zone: str, at: datetime) -> bool:
    """Whether a channel with this schedule is recorded at a time."""
    return not schedule or opened_at(schedule, time_zone, at) is not None


def opened_at(schedule: Schedule, time_zone: str, at: datetime) -> datetime | None:
    """When the window that is open at a time was opened, the earliest of several; None while all are closed."""
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    days = (today - timedelta(days=1), today)
    spans = [_span(window, day, zone) for window in schedule for day in days if _is_on(window, day)]
    return min((start for start, end in spans if start <= at < end), default=None)


def next_opening(schedule: Schedule, time_zone: str, at: datetime) -> datetime | None:
    """When the next window opens; None without windows."""
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(8)]
    starts = [_span(window, day, zone)[0] for window in schedule for day in days if _is_on(window, day)]
    return min((start for start in starts if start > at), default=None)


def is_time_zone(name: str) -> bool:
    """Whether a name is one of the IANA time zones."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # the name goes into a path: some are not even file names
        return False
    return True


def _is_on(window: Mapping[str, Any], day: date) -> bool:
    return not window["weekdays"] or WEEKDAYS[day.weekday()] in window["weekdays"]


def _span(window: Mapping[str, Any], day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The times of a window on a day. Of an hour that the clocks show twice it has both; one that they skip comes as
    much later, so that nothing of a window is lost."""
    start, end = time.fromisoformat(window["start"]), time.fromisoformat(window["end"])
    last_day = day if end > start else day + timedelta(days=1)
    ends = (datetime.combine(last_day, end, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return datetime.combine(day, start, zone).astimezone(UTC), max(ends)
