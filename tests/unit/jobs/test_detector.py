"""Who is taken for dead, and when nobody may be."""

import asyncio
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from playhead.db.database import DatabaseUnavailable
from playhead.jobs.detector import FailureDetector, first_line


class World:
    """A clock, the workers that are alive, and those that runs belong to.

    ``wall`` is the database's clock, which somebody may set.
    """

    def __init__(self) -> None:
        self.now = self.wall = 100.0
        self.rows: dict[str, float] = {}
        self.alive = {"me"}
        self.busy: set[str] = set()
        self.taken: list[set[str]] = []

    async def beat(self) -> dict[str, float]:
        self.rows |= dict.fromkeys(self.alive, self.wall)
        return dict(self.rows)

    async def busy_workers(self) -> set[str]:
        return self.busy

    async def recover(self, dead: set[str]) -> None:
        self.taken.append(dead)

    def detector(self) -> FailureDetector:
        return FailureDetector(self.beat, self.busy_workers, self.recover, dead_after_s=10, clock=lambda: self.now)

    async def look_for(self, detector: FailureDetector, seconds: int) -> None:
        for _ in range(0, seconds, 2):
            self.now += 2
            self.wall += 2
            await detector.check()


async def test_a_busy_worker_that_is_not_seen_is_taken_over_from() -> None:
    world = World()
    world.alive, world.busy = {"me", "peer"}, {"me", "peer", "gone"}
    await world.look_for(world.detector(), 12)

    assert world.taken[0] == {"gone"}


async def test_nobody_is_declared_dead_before_everybody_had_time_to_be_seen() -> None:
    world = World()
    world.busy = {"gone"}
    await world.look_for(world.detector(), 8)

    assert world.taken == []


async def test_an_idle_worker_that_is_gone_concerns_nobody() -> None:
    world = World()
    world.busy = {"me"}
    await world.look_for(world.detector(), 20)

    assert world.taken == []


async def test_after_a_silence_of_its_own_it_gives_the_others_time_again() -> None:
    """As after an outage of the database, when every heartbeat is old, or a night in a bag."""
    world = World()
    detector = world.detector()
    await world.look_for(detector, 20)
    world.now += 25
    world.busy = {"peer"}
    await detector.check()
    await world.look_for(detector, 6)
    assert world.taken == []

    world.alive = {"me", "peer"}
    await world.look_for(detector, 20)
    assert world.taken == []


@pytest.mark.parametrize("hours", [-2, 2], ids=["back", "forward"])
async def test_a_clock_that_is_set_neither_kills_nor_saves_anybody(hours: int) -> None:
    """Only that a heartbeat changes counts, in time that nobody sets."""
    world = World()
    world.alive, world.busy = {"me", "peer", "gone"}, {"me", "peer", "gone"}
    detector = world.detector()
    await world.look_for(detector, 20)
    world.wall += hours * 3600
    world.alive = {"me", "peer"}

    await world.look_for(detector, 8)
    assert world.taken == []
    await world.look_for(detector, 4)
    assert world.taken[0] == {"gone"}


async def test_an_outage_is_one_line_and_its_end_another() -> None:
    """Whatever else waits for the database says nothing."""
    world = World()
    answers: Iterator[Exception | None] = iter([DatabaseUnavailable("away")] * 3 + [None, None])

    async def beat() -> dict[str, float]:
        error = next(answers, Exception("the test ends"))
        if error is not None:
            raise error
        return {}

    detector = FailureDetector(beat, world.busy_workers, world.recover, dead_after_s=10, clock=lambda: world.now)
    with capture_logs() as lines:
        looking = asyncio.create_task(detector.run(0))
        while not any(line["event"] == "failure_detector_failed" for line in lines):
            await asyncio.sleep(0)
        looking.cancel()

    assert [line["event"] for line in lines[:2]] == ["database_lost", "database_recovered"]
    assert len(lines) == 3


def test_what_a_driver_says_is_told_without_the_statement() -> None:
    assert first_line(ValueError("(sqlite3.OperationalError) no such table: x\n[SQL: select 1]")).endswith("table: x")
    assert first_line(None) == ""
