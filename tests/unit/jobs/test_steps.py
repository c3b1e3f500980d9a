"""Steps with the engine's recorder left out."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from playhead.db.database import DatabaseFull, DatabaseUnavailable
from playhead.jobs import outages
from playhead.jobs.steps import engine_steps


@pytest.fixture(autouse=True)
def tries(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The options of each step that the engine was given; it makes one try."""
    given: list[dict[str, Any]] = []

    async def run_step_async(options: dict[str, Any], function: Callable[[], Awaitable[Any]]) -> Any:
        given.append(options)
        return await function()

    monkeypatch.setattr("dbos.DBOS.run_step_async", run_step_async)
    monkeypatch.setattr(outages, "FIRST_WAIT_S", 0.0)
    return given


async def test_an_outage_of_the_database_costs_a_step_no_try() -> None:
    """However long it is: three tries are over in eight seconds."""
    answers: list[Any] = [DatabaseUnavailable("away")] * 9

    async def work() -> str:
        if answers:
            raise answers.pop()
        return "done"

    assert await engine_steps(0)("render", work, retry=False) == "done"


async def test_a_full_disk_ends_the_step() -> None:
    """Somebody has to free some space, and to see that."""

    async def work() -> None:
        raise DatabaseFull("full")

    with pytest.raises(DatabaseFull):
        await engine_steps(0)("render", work, retry=False)
