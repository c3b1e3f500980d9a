"""Plans of stitches that have not been requested: what would be copied or encoded, and how long it would take."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from playhead.access.principals import Principal
from playhead.catalog.indexes import Indexes
from playhead.catalog.renders import Renders
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.reels.clips import fingerprint
from playhead.reels.paces import POSTER_S, latest_paces
from playhead.reels.projects import Projects
from playhead.reels.settings import settings_of
from playhead.reels.shapes import PlannedClip, PlannedFormat, ProjectPlan
from playhead.reels.stitch import check_clips, clips_of
from playhead.reels.surveys import reel_settings, survey_clips
from playhead.reels.tables import ProjectRow

if TYPE_CHECKING:
    from playhead.media.render.costs import Work
    from playhead.media.render.plan import StitchPlan

KEPT_CLIPS = 20_000
"""Of all plans that are remembered together; about 5 MB."""


class Plans:
    """Plans projects from the indexes of their videos, and remembers the latest by what decides the reel."""

    def __init__(self, database: Database, projects: Projects, indexes: Indexes, renders: Renders) -> None:
        self._database = database
        self._renders = renders
        self._projects = projects
        self._indexes = indexes
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = asyncio.Lock()

    async def of(self, principal: Principal, project_id: str) -> ProjectPlan:
        """The plan of a project as it stands.

        Raises:
            ProjectNotFound: none, or a stranger's.
            ProjectEmpty, Conflict: there is nothing to plan yet.
        """
        async with self._database.read() as session:
            project = await self._projects.find(session, principal, project_id)
            videos = await check_clips(session, project, self._projects.takes)
        async with self._lock:  # one at a time: planning takes processor time, and the second may find the first's
            known = await self._look_up(project, videos)
        clips = [
            planned.model_copy(update={"clip_id": clip.id})
            for planned, clip in zip(known.plan.clips, project.clips, strict=True)
        ]
        times = await self._times(known)
        return known.plan.model_copy(update={"version": project.version, "clips": clips, **times})

    async def _times(self, known: "_Known") -> dict[str, float]:
        """How long it takes by what was measured and what is rendered already, both of this moment."""
        held = await self._renders.among(list(known.pieces))
        missing_s = sum(seconds for digest, seconds in known.pieces.items() if digest not in held)
        async with self._database.read() as session:
            paces = await latest_paces(session)
        estimate = paces.estimate(replace(known.work, render_s=missing_s))
        return {
            "estimate_s": round(estimate.likely_s, 2),
            "estimate_low_s": round(estimate.low_s, 2),
            "estimate_high_s": round(estimate.high_s, 2),
        }

    async def _look_up(self, project: ProjectRow, videos: Mapping[str, VideoRow]) -> "_Known":
        key = fingerprint(project)
        if key not in self._known:
            self._known[key] = await self._plan(project, videos)
        self._known.move_to_end(key)
        while len(self._known) > 1 and sum(len(known.plan.clips) for known in self._known.values()) > KEPT_CLIPS:
            self._known.popitem(last=False)
        return self._known[key]

    async def _plan(self, project: ProjectRow, videos: Mapping[str, VideoRow]) -> "_Known":
        from playhead.media.render.blueprint import Blueprint
        from playhead.media.render.costs import Work
        from playhead.media.render.planner import plan_stitch

        surveys = await survey_clips(self._indexes, clips_of(project), videos)
        settings = reel_settings(settings_of(project).model_dump())
        plan = await asyncio.to_thread(plan_stitch, surveys, settings)
        blueprint = Blueprint.of(plan, {video.id: video.sha256 for video in videos.values()})
        tasks = blueprint.missing(set())
        pieces = {blueprint.digests[task.name]: task.weight for task in tasks}
        return _Known(_resource(plan), Work.of(plan, tasks, POSTER_S), pieces)


@dataclass(frozen=True, slots=True)
class _Known:
    """A remembered plan.

    Args:
        work: As if nothing were rendered yet.
        pieces: What it renders: seconds by the model, by the digest that each piece is kept under.
    """

    plan: ProjectPlan
    work: "Work"
    pieces: Mapping[str, float]


def _resource(plan: "StitchPlan") -> ProjectPlan:
    form = plan.format
    clips = [_clip(clip.clip_id, clip.action, clip.reason, clip.encoded_s) for clip in plan.clips]
    return ProjectPlan(
        version=0,
        summary=plan.summary,
        estimate_s=0.0,
        estimate_low_s=0.0,
        estimate_high_s=0.0,
        duration_s=round(plan.duration_s, 6),
        encoded_s=round(sum(clip.encoded_s for clip in clips), 3),
        format=PlannedFormat(
            width=form.width,
            height=form.height,
            fps=round(float(form.fps), 3),
            codec=form.codec,
            timing=form.timing,
            sound=None if form.audio is None else form.audio.mode,
        ),
        clips=clips,
    )


def _clip(clip_id: str, action: Any, reason: str, encoded_s: float) -> PlannedClip:
    return PlannedClip(clip_id=clip_id, action=action, reason=reason, encoded_s=round(encoded_s, 3))
