"""Collections: named sets of an owner's videos. A video may be in several; deleting a collection keeps its videos."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.library.names import clean_name, folded
from playhead.catalog.library.own import batches, own_videos
from playhead.catalog.library.tables import CollectionRow, CollectionVideoRow
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database
from playhead.errors import Conflict, NotFound
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id

MOST: Final = 1_000
"""Collections of an owner: a list without pages."""


class Counted(NamedTuple):
    """A collection with the number of its videos, without those in the trash."""

    row: CollectionRow
    videos: int


class Collections:
    """The use cases of collections."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    async def all_of(self, owner: Principal) -> list[Counted]:
        """All of an owner, by name."""
        async with self._database.read() as session:
            statement = _counted().where(CollectionRow.owner_id == owner.user_id)
            found = await session.execute(statement.order_by(CollectionRow.folded, CollectionRow.id))
        return [Counted(row, videos) for row, videos in found]

    async def get(self, principal: Principal, collection_id: str) -> Counted:
        """One collection.

        Raises:
            NotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            row = await self.find(session, principal, collection_id)
            found = (await session.execute(_counted().where(CollectionRow.id == row.id))).one()
        return Counted(*found)

    async def find(self, session: AsyncSession, principal: Principal, collection_id: str) -> CollectionRow:
        """As `get`, within a transaction."""
        row = await session.get(CollectionRow, collection_id) if is_id("col", collection_id) else None
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise NotFound(
                f"There is no collection {collection_id}.",
                hint="It may have been deleted; its videos are still in the library.",
                code="collection_not_found",
                title="Collection not found",
            )
        return row

    async def create(self, owner: Principal, name: str) -> CollectionRow:
        """Make an empty collection.

        Raises:
            InvalidInput: an unusable name.
            Conflict: the owner has one of this name.
        """
        async with self._database.write() as session:
            count = select(func.count()).where(CollectionRow.owner_id == owner.user_id)
            if (await session.scalar(count) or 0) >= MOST:
                raise Conflict(
                    f"You have {MOST:,} collections, the most there can be.",
                    hint="Delete one, or use tags.",
                    code="too_many_collections",
                    title="Too many collections",
                )
            return await self.insert(session, owner.user_id, clean_name(name, what="collection"))

    async def insert(self, session: AsyncSession, owner_id: str, name: str) -> CollectionRow:
        """As `create`, within a transaction and for a clean name."""
        row = CollectionRow(
            id=new_id("col"), owner_id=owner_id, name=name, folded=folded(name), created_at=self._clock()
        )
        await self._flush(session, row)
        return row

    async def named(self, session: AsyncSession, owner_id: str, name: str) -> CollectionRow:
        """The owner's collection of a clean name, made if there is none."""
        statement = select(CollectionRow).where(
            CollectionRow.owner_id == owner_id, CollectionRow.folded == folded(name)
        )
        found: CollectionRow | None = await session.scalar(statement)
        return found or await self.insert(session, owner_id, name)

    async def rename(self, principal: Principal, collection_id: str, name: str) -> Counted:
        """Give a collection another name.

        Raises:
            NotFound, InvalidInput, Conflict
        """
        wanted = clean_name(name, what="collection")
        async with self._database.write() as session:
            row = await self.find(session, principal, collection_id)
            row.name, row.folded = wanted, folded(wanted)
            await self._flush(session, row)
        return await self.get(principal, collection_id)

    async def delete(self, principal: Principal, collection_id: str) -> None:
        """Delete a collection; its videos stay.

        Raises:
            NotFound
        """
        async with self._database.write() as session:
            await session.delete(await self.find(session, principal, collection_id))

    async def add(self, principal: Principal, collection_id: str, video_ids: Collection[str]) -> list[str]:
        """Put videos into a collection; those that went in, without those that were there.

        Videos that are gone, or of another owner than the collection, are left out.

        Raises:
            NotFound: no such collection.
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, collection_id)
            videos = await own_videos(session, principal, video_ids, lock=True)
            return await self.put(session, row, [video for video in videos.values() if video.owner_id == row.owner_id])

    async def put(self, session: AsyncSession, row: CollectionRow, videos: Sequence[VideoRow]) -> list[str]:
        """As `add`, within a transaction, for videos of the collection's owner."""
        there = await _among(session, row.id, [video.id for video in videos])
        new = [video.id for video in videos if video.id not in there]
        now = self._clock()
        session.add_all(CollectionVideoRow(collection_id=row.id, video_id=each, added_at=now) for each in new)
        await session.flush()
        return new

    async def remove(self, principal: Principal, collection_id: str, video_ids: Collection[str]) -> list[str]:
        """Take videos out of a collection; those that were in it.

        Raises:
            NotFound: no such collection.
        """
        async with self._database.write() as session:
            row = await self.find(session, principal, collection_id)
            return await self.take(session, row, video_ids)

    async def take(self, session: AsyncSession, row: CollectionRow, video_ids: Collection[str]) -> list[str]:
        """As `remove`, within a transaction."""
        there = await _among(session, row.id, video_ids)
        for batch in batches(there):
            await session.execute(
                delete(CollectionVideoRow).where(
                    CollectionVideoRow.collection_id == row.id, CollectionVideoRow.video_id.in_(batch)
                )
            )
        return [video_id for video_id in dict.fromkeys(video_ids) if video_id in there]

    async def _flush(self, session: AsyncSession, row: CollectionRow) -> None:
        try:
            async with session.begin_nested():
                session.add(row)
        except IntegrityError as error:
            raise Conflict(
                "You have a collection of that name.",
                hint="Choose another name, or add the videos to that one.",
                code="collection_exists",
                title="There is such a collection",
            ) from error


async def _among(session: AsyncSession, collection_id: str, video_ids: Collection[str]) -> set[str]:
    """Which of some videos are in a collection."""
    found: set[str] = set()
    for batch in batches(video_ids):
        found |= set(
            await session.scalars(
                select(CollectionVideoRow.video_id).where(
                    CollectionVideoRow.collection_id == collection_id, CollectionVideoRow.video_id.in_(batch)
                )
            )
        )
    return found


def _counted() -> Select[CollectionRow, int]:
    videos = (
        select(func.count())
        .select_from(CollectionVideoRow)
        .join(VideoRow, VideoRow.id == CollectionVideoRow.video_id)
        .where(CollectionVideoRow.collection_id == CollectionRow.id, VISIBLE)
        .scalar_subquery()
    )
    return select(CollectionRow, videos)
