"""What the API and the workers agree on about the engine."""

import logging
from pathlib import Path

import pytest

from playhead.db.urls import sqlite_file
from playhead.jobs.engine import Engine, partition, use_write_ahead_log, workflow_id
from playhead.jobs.engine_log import ExpectedNoise
from playhead.jobs.errors import EngineUnavailable
from playhead.jobs.tables import JobRow


class DBOSWorkflowCancelledError(Exception):
    """Named as the engine's."""


@pytest.mark.parametrize(("run", "name"), [(1, "job_a"), (2, "job_a.2"), (10, "job_a.10")])
def test_each_run_has_a_name_in_the_engine(run: int, name: str) -> None:
    assert workflow_id("job_a", run) == name


@pytest.mark.parametrize(
    ("project", "video", "key"),
    [("prj_a", "vid_a", "prj_a"), (None, "vid_a", "vid_a"), (None, None, "job_a")],
)
def test_jobs_of_a_project_or_else_of_a_video_are_neighbours(project: str | None, video: str | None, key: str) -> None:
    assert partition(JobRow(id="job_a", project_id=project, video_id=video)) == key


@pytest.mark.parametrize(
    ("url", "file"),
    [("sqlite:////data/jobs.db", Path("/data/jobs.db")), ("postgresql://user@host/name", None)],
)
def test_an_embedded_engine_is_a_file(url: str, file: Path | None) -> None:
    assert sqlite_file(url) == file


def test_the_embedded_engines_file_is_made_in_wal_mode(tmp_path: Path) -> None:
    use_write_ahead_log(f"sqlite:///{tmp_path / 'deep' / 'jobs.db'}")

    assert (tmp_path / "deep" / "jobs.db").read_bytes()[18:20] == b"\x02\x02"  # file format 2 is WAL


async def test_asking_an_engine_that_has_never_run_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="No worker has run"):
        await Engine(f"sqlite:///{tmp_path / 'jobs.db'}").busy_workers()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("message", "error", "kept"),
    [
        ("Exception encountered in asynchronous workflow:", DBOSWorkflowCancelledError(), False),
        ("Exception listing queues: (psycopg.OperationalError) connection failed: refused", None, False),
        ("Notification listener error: consuming input failed", None, False),
        ("Exception listing queues: (psycopg.errors.UndefinedTable) no such table", None, False),
        ("Exception finding work for queue media: (sqlite3.DatabaseError) malformed", None, False),
        ("Workflow job_a is no longer owned by this execution. Waiting", None, False),
        ("Exception encountered in asynchronous workflow:", KeyError(), True),
        ("Exception reloading queue media from database", None, True),
    ],
)
def test_the_engines_log_is_kept_but_for_what_is_expected(message: str, error: Exception | None, kept: bool) -> None:
    trace = None if error is None else (type(error), error, None)
    record = logging.LogRecord("dbos", logging.ERROR, "", 0, message, None, trace)

    assert ExpectedNoise().filter(record) is kept


def test_a_file_that_is_no_database_is_to_be_restored_or_moved_away(tmp_path: Path) -> None:
    """Not: to be writable."""
    (tmp_path / "jobs.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(EngineUnavailable, match="not a database") as refused:
        use_write_ahead_log(f"sqlite:///{tmp_path / 'jobs.db'}")

    assert "move it away" in str(refused.value.hint)
