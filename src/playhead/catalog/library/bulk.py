"""One change of many videos: tags, collections, watch marks, the trash. What cannot be done is said for each video."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.library.collections import Collections
from playhead.catalog.library.names import clean_tags
from playhead.catalog.library.own import own_videos
from playhead.catalog.library.tables import CollectionRow
from playhead.catalog.library.tags import change_tags, tags_of
from playhead.catalog.library.watching import WatchMarks
from playhead.catalog.tables import VideoRow
from playhead.catalog.trash import Trash
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import InvalidInput, PlayheadError

MOST: Final = 1_000
"""Videos of one request: a transaction of less than a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """What is to happen to each of some videos.

    Attributes:
        trash: Move them to the trash; those that projects use only with *force*.
        restore: Take them out of the trash. Neither goes with anything else.
    """

    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()
    add_to_collection: str | None = None
    remove_from_collection: str | None = None
    watched: bool | None = None
    trash: bool = False
    force: bool = False
    restore: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A video that stayed as it was, and why."""

    id: str
    code: str
    detail: str
    hint: str | None = None


@dataclass(slots=True)
class BulkResult:
    """Ids of the videos that are other than before, and those that could not be changed.

    A video that already was as wanted is in neither list, so that the opposite change of *changed* undoes this one.
    """

    changed: list[str] = field(default_factory=list)
    failed: list[Refusal] = field(default_factory=list)


class BulkEdits:
    """The use case."""

    def __init__(
        self, database: Database, videos: Videos, collections: Collections, marks: WatchMarks, trash: Trash
    ) -> None:
        self._database, self._videos, self._trash = database, videos, trash
        self._collections, self._marks = collections, marks

    async def apply(self, principal: Principal, ids: Sequence[str], change: BulkChange) -> BulkResult:
        """Change the videos in one transaction; to the trash and out of it each in its own.

        Raises:
            InvalidInput: nothing is wanted, things that do not go together, or an unusable tag.
            NotFound: no such collection.
        """
        _check(change)
        wanted = list(dict.fromkeys(ids))
        if change.trash or change.restore:
            return await self._move(principal, wanted, change)
        result = BulkResult()
        async with self._database.write() as session:
            collections = {
                name: await self._collections.find(session, principal, collection_id)
                for name in ("add_to_collection", "remove_from_collection")
                if (collection_id := getattr(change, name)) is not None
            }
            videos = await own_videos(session, principal, wanted, lock=True)
            result.failed += [_missing(video_id) for video_id in wanted if video_id not in videos]
            rows = [videos[video_id] for video_id in wanted if video_id in videos]
            changed = await self._tag(session, rows, change, result)
            if (row := collections.get("add_to_collection")) is not None:
                changed |= set(await self._collections.put(session, row, _of_owner(rows, row, result)))
            if (row := collections.get("remove_from_collection")) is not None:
                changed |= set(await self._collections.take(session, row, [video.id for video in rows]))
            if change.watched is not None:
                await self._marks.mark(session, principal, [video.id for video in rows], watched=change.watched)
                changed |= {video.id for video in rows}
        result.changed = [video_id for video_id in wanted if video_id in changed]
        return result

    async def _tag(
        self, session: AsyncSession, rows: Sequence[VideoRow], change: BulkChange, result: BulkResult
    ) -> set[str]:
        """Add and remove tags; ids of the videos that have others now."""
        add, remove = clean_tags(change.add_tags), set(clean_tags(change.remove_tags))
        changed: set[str] = set()
        if not add and not remove:
            return changed
        before = await tags_of(session, [row.id for row in rows])
        for row in rows:
            old = before.get(row.id, [])
            try:
                new = clean_tags([*(tag for tag in old if tag not in remove), *add])
            except InvalidInput as error:
                result.failed.append(_refused(row.id, error))
                continue
            if await change_tags(session, row, old, new):
                changed.add(row.id)
        return changed

    async def _move(self, principal: Principal, ids: Sequence[str], change: BulkChange) -> BulkResult:
        result = BulkResult()
        for video_id in ids:
            try:
                if change.trash:
                    await self._trash.put(principal, video_id, force=change.force)
                else:
                    await self._trash.restore(principal, video_id)
            except PlayheadError as error:
                if error.status >= 500:
                    raise
                result.failed.append(_refused(video_id, error))
            else:
                result.changed.append(video_id)
        return result


def _check(change: BulkChange) -> None:
    edits = [change.add_tags, change.remove_tags, change.add_to_collection, change.remove_from_collection]
    edit = any(edits) or change.watched is not None
    if [edit, change.trash, change.restore].count(True) != 1:
        raise InvalidInput(
            "The request says nothing to do, or things that do not go together.",
            hint="Give tags, collections or watched; or trash; or restore.",
            code="bulk_invalid",
            title="That change cannot be made",
        )


def _of_owner(rows: Sequence[VideoRow], collection: CollectionRow, result: BulkResult) -> list[VideoRow]:
    """The videos that belong to a collection's owner; an admin may have chosen others, too."""
    strange = [row.id for row in rows if row.owner_id != collection.owner_id]
    result.failed += [
        Refusal(each, "other_owner", f"Video {each} belongs to another user than the collection.") for each in strange
    ]
    return [row for row in rows if row.owner_id == collection.owner_id]


def _missing(video_id: str) -> Refusal:
    return Refusal(video_id, "video_not_found", f"There is no video {video_id}.", "It may have been deleted.")


def _refused(video_id: str, error: PlayheadError) -> Refusal:
    return Refusal(video_id, error.code, error.detail, error.hint)
