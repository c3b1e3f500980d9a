"""Chapters of videos: WebVTT beside the video, and the same as data."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.artifacts import find_artifact, record_artifact
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.context import JobContext
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from datetime import datetime

    from playhead.media.chapters import Chapter

CHAPTERS: Final = "chapters.vtt"
"""Name of the artifact."""

KIND: Final = "chapters"


async def store_chapters(
    store: Store, context: JobContext, video_id: str, chapters: "Sequence[Chapter]", duration_s: float
) -> dict[str, Any] | None:
    """Store the chapters of a video that has no row yet; what `record_chapters` takes. None without any."""
    from playhead.media.chapters import web_vtt

    if not chapters:
        return None
    path = context.work / CHAPTERS
    path.write_text(web_vtt(chapters, duration_s), encoding="utf-8")
    written = await store.write_file(keys.artifact(video_id, CHAPTERS), path)
    facts = {"chapters": [asdict(chapter) for chapter in chapters], "duration_s": duration_s}
    return {"size_bytes": written.size_bytes, "sha256": written.sha256, "facts": facts}


async def record_chapters(session: AsyncSession, video_id: str, stored: dict[str, Any] | None) -> None:
    """Record stored chapters in the transaction that makes the video."""
    if stored is not None:
        await session.flush()
        await record_artifact(session, video_id, CHAPTERS, kind=KIND, **stored)


class Chapters:
    """Reads the chapters of videos."""

    def __init__(self, database: Database, videos: Videos) -> None:
        self._database, self._videos = database, videos

    async def of(self, principal: Principal, video_id: str) -> "list[Chapter]":
        """The chapters of a video; empty without any.

        Raises:
            VideoNotFound: none, or a stranger's.
        """
        await self._videos.get(principal, video_id)
        found = await self._find(video_id)
        return found[0] if found else []

    async def web_vtt(self, video_id: str) -> "tuple[str, datetime] | None":
        """Cues of the chapters, and when they were made; None without any."""
        from playhead.media.chapters import web_vtt

        found = await self._find(video_id)
        return (web_vtt(found[0], found[1]), found[2]) if found else None

    async def _find(self, video_id: str) -> "tuple[list[Chapter], float, datetime] | None":
        from playhead.media.chapters import Chapter

        async with self._database.read() as session:
            row = await find_artifact(session, video_id, CHAPTERS)
        if row is None:
            return None
        chapters = [Chapter(float(one["start_s"]), str(one["title"])) for one in row.facts["chapters"]]
        return chapters, float(row.facts["duration_s"]), row.created_at
