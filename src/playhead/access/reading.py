"""Reading rows that outlive their transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.db.database import Database


@asynccontextmanager
async def reading(database: Database) -> AsyncIterator[AsyncSession]:
    """A read transaction whose rows keep their loaded values afterwards: a rollback would expire them."""
    async with database.read() as session:
        yield session
        session.expunge_all()
