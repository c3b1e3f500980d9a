"""Durable steps of the engine, with our retry policy."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from playhead.db.database import DatabaseFull, DatabaseUnavailable, unavailable
from playhead.jobs.context import StepRunner
from playhead.jobs.failure import attach_facts, is_retryable
from playhead.jobs.outages import retry_through_outage

log = structlog.get_logger(__name__)

TRIES = 3
BACKOFF = 3.0


def engine_steps(first_wait_s: float) -> StepRunner:
    """Make the step runner of an attempt that the engine runs.

    Args:
        first_wait_s: Seconds before the second try; three times that before the third.
    """

    async def run_step(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        from dbos import DBOS

        tries = 0
        own: Exception | None = None

        def should_retry(error: BaseException) -> bool:
            # On the last try too the error itself passes on, not the engine's word for "tried three times".
            nonlocal tries
            tries += 1
            again = retry and tries < TRIES and is_retryable(error)
            if again:
                log.warning("step_retried", step=name, tries=tries, error=str(error))
            return again

        async def recorded() -> Any:
            nonlocal own
            own = None
            try:
                # An outage of the database costs no try. A full disk waits for a person, who must see it.
                return await retry_through_outage(function, on=DatabaseUnavailable, but=(DatabaseFull,))
            except Exception as error:
                attach_facts(error)
                own = error
                raise

        try:
            return await DBOS.run_step_async(
                {
                    "name": name,
                    "retries_allowed": True,
                    "max_attempts": TRIES,
                    "interval_seconds": first_wait_s,
                    "backoff_rate": BACKOFF,
                    "should_retry": should_retry,
                    "preemptible": True,
                },
                recorded,
            )
        except DBAPIError as error:
            # The engine could not record how the step ended, as on a full disk: its own error says more.
            if own is not None and own is not error:
                raise own from error
            raise unavailable(error) or error from error

    return run_step
