"""The engine's log, routed through ours and without its expected noise."""

import logging

_EXPECTED_ERRORS = frozenset(
    {"DBOSAwaitedWorkflowCancelledError", "DBOSWorkflowCancelledError", "DBOSWorkflowConflictIDError"}
)
_EXPECTED_WORDS = (
    "no longer owned by this execution",
    "was cancelled during execution",
    "Asyncio task cancelled for workflow or step",
    "Step being automatically retried",
)
_OUTAGE_WORDS = (
    "psycopg.OperationalError",
    "psycopg.errors.AdminShutdown",
    "psycopg.errors.CrashShutdown",
    "psycopg.errors.CannotConnectNow",
    "psycopg.errors.ConnectionTimeout",
    "Notification listener error: ",
    "Database connection failed: ",
    "(sqlite3.OperationalError) database is locked",
    "(sqlite3.OperationalError) no such table",
    "(sqlite3.DatabaseError) ",
    "psycopg.errors.UndefinedTable",
)
"""Each of the engine's threads logs these several times a second; the failure detector logs an outage once."""


class ExpectedNoise(logging.Filter):
    """Drops the tracebacks of canceled and handed-over jobs, of outages, and of tries that we log ourselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is kept."""
        error = record.exc_info[0] if record.exc_info else None
        if error is not None and error.__name__ in _EXPECTED_ERRORS:
            return False
        message = record.getMessage()
        return not any(words in message for words in _EXPECTED_WORDS + _OUTAGE_WORDS)


def route_engine_log() -> None:
    """Send the engine's log to the root logger instead of its own handler. Call it before the engine starts."""
    logger = logging.getLogger("dbos")
    logger.propagate = True
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    if not any(isinstance(present, ExpectedNoise) for present in logger.filters):
        logger.addFilter(ExpectedNoise())
