"""A unit of work: the writes of one request, in one transaction that commits with its answer.

Without a unit each ``Database.write`` commits by itself. Within one the first write opens the transaction, later ones
are savepoints in it, ``Database.read`` sees them, and nothing is there for others before ``Unit.commit``. It uses
one connection: requests that hold one and wait for another would deadlock.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy.ext.asyncio import AsyncSession

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[None]]


class Unit:
    """The transaction of one task.

    Args:
        transaction: Opens one that commits at its end, or rolls back on an error.
    """

    def __init__(self, transaction: "Callable[[], AbstractAsyncContextManager[AsyncSession]]") -> None:
        self._transaction = transaction
        self._stack = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._task = asyncio.current_task()
        self._after: list[Work] = []
        self.is_open = True

    @property
    def is_mine(self) -> bool:
        """Whether the current task may write in it: a session serves one task."""
        return self.is_open and asyncio.current_task() is self._task

    @property
    def session(self) -> "AsyncSession | None":
        """The session with the writes; None before the first write."""
        return self._session

    @asynccontextmanager
    async def write(self) -> "AsyncIterator[AsyncSession]":
        """Write in the transaction; an error undoes only this block."""
        if self._session is None:
            self._session = await self._stack.enter_async_context(self._transaction())
            try:
                yield self._session
                await self._session.flush()  # violated constraints are raised here, as at the end of a savepoint
            except BaseException as error:
                self._session = None
                await self._stack.__aexit__(type(error), error, error.__traceback__)
                raise
        else:
            async with self._session.begin_nested():
                yield self._session

    def after(self, work: Work) -> None:
        """Run *work* once others can see what was written."""
        self._after.append(work)

    async def commit(self) -> None:
        """End it; what is written later in this task commits by itself."""
        self.is_open = False
        await self._stack.aclose()
        for work in self._after:
            try:
                await work()
            except Exception:  # the request's own writes are committed: its answer stands
                log.exception("after_commit_failed")

    async def roll_back(self) -> None:
        """Undo all writes."""
        self.is_open = False
        try:
            if self._session is not None:
                await self._session.rollback()
        finally:
            await self._stack.aclose()


_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)


def current_unit() -> Unit | None:
    """The unit of the current task."""
    unit = _unit.get()
    return unit if unit is not None and unit.is_mine else None


async def after_commit(work: Work) -> None:
    """Run *work* once others can see what was written: now, or after the commit of the current unit."""
    unit = _unit.get()
    if unit is not None and unit.is_open:
        unit.after(work)
    else:
        await work()


@contextmanager
def within(unit: Unit) -> "Iterator[None]":
    """Make writes join a unit."""
    token = _unit.set(unit)
    try:
        yield
    finally:
        _unit.reset(token)
