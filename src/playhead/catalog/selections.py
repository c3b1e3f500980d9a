"""Selections of videos: the ids that a filter matches, and a preview of their deletion."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.listing import VideoQuery, matching
from playhead.catalog.seams import VideoUses
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database

MOST: Final = 10_000
"""Maximum of videos in a selection: more than anybody looks through, and a body of 300 kB."""

NAMED: Final = 8
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """The ids that a filter matches, at most MOST; ``total`` counts all."""

    ids: list[str]
    total: int


@dataclass(slots=True)
class Usage:
    """A project with the videos of a selection that it holds clips of."""

    id: str
    title: str
    video_ids: list[str]


@dataclass(slots=True)
class DeletionPreview:
    """What a deletion of videos would remove.

    Attributes:
        named: Ids and titles of the first few, those in use before the others.
        missing: Requested ids of videos that are gone already or another user's.
        size_bytes: Originals and what was made from them.
    """

    videos: int = 0
    missing: int = 0
    size_bytes: int = 0
    named: list[dict[str, str]] = field(default_factory=list)
    projects: list[Usage] = field(default_factory=list)


class Selections:
    """Queries over many videos of one principal."""

    def __init__(self, database: Database, uses: VideoUses) -> None:
        self._database = database
        self._uses = uses

    async def ids(self, query: VideoQuery) -> Selection:
        """All videos that a list shows on all of its pages, in the order of their making, newest first."""
        async with self._database.read() as session:
            wanted = matching(query).order_by(None)
            total = await session.scalar(select(func.count()).select_from(wanted.subquery()))
            newest = wanted.with_only_columns(VideoRow.id).order_by(VideoRow.created_at.desc(), VideoRow.id.desc())
            ids = list(await session.scalars(newest.limit(MOST)))
        return Selection(ids, total or 0)

    async def preview_deletion(self, principal: Principal, ids: Sequence[str]) -> DeletionPreview:
        """Summarise what a deletion would remove; deletes nothing."""
        wanted = list(dict.fromkeys(ids))
        preview = DeletionPreview()
        titles: dict[str, str] = {}
        projects: dict[str, Usage] = {}
        async with self._database.read() as session:
            for start in range(0, len(wanted), _BATCH):
                found = await self._batch(session, principal, wanted[start : start + _BATCH], preview)
                titles |= found
                for use in await self._uses.uses_of(session, list(found)):
                    project = projects.setdefault(use["project_id"], Usage(use["project_id"], use["title"], []))
                    project.video_ids.append(use["video_id"])
        preview.videos, preview.missing = len(titles), len(wanted) - len(titles)
        preview.projects = sorted(projects.values(), key=lambda project: (project.title, project.id))
        used = {video_id for project in preview.projects for video_id in project.video_ids}
        first = sorted(titles, key=lambda video_id: video_id not in used)[:NAMED]
        preview.named = [{"id": video_id, "title": titles[video_id]} for video_id in first]
        return preview

    async def _batch(
        self, session: AsyncSession, principal: Principal, ids: Sequence[str], preview: DeletionPreview
    ) -> dict[str, str]:
        """The titles of those that the principal may delete, by id in the order asked; adds up their sizes."""
        facts = select(VideoRow.id, VideoRow.title, VideoRow.size_bytes).where(VideoRow.id.in_(ids))
        own = true() if principal.is_admin else VideoRow.owner_id == principal.user_id
        rows = await session.execute(facts.where(own, VISIBLE))
        found = {row.id: row for row in rows}
        made = select(func.sum(ArtifactRow.size_bytes)).where(ArtifactRow.video_id.in_(found))
        preview.size_bytes += sum(row.size_bytes or 0 for row in found.values()) + int(await session.scalar(made) or 0)
        return {video_id: found[video_id].title for video_id in ids if video_id in found}
