"""Requests for renditions: made, listed while they are being made, deleted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.errors import VideoNotReady
from playhead.catalog.rendition_requests import request_renditions, specs_of
from playhead.catalog.renditions import KINDS, RENDITIONS, renditions_of
from playhead.catalog.tables import ArtifactRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import Conflict, NotFound, PlayheadError
from playhead.jobs.client import Jobs
from playhead.jobs.tables import ACTIVE, JobRow
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.render.ladder import RenditionRequest, RenditionSpec

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ListedRendition:
    """A rendition that is there, or that the last job was to make.

    Attributes:
        facts: Facts of its video; the planned ones while it is not there.
        row: None while it is not there.
        job: The last job, where that has not made it.
    """

    name: str
    kind: str
    state: Literal["ready", "making", "failed"]
    facts: dict[str, Any]
    row: ArtifactRow | None
    job: JobRow | None


class Ladders:
    """The use cases over one database, one store and the job engine."""

    def __init__(self, database: Database, store: Store, jobs: Jobs, videos: Videos) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs
        self._videos = videos

    async def request(self, principal: Principal, video_id: str, wanted: "RenditionRequest") -> JobRow:
        """Request renditions; the same ones again give the same job.

        Raises:
            VideoNotReady: it is preparing, or errored.
            TooSmall: the requested rendition is larger than the video.
            Conflict: the usual ladder has nothing for it.
            Conflict: others are being made.
        """
        async with self._database.write() as session:
            row = await self._videos.find(session, principal, video_id, lock=True)
            if row.state != "ready":
                raise VideoNotReady(f"Video {video_id} is {row.state}.", hint="Renditions need one that is ready.")
            specs = specs_of(row, wanted)
            if not specs:
                raise Conflict(
                    f"Video {video_id} plays everywhere as it is, and no rendition of the ladder is smaller.",
                    hint="Name heights to have renditions made all the same.",
                    code="no_rendition_needed",
                    title="This video needs no renditions",
                )
            job = await request_renditions(session, self._jobs, row, wanted, specs)
            running = await _active(session, video_id)
            if other := next((one for one in running if one.id != job.id), None):
                raise _running(other)
        return job

    async def page(self, principal: Principal, video_id: str) -> list[ListedRendition]:
        """The renditions of a video, those that are being made and those that the last job failed at."""
        async with self._database.read() as session:
            video = await self._videos.find(session, principal, video_id)
            made = await renditions_of(session, video_id)
            last = await session.scalar(_jobs_of(video_id).order_by(JobRow.created_at.desc()).limit(1))
        there = [ListedRendition(row.name, row.kind, "ready", row.facts, row, None) for row in made]
        if last is None or last.state in ("succeeded", "canceled"):
            return there
        state: Literal["making", "failed"] = "making" if last.is_active else "failed"
        names = {row.name for row in made}
        missing = [spec for spec in specs_of(video, _wanted(last)) if spec.name not in names]
        return [*there, *(ListedRendition(spec.name, spec.kind, state, _planned(spec), None, last) for spec in missing)]

    async def delete(self, principal: Principal, video_id: str, name: str) -> None:
        """Forget a rendition and remove its bytes; it can then be made again.

        Raises:
            NotFound: there is none of this name.
        """
        async with self._database.write(reserve=True) as session:
            await self._videos.find(session, principal, video_id, lock=True)
            row = await session.get(ArtifactRow, (video_id, name)) if len(name) <= 64 else None
            if row is None or row.kind not in KINDS:
                raise NotFound(
                    f"Video {video_id} has no rendition {name}.",
                    code="rendition_not_found",
                    title="Rendition not found",
                )
            if running := await _active(session, video_id):
                raise _running(running[0])
            await session.delete(row)
            await session.execute(
                update(JobRow).where(JobRow.video_id == video_id, JobRow.kind == RENDITIONS).values(dedupe_key=None)
            )
        self._videos.media_changed()
        try:
            await self._store.delete(keys.artifact(video_id, f"{name}.mp4"))
        except PlayheadError as error:  # they go with the video
            log.warning("rendition_not_deleted", video_id=video_id, name=name, code=error.code, detail=error.detail)


def _wanted(job: JobRow) -> "RenditionRequest":
    from playhead.media.render.ladder import RenditionRequest

    return RenditionRequest.from_dict(job.args["wanted"])


def _planned(spec: "RenditionSpec") -> dict[str, Any]:
    return {
        "width": spec.width,
        "height": spec.height,
        "fps": round(float(spec.fps), 3),
        "codec": spec.codec,
        "has_audio": spec.has_audio,
    }


def _jobs_of(video_id: str) -> Any:
    return select(JobRow).where(JobRow.video_id == video_id, JobRow.kind == RENDITIONS)


async def _active(session: AsyncSession, video_id: str) -> list[JobRow]:
    return list(await session.scalars(_jobs_of(video_id).where(JobRow.state.in_(ACTIVE))))


def _running(job: JobRow) -> Conflict:
    return Conflict(
        f"Job {job.id} is making renditions of video {job.video_id}.",
        hint="Wait for it, or cancel it first.",
        code="renditions_running",
        title="Renditions already in progress",
        extra={"job_id": job.id},
    )
