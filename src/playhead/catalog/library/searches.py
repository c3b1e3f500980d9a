"""Saved searches: the filters of the library under a name."""

import json
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.library.names import clean_name, folded
from playhead.catalog.library.tables import SavedSearchRow
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, NotFound
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id

MOST: Final = 200
"""Saved searches of an owner: a list without pages."""

MOST_BYTES: Final = 4_000
"""Of a query as JSON: longer than any that the library's URL can hold."""


class SavedSearches:
    """The use cases of saved searches."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    async def all_of(self, owner: Principal) -> list[SavedSearchRow]:
        """All of an owner, by name."""
        statement = select(SavedSearchRow).where(SavedSearchRow.owner_id == owner.user_id)
        async with self._database.read() as session:
            return list(await session.scalars(statement.order_by(SavedSearchRow.folded, SavedSearchRow.id)))

    async def create(self, owner: Principal, name: str, query: dict[str, Any]) -> SavedSearchRow:
        """Keep a search.

        Raises:
            InvalidInput: an unusable name, or a query that is too long.
            Conflict: the owner has one of this name, or too many.
        """
        wanted = clean_name(name, what="search")
        if len(json.dumps(query)) > MOST_BYTES:
            raise InvalidInput(
                f"The query has more than {MOST_BYTES:,} bytes.",
                hint="Shorten the words that are searched for.",
                code="query_too_long",
                title="That search is too long",
            )
        async with self._database.write() as session:
            count = select(func.count()).where(SavedSearchRow.owner_id == owner.user_id)
            if (await session.scalar(count) or 0) >= MOST:
                raise Conflict(
                    f"You have {MOST} saved searches, the most there can be.",
                    hint="Delete one.",
                    code="too_many_searches",
                    title="Too many saved searches",
                )
            row = SavedSearchRow(
                id=new_id("sav"),
                owner_id=owner.user_id,
                name=wanted,
                folded=folded(wanted),
                query=query,
                created_at=self._clock(),
            )
            await _flush(session, row)
        return row

    async def rename(self, owner: Principal, search_id: str, name: str) -> SavedSearchRow:
        """Give a saved search another name.

        Raises:
            NotFound, InvalidInput, Conflict
        """
        wanted = clean_name(name, what="search")
        async with self._database.write() as session:
            row = await self._find(session, owner, search_id)
            row.name, row.folded = wanted, folded(wanted)
            await _flush(session, row)
        return row

    async def delete(self, owner: Principal, search_id: str) -> None:
        """Forget a saved search.

        Raises:
            NotFound
        """
        async with self._database.write() as session:
            await session.delete(await self._find(session, owner, search_id))

    async def _find(self, session: AsyncSession, owner: Principal, search_id: str) -> SavedSearchRow:
        row = await session.get(SavedSearchRow, search_id) if is_id("sav", search_id) else None
        if row is None or row.owner_id != owner.user_id:
            raise NotFound(
                f"There is no saved search {search_id}.", code="search_not_found", title="Saved search not found"
            )
        return row


async def _flush(session: AsyncSession, row: SavedSearchRow) -> None:
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(
            "You have a saved search of that name.",
            hint="Choose another name, or delete that one first.",
            code="search_exists",
            title="There is such a saved search",
        ) from error
