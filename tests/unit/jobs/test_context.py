"""A job's context without an engine."""

from pathlib import Path

import pytest

from playhead.jobs.context import JobContext


async def pair(first: int, second: int) -> tuple[int, int]:
    return first, second


async def test_a_steps_result_is_the_same_as_it_will_be_read_from_the_record(tmp_path: Path) -> None:
    context = JobContext(job_id="job_a", work=tmp_path)

    result: object = await context.step("pair", pair, 1, 2)

    assert result == [1, 2]


async def test_a_result_that_cannot_be_recorded_is_refused_at_once(tmp_path: Path) -> None:
    async def folder() -> Path:
        return tmp_path

    with pytest.raises(TypeError, match="not JSON serializable"):
        await JobContext(job_id="job_a", work=tmp_path).step("folder", folder)
