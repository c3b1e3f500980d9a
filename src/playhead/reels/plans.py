"""Plans of stitches that have not been requested: what would be copied or encoded, and how long it would take."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playhead.access.principals import Principal
from playhead.catalog.indexes import Indexes
from playhead.catalog.renders import Renders
from playhead.db.database import Database
from playhead.reels.checks import check_clips
from playhead.reels.in_words import in_words
from playhead.reels.paces import POSTER_S, latest_paces
from playhead.reels.planned import plan_resource
from playhead.reels.planning import LoweredEdit
from playhead.reels.projects import Projects
from playhead.reels.remarks import remarks_on
from playhead.reels.shapes import Aspect, ProjectPlan
from playhead.reels.snapshots import digest_of, snapshot_of
from playhead.reels.sources import Sources, read_sources

if TYPE_CHECKING:
    from playhead.media.render.costs import Work

KEPT_CLIPS = 20_000
"""Of all plans that are remembered together; about 5 MB."""


class Plans:
    """Plans projects from the indexes of their videos, and remembers the latest by what decides the reel."""

    def __init__(
        self, database: Database, projects: Projects, indexes: Indexes, renders: Renders, fonts: Path | None
    ) -> None:
        self._database = database
        self._renders = renders
        self._projects = projects
        self._indexes = indexes
        self._fonts = fonts
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = asyncio.Lock()

    async def of(self, principal: Principal, project_id: str, aspect: Aspect | None = None) -> ProjectPlan:
        """The plan of a project as it stands.

        Args:
            aspect: Of the reel in another shape than the project's own.

        Raises:
            ProjectNotFound: none, or a stranger's.
            ProjectEmpty, Conflict: there is nothing to plan yet.
        """
        async with self._database.read() as session:
            project = await self._projects.find(session, principal, project_id)
            videos = await check_clips(session, project, self._projects.takes)
            snapshot = await snapshot_of(session, project, videos, aspect)
            sources = await read_sources(session, snapshot, self._fonts)
        async with self._lock:  # one at a time: planning takes processor time, and the second may find the first's
            known = await self._look_up(snapshot, sources)
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

    async def _look_up(self, snapshot: Mapping[str, Any], sources: Sources) -> "_Known":
        key = digest_of(snapshot)
        if key not in self._known:
            self._known[key] = await self._plan(snapshot, sources)
        self._known.move_to_end(key)
        while len(self._known) > 1 and sum(len(known.plan.clips) for known in self._known.values()) > KEPT_CLIPS:
            self._known.popitem(last=False)
        return self._known[key]

    async def _plan(self, snapshot: Mapping[str, Any], sources: Sources) -> "_Known":
        from playhead.media.render.blueprint import Blueprint
        from playhead.media.render.costs import Work

        with in_words(snapshot["clips"]):
            lowered = await asyncio.to_thread(LoweredEdit.of, snapshot, sources)
            surveys = await lowered.survey(self._indexes, sources)
            plan = await asyncio.to_thread(lowered.plan, surveys, sources)
        blueprint = Blueprint.of(plan, sources.hashes)
        tasks = blueprint.missing(set())
        pieces = {blueprint.digests[task.name]: task.weight for task in tasks}
        clip_ids = [clip["clip_id"] for clip in snapshot["clips"]]
        remarks = await asyncio.to_thread(remarks_on, lowered.edit, sources)
        return _Known(plan_resource(plan, clip_ids, remarks), Work.of(plan, tasks, POSTER_S), pieces)


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
