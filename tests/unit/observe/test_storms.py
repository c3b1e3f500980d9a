"""Storms are counted, not repeated."""

from structlog.testing import capture_logs

from playhead.observe.storms import EVERY_S, Storm


def test_a_storm_is_one_line_a_minute_with_its_number() -> None:
    """The first is told at once; the rest by how many they were."""
    now = 0.0
    storm = Storm("test", "refused", clock=lambda: now, hint="Raise the limit.")

    with capture_logs() as lines:
        for _ in range(1000):
            storm.count()
        now = EVERY_S
        storm.count()

    assert [(line["event"], line["times"], line["hint"]) for line in lines] == [
        ("refused", 1, "Raise the limit."),
        ("refused", 1000, "Raise the limit."),
    ]
