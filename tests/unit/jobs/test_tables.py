"""What a row can tell by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from playhead.jobs.tables import JobRow, JobState

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def running(progress: float, *, since: float = 0.0, state: JobState = "running") -> JobRow:
    return JobRow(state=state, progress=progress, attempt_progress=since, attempt_started_at=START)


@pytest.mark.parametrize(
    ("job", "elapsed_s", "eta_s"),
    [
        (running(0.5), 30, 30.0),
        (running(0.25), 30, 90.0),
        (running(0.6, since=0.5), 10, 40.0),
        (running(1.0), 10, 0.0),
        (running(0.005), 60, None),
        (running(0.5), 0.5, None),
        (running(0.5, state="queued"), 30, None),
        (running(0.5, state="succeeded"), 30, None),
        (JobRow(state="running", progress=0.5, attempt_progress=0.0, attempt_started_at=None), 30, None),
    ],
)
def test_the_end_is_judged_by_the_pace_of_the_current_attempt(
    job: JobRow, elapsed_s: float, eta_s: float | None
) -> None:
    assert job.eta_s(START + timedelta(seconds=elapsed_s)) == eta_s


@pytest.mark.parametrize(
    ("progress", "elapsed_s", "eta_s"),
    [
        (0.0, 0.5, 40.0),  # nothing is done yet: what was expected
        (0.005, 10, 39.8),
        (0.25, 10, 30.0),  # as expected
        (0.25, 40, 102.0),  # four times slower: most of the way to what its pace says, 120 s
        (0.5, 80, 73.3),
    ],
)
def test_an_expected_end_counts_less_the_longer_the_attempt_runs(
    progress: float, elapsed_s: float, eta_s: float
) -> None:
    """So the time left is known from the start, and does not jump with the first moments."""
    job = running(progress)
    job.args = {"expected_s": 40.0}

    assert job.eta_s(START + timedelta(seconds=elapsed_s)) == pytest.approx(eta_s, abs=0.1)


@pytest.mark.parametrize(
    ("state", "active"),
    [("queued", True), ("running", True), ("succeeded", False), ("failed", False), ("canceled", False)],
)
def test_a_job_is_active_until_it_ends(state: JobState, active: bool) -> None:
    assert JobRow(state=state).is_active is active
