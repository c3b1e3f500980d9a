"""Who is taken for dead, and when nobody may be."""

from playhead.jobs.detector import FailureDetector


class World:
    """A clock, the workers that are seen alive, and those that runs belong to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.alive = {"me"}
        self.busy: set[str] = set()
        self.taken: list[set[str]] = []

    async def beat(self) -> set[str]:
        return self.alive

    async def busy_workers(self) -> set[str]:
        return self.busy

    async def take_over(self, dead: set[str]) -> None:
        self.taken.append(dead)

    def detector(self) -> FailureDetector:
        return FailureDetector(self.beat, self.busy_workers, self.take_over, dead_after_s=10, clock=lambda: self.now)

    async def look_for(self, detector: FailureDetector, seconds: int) -> None:
        for _ in range(0, seconds, 2):
            self.now += 2
            await detector.look()


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
    await detector.look()
    await world.look_for(detector, 6)
    assert world.taken == []

    world.alive = {"me", "peer"}
    await world.look_for(detector, 20)
    assert world.taken == []
