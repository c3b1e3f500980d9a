"""The cause of a worker's death, recorded for other processes and hosts."""

import structlog

from playhead.db.database import Database
from playhead.jobs.heartbeat import report_failure, withdraw_failure

log = structlog.get_logger(__name__)

HINT = "The server's log says more."


class Deaths:
    """Records each death; ``close`` it once the server stops: then none of its workers is missing any more."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._last: int | None = None

    async def report(self, pid: int, how: str) -> None:
        """Record how the worker with this process id died, unless it did so itself."""
        self._last = pid
        try:
            await report_failure(self._database, pid=pid, reason=how, hint=HINT)
        except Exception as error:  # the worker is started again all the same; /readyz names the database
            log.warning("worker_death_not_reported", error=repr(error))

    async def close(self) -> None:
        """Withdraw the last record, and close the database."""
        try:
            if self._last is not None:
                await withdraw_failure(self._database, pid=self._last)
        except Exception as error:
            log.warning("worker_death_not_withdrawn", error=repr(error))
        finally:
            await self._database.close()
