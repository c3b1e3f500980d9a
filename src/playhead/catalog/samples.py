"""Sample clips for an empty library, and the job that makes them."""

from pathlib import Path
from typing import Any, Final

from playhead.access.principals import Principal
from playhead.catalog.admission import Admitted, Stored
from playhead.catalog.deletions import Deletions
from playhead.catalog.tables import VideoRow
from playhead.catalog.titles import title_from
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow
from playhead.kit.ids import new_id
from playhead.storage import keys
from playhead.storage.store import Store

SAMPLES: Final = "samples"
CLIPS: Final = ("Sunrise gradient.mp4", "Mandelbrot dive.mp4", "Vertical aurora.mp4")
"""Three that every browser plays, of different sizes and rates: a first reel has something to copy and to encode."""

_ROOM = 20_000_000  # bytes; the clips take about 5 MB


class Samples:
    """Requests for sample clips."""

    def __init__(self, database: Database, jobs: Jobs, videos: Videos) -> None:
        self._database = database
        self._jobs = jobs
        self._videos = videos

    async def request(self, principal: Principal) -> JobRow:
        """Record the job, or give the one that is at it.

        Raises:
            DiskNearlyFull
        """
        self._videos.check_room(_ROOM)
        async with self._database.write() as session:
            job = await self._jobs.record(
                session,
                kind=SAMPLES,
                owner_id=principal.user_id,
                title="Sample clips",
                args={"owner_id": principal.user_id},
                dedupe_key=f"{SAMPLES}:{principal.user_id}",
            )
        await self._jobs.submit(job.id)
        return job


class SamplesJob:
    """Makes the clips and lists each as if it had been uploaded."""

    def __init__(
        self, database: Database, store: Store, jobs: Jobs, deletions: Deletions, videos: Videos, *, ffmpeg: Path | None
    ) -> None:
        self._database = database
        self._store = store
        self._jobs = jobs
        self._deletions = deletions
        self._videos = videos
        self._ffmpeg = ffmpeg

    def kind(self) -> JobKind:
        """How the job engine knows it. Once it has ended, more clips may be asked for."""

        async def done(session: Any, job: JobRow, _: dict[str, Any]) -> None:
            await self._jobs.release_key(session, job.id)

        return JobKind(
            name=SAMPLES,
            title="Samples",
            doing="Adding sample clips",
            done="Added sample clips",
            of=None,
            queue="ingest",
            run=self.run,
            on_succeeded=done,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """One step for each clip. Their ids are written down first, so that a repeated step makes no second video."""

        async def reserve() -> list[str]:
            return [new_id("vid") for _ in CLIPS]

        ids = await context.step("reserve ids", reserve)
        for number, (video_id, name) in enumerate(zip(ids, CLIPS, strict=True)):
            await context.progress(number / len(CLIPS), f"Making {title_from(name)}")
            await context.step(f"make clip {number + 1}", self._add, context, str(args["owner_id"]), video_id, name)
        return {"video_ids": ids}

    async def _add(self, context: JobContext, owner_id: str, video_id: str, name: str) -> None:
        from playhead.media.ffmpeg import find_ffmpeg
        from playhead.media.samples import make_samples

        if await self._is_listed(video_id):
            return
        [path] = await make_samples(context.work, names=[name], ffmpeg=find_ffmpeg(self._ffmpeg))
        await self._deletions.lease(keys.video_prefix(video_id))
        written = await self._store.write_file(keys.original(video_id), path)
        async with self._database.write() as session:
            row = await self._videos.admit(
                session,
                Admitted(
                    video_id=video_id,
                    owner_id=owner_id,
                    title=title_from(name),
                    filename=name,
                    origin="upload",
                    written=Stored.of(written),
                ),
            )
        await self._videos.submit(row)

    async def _is_listed(self, video_id: str) -> bool:
        async with self._database.read() as session:
            return await session.get(VideoRow, video_id) is not None
