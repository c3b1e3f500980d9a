"""The order of the queue as it is written down, on each kind of database; no worker runs."""

from collections.abc import Sequence

import pytest
from sqlalchemy import update

from playhead.db.unit import within
from playhead.jobs import transitions
from playhead.jobs.engine import Engine, Outcome, QueuedPart
from playhead.jobs.part_priorities import PartPriorities
from playhead.jobs.priorities import LATE_TURNS
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from tests.fixtures.job_kinds import kinds
from tests.fixtures.job_site import Lab


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that the engine was given, in order; it knows nothing of them when it is asked."""
    ids: list[str] = []

    async def enqueue(self: Engine, job: JobRow, queue: str) -> None:
        ids.append(job.id)

    async def outcomes(self: Engine, run_ids: list[str]) -> dict[str, Outcome]:
        return {}

    async def cancel(self: Engine, run_id: str) -> None:
        return None

    for name, call in (("enqueue", enqueue), ("outcomes", outcomes), ("cancel", cancel), ("cancel_parts", cancel)):
        monkeypatch.setattr(Engine, name, call)
    return ids


async def test_owners_take_turns_and_each_owners_jobs_go_by_age(idle_lab: Lab) -> None:
    first = [await idle_lab.record("count", owner_id="usr_a") for _ in range(4)]
    second = [await idle_lab.record("count", owner_id="usr_b") for _ in range(2)]
    assert await _priorities_of(idle_lab, first + second) == [1, 2, 3, 4, 1, 2]

    for job_id in [*first[:3], second[0]]:
        await _begin(idle_lab, job_id)
    newcomer = await idle_lab.record("count", owner_id="usr_c")
    assert await _priorities_of(idle_lab, [newcomer]) == [4]  # beside the first that waits, whoever's that is


async def test_a_job_that_was_canceled_in_the_queue_takes_no_turn(idle_lab: Lab, given: list[str]) -> None:
    jobs = [await idle_lab.record("count") for _ in range(4)]
    for job_id in jobs[1:]:
        await idle_lab.jobs.cancel(job_id)

    assert await _priorities_of(idle_lab, [await idle_lab.record("count")]) == [2]


async def test_a_retried_job_goes_behind_its_owners_others(idle_lab: Lab, given: list[str]) -> None:
    jobs = [await idle_lab.record("count") for _ in range(3)]
    await idle_lab.jobs.cancel(jobs[0])
    await idle_lab.jobs.retry(jobs[0])

    assert await _priorities_of(idle_lab, jobs) == [4, 2, 3]


async def test_a_job_whose_worker_was_lost_keeps_its_priority(idle_lab: Lab) -> None:
    job_id = await idle_lab.record("count")
    begun = await _begin(idle_lab, job_id)
    async with idle_lab.database.write() as session:
        await transitions.wait(session, begun)

    assert await _priorities_of(idle_lab, [job_id]) == [1]


async def test_pictures_go_behind_uploads_and_owners_take_turns_with_them(idle_lab: Lab) -> None:
    uploads = [await idle_lab.record("count") for _ in range(3)]
    await _begin(idle_lab, uploads[0])
    pictures = [await idle_lab.record("pictures", owner_id=owner) for owner in ("usr_a", "usr_a", "usr_b")]

    late = LATE_TURNS
    assert await _priorities_of(idle_lab, pictures) == [late + 2, late + 3, late + 2]


async def test_jobs_of_an_older_version_go_first_and_newcomers_do_not_go_with_them(idle_lab: Lab) -> None:
    """They have the priority 0."""
    old = await idle_lab.record("pictures")
    async with idle_lab.database.write() as session:
        await session.execute(update(JobRow).where(JobRow.id == old).values(priority=0))
    pictures, upload = await idle_lab.record("pictures"), await idle_lab.record("count")

    assert await _priorities_of(idle_lab, [old, upload, pictures]) == [0, 1, LATE_TURNS + 1]


async def test_the_other_queue_counts_for_itself(idle_lab: Lab) -> None:
    for _ in range(3):
        await idle_lab.record("count")

    assert await _priorities_of(idle_lab, [await idle_lab.record("render")]) == [1]


async def test_the_engine_is_given_one_job_of_a_project_at_a_time(idle_lab: Lab, given: list[str]) -> None:
    """The next when that has ended, at its own priority."""
    first, second, third = [await idle_lab.start("count", project_id="prj_a") for _ in range(3)]
    stranger = await idle_lab.start("count", project_id="prj_b")
    assert given == [first, stranger]

    await idle_lab.jobs.cancel(first)
    assert given == [first, stranger, second]
    assert await _priorities_of(idle_lab, [second, third]) == [2, 3]

    begun = await _begin(idle_lab, second)
    await idle_lab.jobs.submit(third)
    async with idle_lab.database.write() as session:
        await transitions.succeed(session, second, 1, kinds().get("count"), {}, now=utc_now())
    await idle_lab.jobs.submit_next(begun)
    assert given == [first, stranger, second, third]


async def test_a_newcomer_does_not_overtake_a_neighbour_that_the_engine_has(idle_lab: Lab, given: list[str]) -> None:
    """Whoever owns it, and also when it runs again: they would run side by side."""
    for _ in range(3):
        await idle_lab.record("count", owner_id="usr_a")
    first = await idle_lab.start("count", owner_id="usr_a", project_id="prj_a")
    second = await idle_lab.start("count", owner_id="usr_b", project_id="prj_a")
    await idle_lab.jobs.cancel(second)
    await idle_lab.jobs.retry(second)

    assert set(given) == {first}  # twice is as once
    assert await _priorities_of(idle_lab, [first, second]) == [4, 5]


async def test_a_cancel_within_a_unit_reaches_engine_and_neighbour_after_the_commit(
    idle_lab: Lab, given: list[str]
) -> None:
    first, second = [await idle_lab.start("count", project_id="prj_a") for _ in range(2)]
    unit = idle_lab.database.unit()
    with within(unit):
        await idle_lab.jobs.cancel(first)
        assert given == [first]
        await unit.commit()

    assert given == [first, second]


async def test_the_reconciler_submits_by_age_and_not_what_waits_for_its_neighbour(
    idle_lab: Lab, given: list[str]
) -> None:
    jobs = [await idle_lab.record("count", video_id=video) for video in ("vid_a", "vid_b", "vid_a", "vid_c")]
    await idle_lab.jobs.reconcile()

    assert given == [jobs[0], jobs[1], jobs[3]]


async def test_a_running_job_that_the_engine_has_lost_is_submitted_beside_its_neighbour(
    idle_lab: Lab, given: list[str]
) -> None:
    """Else two of them would wait for each other."""
    jobs = [await idle_lab.record("count", video_id="vid_a") for _ in range(2)]
    for job_id in jobs:
        await _begin(idle_lab, job_id)
    await idle_lab.jobs.reconcile()

    assert given == jobs


class _Queue(Engine):
    """An engine with these parts in its queue."""

    def __init__(self, *parts: tuple[str, str, int, bool]) -> None:
        self._parts = [QueuedPart(*part) for part in parts]

    async def parts_in_queue(self) -> list[QueuedPart]:
        return self._parts


async def test_jobs_take_turns_with_their_parts(idle_lab: Lab) -> None:
    """Those of one owner share the turns of one. The engine's queue is all that is gone by."""
    long, short, own = [await idle_lab.record("spread", owner_id=owner) for owner in ("usr_a", "usr_b", "usr_a")]
    full = [(long, "spread", place, place <= 12) for place in range(11, 76)]
    stalled = [(long, "spread", 40, False), ("job_gone", "spread", 50, True)]
    between_two = [(long, "spread", 200, False), (long, "spread", 201, False)]

    assert await _part_priorities(idle_lab, long, full) == [76, 77, 78]
    assert await _part_priorities(idle_lab, short, full) == [13, 14, 15]  # every second turn until it is done
    assert await _part_priorities(idle_lab, short, stalled) == [51, 52, 53]  # however many short ones come
    assert await _part_priorities(idle_lab, short, between_two) == [201, 202, 203]
    assert await _part_priorities(idle_lab, own, [(long, "spread", 5, True)]) == [7, 9, 11]


async def _part_priorities(lab: Lab, job_id: str, waiting: Sequence[tuple[str, str, int, bool]]) -> list[int]:
    all_kinds, job = kinds(), await lab.jobs.get(job_id)
    priorities = PartPriorities(lab.database, _Queue(*waiting), all_kinds, all_kinds.get("spread"), job)
    return await priorities.next(3)


async def _priorities_of(lab: Lab, job_ids: Sequence[str]) -> list[int]:
    return [(await lab.jobs.get(job_id)).priority for job_id in job_ids]


async def _begin(lab: Lab, job_id: str) -> JobRow:
    async with lab.database.write() as session:
        job = await transitions.begin(session, job_id, 1, worker="a", now=utc_now())
    assert job is not None
    return job
