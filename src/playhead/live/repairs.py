"""Repair of gaps: a job that fills what a recording lacks from another video of the broadcast, as platforms keep one.

The result is a new video, since what lies behind a filled gap comes later in it; the recording points to the new one.
The old one stays, for the projects that hold clips of it, and can be deleted.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.admission import Admitted, Stored
from playhead.catalog.chapters import record_chapters, store_chapters
from playhead.catalog.deletions import Deletions
from playhead.catalog.jobs import make_poster_of
from playhead.catalog.originals import verify_stored
from playhead.catalog.tables import VideoRow
from playhead.catalog.titles import clean_title
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, step_titles
from playhead.jobs.tables import JobRow
from playhead.kit.ids import new_id
from playhead.live.chapters import chapters_of
from playhead.live.errors import RecordingNotFound
from playhead.live.fillings import Fetch, spans_around
from playhead.live.recordings import Recordings
from playhead.live.sources import check_source, read_source
from playhead.live.tables import BroadcastRow, RecordingRow
from playhead.media.tools import MediaTools
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.recording.gaps import Gap
    from playhead.media.recording.parts import PartFile

REPAIR_GAP: Final = "repair_gap"

BEFORE: Final = " (before the repair)"


@dataclass(frozen=True, slots=True)
class Filling:
    """What gaps are filled from: a ready video of the same broadcast, or the address of the platform's own of it."""

    video_id: str | None = None
    url: str | None = None


class Repairs:
    """Requests for repairs.

    Args:
        allow_private: Addresses in private networks may be opened.
    """

    def __init__(
        self, database: Database, jobs: Jobs, recordings: Recordings, videos: Videos, *, allow_private: bool = False
    ) -> None:
        self._database, self._jobs, self._recordings, self._videos = database, jobs, recordings, videos
        self._allow_private = allow_private

    async def request(
        self, principal: Principal, recording_id: str, filling: Filling, starts_at: datetime | None
    ) -> JobRow:
        """Record the job, or return the one that is at it.

        Args:
            starts_at: Wall clock of the first frame of the filling; by default the start of the broadcast.

        Raises:
            RecordingNotFound, VideoNotFound: none, or a stranger's.
            Conflict: the recording has no video yet, or nothing is missing from it.
            InvalidInput: the filling cannot be used.
        """
        if (filling.video_id is None) == (filling.url is None):
            raise InvalidInput("Name either a video or a URL to fill the gaps from.")
        source = read_source(filling.url) if filling.url is not None else None
        if source is not None:
            await check_source(source, allow_private=self._allow_private)
        async with self._database.write() as session:
            row = await self._recordings.find(session, principal, recording_id)
            _check_gaps(row)
            if filling.video_id is not None:
                _check_video(await self._videos.find(session, principal, filling.video_id), row)
            broadcast = await session.get(BroadcastRow, row.broadcast_id) if row.broadcast_id else None
            began = starts_at or (broadcast.started_at if broadcast is not None else row.started_at)
            args = {
                "recording_id": row.id,
                "video_id": row.video_id,
                "from_id": filling.video_id,
                "source": {"platform": source.platform, "url": source.url} if source is not None else None,
                "starts_at": began.isoformat(),
            }
            job = await self._jobs.record(
                session,
                kind=REPAIR_GAP,
                owner_id=row.owner_id,
                title=row.title,
                args=args,
                dedupe_key=f"{REPAIR_GAP}:{sha256(json.dumps(args).encode()).hexdigest()[:32]}",
            )
        await self._jobs.submit(job.id)
        return job


def _check_gaps(row: RecordingRow) -> None:
    if row.state != "ready" or row.video_id is None or not row.gaps:
        found = f"is {row.state}" if row.state != "ready" else "has no gap"
        raise Conflict(
            f"Recording {row.id} {found}; there is nothing to repair.",
            code="recording_without_gaps",
            title="Nothing to repair",
        )


def _check_video(other: VideoRow, row: RecordingRow) -> None:
    if other.state != "ready" or other.id == row.video_id:
        raise InvalidInput(
            f"Video {other.id} is {'the recording itself' if other.id == row.video_id else other.state}.",
            hint="Name a ready video of the same broadcast, such as the platform's own of it.",
            code="repair_source_unusable",
            title="That video cannot repair the recording",
        )


class RepairJob:
    """Makes the repaired video.

    Args:
        fetch: Gives spans of a platform's video.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        videos: Videos,
        deletions: Deletions,
        tools: MediaTools,
        fetch: Fetch,
    ) -> None:
        self._database, self._store, self._videos = database, store, videos
        self._deletions, self._tools, self._fetch = deletions, tools, fetch

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=REPAIR_GAP,
            title="Repair gaps",
            doing="Filling gaps",
            done="Filled gaps",
            of="in",
            queue="media",
            run=self.run,
            step_titles=step_titles(
                reserve="Reserve an id", mend="Fill the gaps", verify="Check the bytes", poster="Make the poster"
            ),
            on_succeeded=self._replace,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """The steps, as of `FinaliseJob`."""

        async def reserve() -> str:
            return new_id("vid")

        video_id = await context.step("reserve", reserve)
        made = await context.step("mend", self._mend, context, args, video_id)
        written = made["written"]
        await context.progress(0.92, "Checking the bytes")

        async def verify() -> None:
            await verify_stored(self._store, keys.original(video_id), written["size_bytes"], written["sha256"])

        await context.step("verify", verify)
        await context.progress(0.97, "Making the poster")
        poster = await context.step("poster", make_poster_of, self._store, context, video_id, made["probe"])
        return {**made, "video_id": video_id, "poster": poster}

    async def _mend(self, context: JobContext, args: dict[str, Any], video_id: str) -> dict[str, Any]:
        from playhead.media.probe import probe
        from playhead.media.recording.gaps import Gap
        from playhead.media.recording.make import write_assembly
        from playhead.media.recording.mend import mend
        from playhead.media.recording.parts import PartFile

        row, history = await self._recording(str(args["recording_id"]))
        gaps = [Gap(**gap) for gap in row.gaps]
        began_s = (row.began_at or row.started_at).timestamp()
        async with (
            self._store.local_copy(keys.original(str(args["video_id"])), context.work) as own,
            self._fillings(context, args, gaps, began_s) as fillings,
        ):
            video = PartFile(path=own, name="recording", began_s=began_s)
            assembly = await asyncio.to_thread(mend, video, gaps, *fillings)
            left = assembly.gaps()
            if sum(gap.length_s for gap in left) >= sum(gap.length_s for gap in gaps) - 0.05:
                raise InvalidInput(
                    "The video holds nothing of what is missing from the recording.",
                    hint="Check that it is of the same broadcast, and the time at which it starts.",
                    code="repair_source_elsewhere",
                    title="Nothing was repaired",
                )
            out = context.work / "repaired.mp4"
            made = await write_assembly(
                assembly,
                [own, *(one.path for one in fillings)],
                out,
                self._tools,
                chaptered=lambda assembled: chapters_of(history, row.title, assembled),
                on_progress=context.progress,
            )
        found = await probe(made.path)
        await self._deletions.lease(keys.video_prefix(video_id))
        written = await self._store.write_file(keys.original(video_id), made.path)
        return {
            "written": {"size_bytes": written.size_bytes, "sha256": written.sha256},
            "probe": found.to_dict(),
            "gaps": [gap.to_dict() for gap in left],
            "chapters": await store_chapters(self._store, context, video_id, made.chapters, found.duration_s),
        }

    @asynccontextmanager
    async def _fillings(
        self, context: JobContext, args: dict[str, Any], gaps: "Sequence[Gap]", began_s: float
    ) -> "AsyncIterator[list[PartFile]]":
        """The files that gaps are filled from: one video, or a span of the platform's for each gap."""
        from playhead.media.recording.parts import PartFile

        starts_at = datetime.fromisoformat(args["starts_at"])
        if args["from_id"]:
            async with self._store.local_copy(keys.original(str(args["from_id"])), context.work) as path:
                yield [PartFile(path=path, name="other", began_s=starts_at.timestamp())]
            return
        spans = [
            await self._fetch(args["source"], start, end, starts_at, context.work / f"gap{number}")
            for number, (start, end) in enumerate(spans_around(gaps, began_s), 1)
        ]
        yield [
            PartFile(
                path=span.path,
                name=f"gap{number}",
                began_s=(span.began_at or starts_at + timedelta(seconds=span.start_s)).timestamp(),
            )
            for number, span in enumerate(spans, 1)
        ]

    async def _recording(self, recording_id: str) -> tuple[RecordingRow, list[dict[str, Any]]]:
        async with self._database.read() as session:
            row = await session.get(RecordingRow, recording_id)
            if row is None:
                raise RecordingNotFound(recording_id)
            broadcast = await session.get(BroadcastRow, row.broadcast_id) if row.broadcast_id else None
        return row, broadcast.history if broadcast is not None else []

    async def _replace(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        """The recording gets the new video, unless it has been repaired otherwise meanwhile."""
        row = await session.get(RecordingRow, str(job.args["recording_id"]), with_for_update=True)
        if row is None or row.video_id != job.args["video_id"]:
            return
        before = await session.get(VideoRow, row.video_id)
        title = before.title if before is not None else row.title
        if before is not None:
            before.title = clean_title(title[: 200 - len(BEFORE)] + BEFORE)
            before.version += 1
        video = await self._videos.admit(
            session,
            Admitted(
                video_id=result["video_id"],
                owner_id=row.owner_id,
                title=title,
                origin="recording",
                written=Stored.read(result["written"]),
                probe=result["probe"],
                poster=Stored.read(result["poster"]) if result["poster"] else None,
            ),
        )
        video.keep = before is not None and before.keep
        await record_chapters(session, video.id, result["chapters"])
        row.video_id, row.gaps = video.id, result["gaps"]
        row.duration_s, row.size_bytes = video.duration_s or 0.0, video.size_bytes
        row.version += 1
