"""When a delivery is attempted again."""

from datetime import UTC, datetime, timedelta

import pytest

from playhead.kit.retry_after import read_retry_after
from playhead.notify.schedule import next_attempt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOURS = (2, 5, 10, 14, 20, 24)
WAITS_S = (5, 300, 1800, *(3600 * hours for hours in HOURS))


def test_ten_attempts_as_the_specification_recommends() -> None:
    waits = [next_attempt(tries, NOW, chance=0) for tries in range(1, 11)]
    assert waits == [*(NOW + timedelta(seconds=wait) for wait in WAITS_S), None]


def test_chance_prolongs_a_wait_by_a_tenth_at_most() -> None:
    assert next_attempt(1, NOW, chance=1) == NOW + timedelta(seconds=5.5)


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(timedelta(minutes=1), timedelta(minutes=1)), (timedelta(seconds=1), timedelta(seconds=5)),
     (timedelta(days=9), timedelta(days=1))],
)  # fmt: skip
def test_a_longer_wait_is_obeyed_up_to_a_day(asked: timedelta, waits: timedelta) -> None:
    assert next_attempt(1, NOW, chance=0, retry_after=asked) == NOW + waits


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("120", 120), (" 7 ", 7), ("Sun, 01 Mar 2026 12:01:00 GMT", 60), ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
     ("9" * 400, 86_400), ("soon", None), ("-1", None), ("", None), (None, None)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(header: str | None, wait_s: int | None) -> None:
    assert read_retry_after(header, NOW) == (None if wait_s is None else timedelta(seconds=wait_s))
