"""Requests for renditions within a transaction, also the automatic ones: a video that is ready should play."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.renditions import KINDS, RENDITIONS
from playhead.catalog.stills import submit_after
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.tables import JobRow

if TYPE_CHECKING:
    from playhead.media.probe import Probe
    from playhead.media.render.ladder import RenditionRequest, RenditionSpec

Mode = Literal["auto", "all", "off"]

_AT_ONCE = 10
"""Videos that a sweep requests renditions for, once a minute: a library from before is worked off by and by."""

_PAUSE_S = 3600
"""Until everything is looked through again, once nothing was found."""


class AutoRenditions:
    """Renditions that are made without a request.

    Args:
        mode: As the setting ``renditions``.
    """

    def __init__(self, database: Database, jobs: Jobs, mode: Mode) -> None:
        self._database = database
        self._jobs = jobs
        self._mode = mode
        self._look_again = float("-inf")
        self._before: str | None = None

    async def request(self, session: AsyncSession, video: VideoRow) -> None:
        """Record the job in the transaction that makes a video ready, if it needs one."""
        from playhead.media.render.ladder import RenditionRequest

        found = _probe_of(video)
        if found is None or self._mode == "off":
            return
        wanted = playable_request(found)
        if self._mode == "all":
            wanted = RenditionRequest()
        if wanted is not None and (specs := specs_of(video, wanted)):
            await request_renditions(session, self._jobs, video, wanted, specs)

    async def sweep(self) -> int:
        """Request the playable version of videos from before, each once; returns their number."""
        if self._mode == "off" or time.monotonic() < self._look_again:
            return 0
        tried = exists().where(JobRow.video_id == VideoRow.id, JobRow.kind == RENDITIONS)
        made = exists().where(ArtifactRow.video_id == VideoRow.id, ArtifactRow.kind.in_(KINDS))
        waiting = select(VideoRow).where(VideoRow.state == "ready", VISIBLE, ~_plays(), ~tried, ~made)
        if self._before is not None:
            waiting = waiting.where(VideoRow.id < self._before)
        requested = 0
        async with self._database.write() as session:
            rows = list(await session.scalars(waiting.order_by(VideoRow.id.desc()).limit(_AT_ONCE)))
            for row in rows:
                if (found := _probe_of(row)) is not None and (wanted := playable_request(found)) is not None:
                    await request_renditions(session, self._jobs, row, wanted, specs_of(row, wanted))
                    requested += 1
        # On from here: a video that cannot have one stays among those that wait, and must not stand before the others.
        self._before = rows[-1].id if len(rows) == _AT_ONCE else None
        if self._before is None:
            self._look_again = time.monotonic() + _PAUSE_S
        return requested


def playable_request(found: "Probe") -> "RenditionRequest | None":
    """The rendition that makes a video play everywhere; None where it does as it is."""
    from playhead.media.playable import playable_side, plays
    from playhead.media.render.ladder import MIN_SIDE, RenditionRequest

    if plays(found):
        return None
    side = playable_side(found)
    return RenditionRequest(heights=(side,)) if side >= MIN_SIDE else RenditionRequest()


async def request_renditions(
    session: AsyncSession, jobs: Jobs, video: VideoRow, wanted: "RenditionRequest", specs: "Sequence[RenditionSpec]"
) -> JobRow:
    """Record the job for some renditions; it is submitted after the commit."""
    names = ",".join(sorted(spec.name for spec in specs))
    job = await jobs.record(
        session,
        kind=RENDITIONS,
        owner_id=video.owner_id,
        title=video.title,
        args={"video_id": video.id, "wanted": wanted.to_dict(), **_copy(video, specs)},
        video_id=video.id,
        dedupe_key=f"{RENDITIONS}:{video.id}:{names}",
    )
    if job.state == "queued":
        submit_after(session, jobs, job.id)
    return job


def specs_of(video: VideoRow, wanted: "RenditionRequest") -> "Sequence[RenditionSpec]":
    """Renditions that a request means for a video.

    Raises:
        TooSmall: none of the requested sizes is possible.
    """
    from playhead.media.render.ladder import choose_renditions

    found = _probe_of(video)
    return () if found is None else choose_renditions(found, wanted)


def _copy(video: VideoRow, specs: "Sequence[RenditionSpec]") -> dict[str, Any]:
    """Which of some renditions is made by copying: the one of the video's own size."""
    from playhead.media.playable import can_copy

    found = _probe_of(video)
    if found is None or not can_copy(found):
        return {}
    own = (found.video.width, found.video.height)
    name = next((spec.name for spec in specs if spec.codec == "h264" and (spec.width, spec.height) == own), None)
    return {} if name is None or name.startswith("download") else {"copy": name}


def _probe_of(video: VideoRow) -> "Probe | None":
    from playhead.media.probe import Probe

    return None if video.probe is None else Probe.from_dict(video.probe)


def _plays() -> ColumnElement[bool]:
    """`media.playable.plays` over the columns of a row."""
    from playhead.media.playable import PLAYABLE

    pixels = VideoRow.probe["video"]["pix_fmt"].as_string()
    return or_(
        *(
            and_(
                VideoRow.container.in_(each.containers),
                VideoRow.video_codec.in_(each.video),
                or_(VideoRow.audio_codec.is_(None), VideoRow.audio_codec.in_(each.audio)),
                pixels.in_(each.pixels),
            )
            for each in PLAYABLE
        )
    )
