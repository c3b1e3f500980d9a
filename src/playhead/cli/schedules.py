"""Schedules as people type them: ``mon-fri 18:00-02:00``, ``sat,sun 10:00-12:30``, ``daily 00:00-00:00``."""

import re
from typing import TypedDict

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")
_EXAMPLE = "write it as 'mon-fri 18:00-02:00', 'sat,sun 10:00-12:30' or 'daily 18:00-23:00'"


class Window(TypedDict):
    """Hours of the week as the API takes them."""

    weekdays: list[str]
    start: str
    end: str


def window_of(text: str) -> Window:
    """Parse the days and hours of a schedule."""
    days, _, hours = text.strip().lower().rpartition(" ")
    found = _HOURS.fullmatch(hours)
    if found is None:
        raise ValueError(f"{text!r} is not a part of a schedule: {_EXAMPLE}")
    start, end = f"{int(found[1]):02}:{found[2]}", f"{int(found[3]):02}:{found[4]}"
    return Window(weekdays=_days(days.strip(), text), start=start, end=end)


def window_text(window: Window) -> str:
    """Write a window as `window_of` reads it."""
    days = ",".join(window["weekdays"]) or "daily"
    return f"{days} {window['start']}-{window['end']}"


def _days(text: str, whole: str) -> list[str]:
    if text in ("", "daily"):
        return []
    chosen: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        try:
            start, end = WEEKDAYS.index(first[:3]), WEEKDAYS.index((last or first)[:3])
        except ValueError:
            raise ValueError(f"{part!r} in {whole!r} is not a weekday: {_EXAMPLE}") from None
        chosen |= {day % 7 for day in range(start, (end if end >= start else end + 7) + 1)} if dash else {start}
    return [WEEKDAYS[day] for day in sorted(chosen)]
