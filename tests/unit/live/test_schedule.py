"""Schedules: windows over midnight, and clocks that are set forward and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.live.schedule import WEEKDAYS, is_open, is_time_zone, next_opening, opened_at

EVENINGS = [{"weekdays": ["fri"], "start": "22:00", "end": "02:00"}]
OSLO = "Europe/Oslo"  # set forward on 2026-03-29 at 2:00, back on 2026-10-25 at 3:00

TIMES = st.integers(0, 1000 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
CLOCK = st.times().map(lambda time: f"{time:%H:%M}")
WINDOWS = st.fixed_dictionaries(
    {"weekdays": st.lists(st.sampled_from(WEEKDAYS), unique=True), "start": CLOCK, "end": CLOCK}
)
ZONES = st.sampled_from(["UTC", OSLO, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-07-03T19:59Z", False),  # a Friday, 21:59 in Oslo
        ("2026-07-03T20:00Z", True),
        ("2026-07-03T23:59Z", True),
        ("2026-07-04T00:00Z", False),
        ("2026-07-04T20:00Z", False),  # Saturday evening
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_starts_on(at: str, expected: bool) -> None:
    assert is_open(EVENINGS, OSLO, datetime.fromisoformat(at)) is expected


@pytest.mark.parametrize(
    ("start", "end", "at", "expected"),
    [
        ("02:30", "04:00", "2026-03-29T01:30Z", True),  # 2:30 is skipped: opened at 3:30
        ("02:30", "04:00", "2026-03-29T01:10Z", False),
        ("02:15", "02:45", "2026-03-29T01:20Z", True),  # skipped as a whole: comes later, as long as ever
        ("02:15", "02:45", "2026-03-29T01:50Z", False),
        ("02:30", "02:45", "2026-10-25T00:30Z", True),  # 2:30 comes twice: open from the first
        ("02:30", "02:45", "2026-10-25T01:40Z", True),  # to the second 2:45
        ("02:30", "02:45", "2026-10-25T01:45Z", False),
    ],
)
def test_nothing_of_a_window_is_lost_when_clocks_change(start: str, end: str, at: str, expected: bool) -> None:
    window = {"weekdays": [], "start": start, "end": end}

    assert is_open([window], OSLO, datetime.fromisoformat(at)) is expected


def test_equal_times_are_a_whole_day_and_no_windows_are_always() -> None:
    monday = [{"weekdays": ["mon"], "start": "06:00", "end": "06:00"}]

    assert is_open([], OSLO, datetime(2026, 1, 1, tzinfo=UTC))
    assert is_open(monday, "UTC", datetime(2026, 1, 6, 5, 59, tzinfo=UTC))  # Tuesday
    assert not is_open(monday, "UTC", datetime(2026, 1, 6, 6, 0, tzinfo=UTC))


@given(st.lists(WINDOWS, min_size=1, max_size=3), ZONES, TIMES)
def test_a_schedule_opens_at_its_next_opening(schedule: list[dict[str, Any]], zone: str, at: datetime) -> None:
    """Closed until then, open from then on; and what is open was opened before and within two days."""
    opening = next_opening(schedule, zone, at)
    opened = opened_at(schedule, zone, at)

    assert opening is not None
    assert opening > at
    assert is_open(schedule, zone, opening)
    assert opened is None or timedelta(0) <= at - opened <= timedelta(hours=26)
    assert is_open(schedule, zone, at) == (opened is not None)


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "/etc/passwd", "a\0b", "UTC\n", "x" * 5000, "."])
def test_what_is_no_time_zone_is_none(name: str) -> None:
    assert not is_time_zone(name)
    assert is_time_zone(OSLO)
