"""A project as a preview needs it: its version, and its clips with the spans they mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from playhead.catalog.videos import videos_by_id
from playhead.db.database import Database
from playhead.kit.ids import is_id
from playhead.reels.clips import problem_of
from playhead.reels.tables import ProjectRow


@dataclass(frozen=True, slots=True)
class EditClip:
    """A clip in whole microseconds, and what stands in its way; None if nothing does."""

    id: str
    video_id: str
    start_us: int
    end_us: int
    problem: str | None
    link_generation: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """One version of a project."""

    id: str
    owner_id: str
    version: int
    updated_at: datetime
    clips: Sequence[EditClip]

    @property
    def generation(self) -> int:
        """Changes when the links of one of its videos are ended: those of the preview end with them."""
        return sum({clip.video_id: clip.link_generation for clip in self.clips}.values())

    @property
    def modified_at(self) -> datetime:
        """When this version came to be."""
        return self.updated_at


class Edits:
    """Reads projects; never changes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def edit(self, project_id: str) -> Edit | None:
        """A project as it stands; None when there is none."""
        if not is_id("prj", project_id):
            return None
        async with self._database.read() as session:
            row = await session.get(ProjectRow, project_id)
            if row is None:
                return None
            videos = await videos_by_id(session, {clip.video_id for clip in row.clips})
        clips = []
        for clip in row.clips:
            video = videos.get(clip.video_id)
            problem = problem_of(clip, video)
            length = (video.duration_s if video else None) or 0.0
            end_s = length if clip.end_s is None else clip.end_s
            words = problem.message if problem else None
            start_us, end_us = _micros(clip.start_s), _micros(end_s)
            generation = video.link_generation if video else 0
            clips.append(EditClip(clip.id, clip.video_id, start_us, end_us, words, generation))
        return Edit(row.id, row.owner_id, row.version, row.updated_at, clips)


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
