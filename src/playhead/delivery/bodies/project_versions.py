"""Projects as previews need them: a version with its clips, and the span of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from playhead.catalog.videos import videos_by_id
from playhead.db.database import Database
from playhead.kit.ids import is_id
from playhead.reels.clips import problem_of
from playhead.reels.tables import ProjectRow


@dataclass(frozen=True, slots=True)
class ProjectClip:
    """A clip in whole microseconds.

    Attributes:
        problem: Reason why it cannot be played; None if it can.
    """

    id: str
    video_id: str
    start_us: int
    end_us: int
    problem: str | None
    link_generation: int = 0


@dataclass(frozen=True, slots=True)
class ProjectVersion:
    """One version of a project."""

    id: str
    owner_id: str
    version: int
    updated_at: datetime
    clips: Sequence[ProjectClip]

    @property
    def generation(self) -> int:
        """A number that changes when the links of one of its videos are revoked: those of the preview end with them."""
        return sum({clip.video_id: clip.link_generation for clip in self.clips}.values())


class ProjectVersions:
    """Reads projects; never changes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, project_id: str) -> ProjectVersion | None:
        """The current version of a project; None when there is none."""
        if not is_id("prj", project_id):
            return None
        async with self._database.read() as session:
            row = await session.get(ProjectRow, project_id)
            if row is None:
                return None
            videos = await videos_by_id(session, {clip.video_id for clip in row.clips if clip.video_id})
        clips = []
        for clip in row.clips:
            video = videos.get(clip.video_id or "")
            problem = problem_of(clip, video)
            length = (video.duration_s if video else None) or 0.0
            end_s = length if clip.end_s is None else clip.end_s
            words = problem.message if problem else None
            start_us, end_us = _micros(clip.start_s), _micros(end_s)
            generation = video.link_generation if video else 0
            clips.append(ProjectClip(clip.id, clip.video_id or "", start_us, end_us, words, generation))
        return ProjectVersion(row.id, row.owner_id, row.version, row.updated_at, clips)


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)
