"""The room that videos take in the store, by kind and by owner, and which deletions free the most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeVarTuple

from sqlalchemy import Select, and_, case, exists, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from playhead.access.tables import UserRow
from playhead.catalog.images.tables import ImageRow
from playhead.catalog.library.tables import WatchMarkRow
from playhead.catalog.tables import ArtifactRow, RenderRow, VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database

Kind = Literal["originals", "generations", "recordings", "reels", "renditions", "stills", "render_cache", "trash"]
KINDS: Final[tuple[Kind, ...]] = (
    *("originals", "generations", "recordings", "reels", "renditions", "stills", "render_cache", "trash"),
)
_ORIGINS: Final[dict[str, Kind]] = {
    "upload": "originals",
    "generation": "generations",
    "recording": "recordings",
    "reel": "reels",
}
_RENDITIONS: Final = ("rendition", "download")

Columns = TypeVarTuple("Columns")
CauseName = Literal["never_played", "old_reels", "unwatched_renditions", "trash"]
MOST: Final = 20
"""Videos that are named for each cause, the largest first."""


@dataclass(frozen=True, slots=True)
class Use:
    """Room that one kind of thing takes."""

    kind: Kind
    count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class OwnerUse:
    """Room that the things of one user take, with the trash."""

    user_id: str
    email: str
    videos: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FreeableVideo:
    """A video whose deletion, or whose renditions' deletion, frees *size_bytes*."""

    id: str
    title: str
    owner_id: str
    created_at: datetime
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason for which much can go: how much in all, and the largest of it."""

    name: CauseName
    count: int
    size_bytes: int
    videos: Sequence[FreeableVideo]


@dataclass(frozen=True, slots=True)
class Report:
    """All of it; ``owners`` is empty in the report of one user."""

    size_bytes: int
    uses: Sequence[Use]
    owners: Sequence[OwnerUse]
    causes: Sequence[Cause]


class StorageReports:
    """Sums by SQL; nothing walks the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, owner_id: str | None) -> Report:
        """What one user's things take, or everybody's.

        The render cache belongs to nobody: it is in the report of all alone.
        """
        async with self._database.read() as session:
            uses = await _uses(session, owner_id)
            owners = await _owners(session) if owner_id is None else []
            causes = [
                await _cause(session, "never_played", _never_played(owner_id)),
                await _cause(session, "old_reels", _old_reels(owner_id)),
                await _cause(session, "unwatched_renditions", _unwatched_renditions(owner_id)),
                await _cause(session, "trash", _trash(owner_id)),
            ]
        return Report(sum(use.size_bytes for use in uses), uses, owners, [cause for cause in causes if cause.count])


async def _uses(session: AsyncSession, owner_id: str | None) -> list[Use]:
    found: dict[str, tuple[int, int]] = {}

    def add(kind: str, count: int | None, size_bytes: float | None) -> None:
        before = found.get(kind, (0, 0))
        found[kind] = before[0] + (count or 0), before[1] + int(size_bytes or 0)

    place = case((VideoRow.trashed_at.is_not(None), "trash"), else_=VideoRow.origin)
    originals = _of(select(place, func.count(), func.sum(VideoRow.size_bytes)).group_by(place), owner_id)
    for where, count, size in await session.execute(originals):
        add(_ORIGINS.get(where, where), count, size)
    sort = case((ArtifactRow.kind.in_(_RENDITIONS), "renditions"), else_="stills")
    kind = case((VideoRow.trashed_at.is_not(None), "trash"), else_=sort)
    made = select(kind, func.count(), func.sum(ArtifactRow.size_bytes)).join(VideoRow).group_by(kind)
    for where, count, size in await session.execute(_of(made, owner_id)):
        add(where, 0 if where == "trash" else count, size)
    posters = select(func.count(VideoRow.poster_size_bytes), func.sum(VideoRow.poster_size_bytes))
    add("stills", *(await session.execute(_of(posters.where(VISIBLE), owner_id))).one())
    images = select(func.count(), func.sum(ImageRow.size_bytes))
    if owner_id is not None:
        images = images.where(ImageRow.owner_id == owner_id)
    add("stills", *(await session.execute(images)).one())
    if owner_id is None:
        renders = await session.execute(select(func.count(), func.sum(RenderRow.size_bytes)))
        add("render_cache", *renders.one())
    return [Use(kind, *found[kind]) for kind in KINDS if found.get(kind, (0, 0))[1]]


async def _owners(session: AsyncSession) -> list[OwnerUse]:
    made = select(ArtifactRow.video_id, func.sum(ArtifactRow.size_bytes).label("size")).group_by(ArtifactRow.video_id)
    sizes = made.subquery()
    room = func.sum(_whole(func.coalesce(sizes.c.size, 0)))
    statement = (
        select(UserRow.id, UserRow.email, func.count(), room)
        .select_from(VideoRow)
        .join(UserRow, UserRow.id == VideoRow.owner_id)
        .outerjoin(sizes, sizes.c.video_id == VideoRow.id)
        .group_by(UserRow.id, UserRow.email)
        .order_by(room.desc())
    )
    return [OwnerUse(user, email, n, int(size or 0)) for user, email, n, size in await session.execute(statement)]


async def _cause(session: AsyncSession, name: CauseName, candidates: Select[Any]) -> Cause:
    """The sum of some candidates, whose last column is what each would free, and the largest."""
    rows = candidates.subquery()
    count, size = (await session.execute(select(func.count(), func.sum(rows.c.freed)).select_from(rows))).one()
    largest = select(rows).order_by(rows.c.freed.desc(), rows.c.id).limit(MOST)
    videos = [
        FreeableVideo(row.id, row.title, row.owner_id, row.created_at, int(row.freed))
        for row in await session.execute(largest)
    ]
    return Cause(name, count or 0, int(size or 0), videos)


def _candidates(owner_id: str | None, freed: Any) -> Select[Any]:
    columns = (VideoRow.id, VideoRow.title, VideoRow.owner_id, VideoRow.created_at)
    return _of(select(*columns, freed.label("freed")), owner_id)


def _never_played(owner_id: str | None) -> Select[Any]:
    """Ready videos that nobody has played, reels apart, which have a cause of their own."""
    seen = exists().where(WatchMarkRow.video_id == VideoRow.id)
    return _candidates(owner_id, _whole(_made())).where(
        VISIBLE,
        VideoRow.state == "ready",
        VideoRow.origin != "reel",
        VideoRow.keep.is_(False),
        VideoRow.watched_at.is_(None),
        not_(seen),
    )


def _old_reels(owner_id: str | None) -> Select[Any]:
    """Reels that a newer one of the same project and shape has replaced: one in another shape is a variant."""
    newer = aliased(VideoRow)
    replaced = exists().where(
        newer.project_id == VideoRow.project_id,
        newer.origin == "reel",
        newer.state == "ready",
        newer.trashed_at.is_(None),
        newer.created_at > VideoRow.created_at,
        newer.width * VideoRow.height == newer.height * VideoRow.width,
    )
    return _candidates(owner_id, _whole(_made())).where(
        VISIBLE, VideoRow.origin == "reel", VideoRow.keep.is_(False), VideoRow.project_id.is_not(None), replaced
    )


def _unwatched_renditions(owner_id: str | None) -> Select[Any]:
    """Renditions of videos that nobody has played; they can be made again."""
    seen = exists().where(WatchMarkRow.video_id == VideoRow.id)
    room = _made(ArtifactRow.kind.in_(_RENDITIONS))
    return _candidates(owner_id, room).where(VISIBLE, VideoRow.watched_at.is_(None), not_(seen), room > 0)


def _trash(owner_id: str | None) -> Select[Any]:
    return _candidates(owner_id, _whole(_made())).where(VideoRow.trashed_at.is_not(None))


def _made(*conditions: Any) -> Any:
    statement = select(func.coalesce(func.sum(ArtifactRow.size_bytes), 0))
    return statement.where(and_(ArtifactRow.video_id == VideoRow.id, *conditions)).scalar_subquery()


def _whole(made: Any) -> Any:
    return VideoRow.size_bytes + func.coalesce(VideoRow.poster_size_bytes, 0) + made


def _of(statement: Select[*Columns], owner_id: str | None) -> Select[*Columns]:
    return statement if owner_id is None else statement.where(VideoRow.owner_id == owner_id)
