"""The job of detection: it is there while there is something to detect, and keeps its loops going."""

import asyncio
from pathlib import Path

import pytest

from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.live.detect.detection import Detection, DetectJob, Loop
from playhead.live.detect.errors import TwitchUnavailable
from playhead.live.detect.watched import Watched
from playhead.live.tables import ChannelRow
from tests.fixtures.detecting import Detecting
from tests.fixtures.fake_twitch import until


def job_of(here: Detecting, **loops: Loop) -> DetectJob:
    """A job with loops of the test's."""
    return DetectJob(
        here.database, here.jobs, here.broadcasts, here.events, here.notes, lambda: loops, tick_s=0.01, linger_s=0.05
    )


async def forever(watched: Watched) -> None:
    """A loop that does not fail."""
    await asyncio.Event().wait()


async def test_it_exists_once_while_a_channel_is_enabled(here: Detecting) -> None:
    """However many workers sweep; with no channel none is recorded."""
    kinds = JobKinds(job_of(here).kind())
    jobs = Jobs(here.database, here.jobs_url, kinds)
    detection = Detection(here.database, jobs)
    await detection.ensure()
    assert await here.all(JobRow) == []
    await here.channel()
    await asyncio.gather(*(detection.ensure() for _ in range(4)))
    await jobs.close()

    assert [(row.kind, row.dedupe_key) for row in await here.all(JobRow)] == [("detect", "detect")]


async def test_it_ends_with_the_last_channel(here: Detecting, tmp_path: Path) -> None:
    channel = await here.channel()
    seen: list[list[str]] = []

    async def look(watched: Watched) -> None:
        seen.append(watched.user_ids)
        await forever(watched)

    run = asyncio.create_task(job_of(here, look=look).run(JobContext(job_id="job_x", work=tmp_path), {}))
    await until(lambda: seen == [["1000"]])
    async with here.database.write() as session:
        row = await session.get(ChannelRow, channel)
        assert row is not None
        row.enabled = False

    assert await asyncio.wait_for(run, 60) == {}


async def test_a_loop_that_fails_is_started_again_and_the_reason_noted(
    here: Detecting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playhead.live.detect.detection.FIRST_PAUSE_S", 0.01)
    await here.channel()
    starts = 0

    async def fail_twice(watched: Watched) -> None:
        nonlocal starts
        starts += 1
        if starts <= 2:
            raise TwitchUnavailable("Twitch answered GET /streams with 503.")
        await forever(watched)

    run = asyncio.create_task(job_of(here, poll=fail_twice).run(JobContext(job_id="job_x", work=tmp_path), {}))
    await until(lambda: starts == 3)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)

    assert (await here.notes.read())["problem:poll"]["detail"] == "Twitch answered GET /streams with 503."


async def test_broadcasts_whose_grace_window_is_over_end(here: Detecting, tmp_path: Path) -> None:
    channel = await here.channel()
    await here.live(channel, "s1", 0)
    await here.broadcasts.went_offline(channel, at=here.clock())
    here.clock.minute = 10
    run = asyncio.create_task(job_of(here, poll=forever).run(JobContext(job_id="job_x", work=tmp_path), {}))

    async def has_ended() -> bool:
        return (await here.rows())[0].ended_at is not None

    await until(has_ended)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)

    assert [row.stop_reason for row in await here.recorded()] == ["offline"]
