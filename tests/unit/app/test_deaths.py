"""How a dead worker is reported by its server."""

from pathlib import Path

from structlog.testing import capture_logs

from playhead.app.deaths import Deaths
from playhead.db.database import Database


async def test_a_death_that_cannot_be_written_down_does_not_end_the_supervisor(tmp_path: Path) -> None:
    """There is no table here; the worker must be started again whatever the database says."""
    deaths = Deaths(Database(f"sqlite:///{tmp_path / 'x.db'}"))
    with capture_logs() as lines:
        await deaths.report(1, "It was killed.")
        await deaths.close()

    assert [line["event"] for line in lines] == ["worker_death_not_reported", "worker_death_not_withdrawn"]
