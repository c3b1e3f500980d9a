"""Waiting for a database that is away."""

import pytest

from playhead.db.database import DatabaseFull, DatabaseUnavailable
from playhead.jobs import outages
from playhead.jobs.outages import retry_through_outage


class Answers:
    """A database that gives these errors, then an answer."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    async def ask(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "FIRST_WAIT_S", 0.0)


async def test_an_outage_is_waited_out() -> None:
    away = Answers(*[DatabaseUnavailable("away")] * 9)

    assert await retry_through_outage(away.ask, on=DatabaseUnavailable) == "answer"


async def test_what_waiting_does_not_mend_passes_at_once() -> None:
    full = Answers(DatabaseFull("full"))

    with pytest.raises(DatabaseFull):
        await retry_through_outage(full.ask, on=DatabaseUnavailable, but=(DatabaseFull,))


async def test_a_long_outage_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "GIVE_UP_S", -1.0)

    with pytest.raises(DatabaseUnavailable):
        await retry_through_outage(Answers(DatabaseUnavailable("away")).ask, on=DatabaseUnavailable)
