"""Connections to PostgreSQL that wait for each answer for a limited time.

A server that hangs (its process is stopped, its disk does not answer) keeps its connections alive: the kernel confirms
what is sent to it, so no timeout of TCP ends the wait.
"""

from typing import Any

from psycopg import AsyncConnection, Connection, OperationalError
from psycopg.pq import TransactionStatus

ANSWER_S = 10.0
"""As long as a host that swallows packets may hold a request up (``database.POSTGRESQL``)."""


class PromptConnection(Connection[Any]):
    """Fails, and is closed, when an answer takes longer than ``ANSWER_S``."""

    def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        """Wait for one answer."""
        try:
            return super().wait(gen, *args, **{"timeout": ANSWER_S} | options)
        except OperationalError:
            _give_up(self)
            raise


class PromptAsyncConnection(AsyncConnection[Any]):
    """The same for asyncio."""

    async def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        """Wait for one answer."""
        try:
            return await super().wait(gen, *args, **{"timeout": ANSWER_S} | options)
        except OperationalError:
            _give_up(self)
            raise


def _give_up(connection: "Connection[Any] | AsyncConnection[Any]") -> None:
    if connection.pgconn.transaction_status == TransactionStatus.ACTIVE:  # no answer: its end would be waited for
        connection.pgconn.finish()
