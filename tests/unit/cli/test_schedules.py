"""Schedules as people type them."""

import pytest

from playhead.cli.schedules import window_of, window_text


@pytest.mark.parametrize(
    ("text", "weekdays", "start", "end"),
    [
        ("mon-fri 18:00-02:00", ["mon", "tue", "wed", "thu", "fri"], "18:00", "02:00"),
        ("sat,sun 9:30-12:00", ["sat", "sun"], "09:30", "12:00"),
        ("fri-mon 00:00-00:00", ["mon", "fri", "sat", "sun"], "00:00", "00:00"),
        ("Daily 18:00-23:00", [], "18:00", "23:00"),
        ("18:00-23:00", [], "18:00", "23:00"),
    ],
)
def test_days_and_hours_are_read(text: str, weekdays: list[str], start: str, end: str) -> None:
    """And written so that they can be read again."""
    window = window_of(text)

    assert window == {"weekdays": weekdays, "start": start, "end": end}
    assert window_of(window_text(window)) == window


@pytest.mark.parametrize("text", ["", "mon", "mon 18-20", "mon 25:00-26:00", "moo 18:00-19:00", "mon- 18:00-19:00 x"])
def test_what_is_no_schedule_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="mon-fri 18:00-02:00"):
        window_of(text)
