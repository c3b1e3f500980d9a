"""Finalise: the job that makes a video of a recording's parts, and deletes them when the video is there.

It may run any number of times over the same parts: the bytes of its video are stored under an id that has no row, and
only the last transaction makes a video of them. Until then the parts stay as they are.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.admission import Admitted, Stored
from playhead.catalog.chapters import record_chapters, store_chapters
from playhead.catalog.deletions import Deletions
from playhead.catalog.jobs import make_poster_of
from playhead.catalog.originals import verify_stored
from playhead.catalog.titles import clean_title
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.failure import JobError
from playhead.jobs.kinds import JobKind, step_titles
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.kit.text import shorten
from playhead.live.chapters import chapters_of
from playhead.live.errors import RecordingNotFound
from playhead.live.parts import Part, folder_of, parts_in
from playhead.live.recordings import FINALISE, event_data
from playhead.live.tables import BroadcastRow, RecordingRow
from playhead.media.tools import MediaTools
from playhead.outbox.outbox import record_event
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.chapters import Chapter
    from playhead.media.recording.assembly import Assembly
    from playhead.media.recording.parts import PartFile

Restore = Callable[[str], Awaitable[object]]
"""Brings the parts of a recording from the store that this host has not."""

AskForRoom = Callable[[int], Awaitable[object]]
"""Frees space for so many bytes, as far as it can."""


UNREAD: Final = "unread_"
"""Before the id of a recording: the folder of its parts that could not be read. Nothing deletes it."""

log = structlog.get_logger(__name__)


async def restore_nothing(recording_id: str) -> None:
    """All parts are here."""


async def free_nothing(wanted_bytes: int) -> None:
    """There is as much room as there is."""


class FinaliseJob:
    """Makes the video of a recording.

    Args:
        folder: Folder with a folder for each recording.
        cut_ads: Parts with an advertisement over the programme are left out.
    """

    def __init__(
        self,
        database: Database,
        store: Store,
        jobs: Jobs,
        videos: Videos,
        deletions: Deletions,
        tools: MediaTools,
        folder: Path,
        *,
        restore: Restore = restore_nothing,
        ask_for_room: AskForRoom = free_nothing,
        cut_ads: bool = False,
    ) -> None:
        self._database, self._store, self._jobs = database, store, jobs
        self._videos, self._deletions, self._tools = videos, deletions, tools
        self._folder, self._restore, self._ask_for_room = folder, restore, ask_for_room
        self._cut_ads = cut_ads

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=FINALISE,
            title="Finalise",
            doing="Finalising the recording",
            done="Finalised the recording",
            queue="media",
            run=self.run,
            step_titles=step_titles(
                reserve="Reserve an id", join="Join the parts", verify="Check the bytes", poster="Make the poster"
            ),
            on_succeeded=self._mark_ready,
            on_failed=_mark_errored,
            on_canceled=_mark_canceled,
            on_retried=_mark_finalising,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """The steps; each is recorded, so a crash repeats at most one."""
        recording_id = str(args["recording_id"])

        async def reserve() -> str:
            return new_id("vid")

        video_id = await context.step("reserve", reserve)
        await context.progress(0.0, "Reading the parts")
        made = await context.step("join", self._join, context, recording_id, video_id)
        await context.progress(0.92, "Checking the bytes")
        await context.step("verify", self._verify, video_id, made["written"])
        await context.progress(0.97, "Making the poster")
        poster = await context.step("poster", make_poster_of, self._store, context, video_id, made["probe"])
        return {**made, "video_id": video_id, "poster": poster}

    async def _join(self, context: JobContext, recording_id: str, video_id: str) -> dict[str, Any]:
        """Make the file, prove that it can be played, and store it with its chapters."""
        from playhead.media.probe import probe
        from playhead.media.recording.make import make_recording

        row, history = await self._recording(recording_id)
        folder = folder_of(self._folder, recording_id)
        await self._restore(recording_id)
        parts = parts_in(folder)
        parts = without_ads(parts) if self._cut_ads else parts
        await self._ask_for_room(sum(part.path.stat().st_size for part in parts))

        def chaptered(assembly: "Assembly") -> "Sequence[Chapter]":
            return chapters_of(history, row.title, assembly)

        out = context.work / "recording.mp4"
        made = await make_recording(
            part_files(parts), out, self._tools, chaptered=chaptered, on_progress=context.progress
        )
        read = {piece.run.tracks.part.path for piece in made.assembly.pieces}
        await asyncio.to_thread(self._set_aside, recording_id, [part for part in parts if part.path not in read])
        found = await probe(made.path)
        await self._deletions.lease(keys.video_prefix(video_id))
        written = await self._store.write_file(keys.original(video_id), made.path)
        chapters = await store_chapters(self._store, context, video_id, made.chapters, found.duration_s)
        return {
            "written": {"size_bytes": written.size_bytes, "sha256": written.sha256},
            "probe": found.to_dict(),
            "gaps": [gap.to_dict() for gap in made.assembly.gaps()],
            "began_s": made.assembly.pieces[0].wall_s,
            "parts": len(parts),
            "sections": made.sections,
            "summary": made.summary,
            "chapters": chapters,
        }

    def _set_aside(self, recording_id: str, parts: Sequence[Part]) -> None:
        """Move parts that cannot be read out of the folder that is deleted once there is a video."""
        from playhead.media.recording.parts import read_part

        for part, file in zip(parts, part_files(parts), strict=True):
            if not part.is_worth_keeping or read_part(0, file):
                continue
            folder = self._folder / f"{UNREAD}{recording_id}"
            folder.mkdir(exist_ok=True)
            for path in (part.path, part.path.with_suffix(".json")):
                if path.exists():
                    path.replace(folder / path.name)
            log.warning("part_not_read", recording_id=recording_id, capture_id=part.manifest.capture_id)

    async def _verify(self, video_id: str, written: dict[str, Any]) -> dict[str, Any]:
        """Read the stored bytes back: the parts are deleted because of them."""
        await verify_stored(self._store, keys.original(video_id), written["size_bytes"], written["sha256"])
        return written

    async def _recording(self, recording_id: str) -> tuple[RecordingRow, list[dict[str, Any]]]:
        async with self._database.read() as session:
            row = await session.get(RecordingRow, recording_id)
            if row is None:
                raise RecordingNotFound(recording_id)
            broadcast = await session.get(BroadcastRow, row.broadcast_id) if row.broadcast_id else None
        return row, broadcast.history if broadcast is not None else []

    async def _mark_ready(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        """The recording gets its video; what is left of it in the store is to be deleted. One transaction."""
        row = await _recording_of(session, job)
        if row is None:  # deleted meanwhile: so are the bytes, when their lease ends
            return
        video = await self._videos.admit(
            session,
            Admitted(
                video_id=result["video_id"],
                owner_id=row.owner_id,
                title=clean_title(row.title),
                origin="recording",
                written=Stored.read(result["written"]),
                probe=result["probe"],
                poster=Stored.read(result["poster"]) if result["poster"] else None,
            ),
        )
        await record_chapters(session, video.id, result["chapters"])
        row.state, row.video_id, row.job_id = "ready", video.id, None
        row.gaps, row.duration_s, row.size_bytes = result["gaps"], video.duration_s or 0.0, video.size_bytes
        row.began_at = datetime.fromtimestamp(result["began_s"], UTC)
        row.bytes_per_s, row.updated_at = 0.0, utc_now()
        row.version += 1
        await self._deletions.intend(session, keys.recording_prefix(row.id))
        record_event(session, "recording.finished", owner_id=row.owner_id, subject_id=row.id, data=event_data(row))

    async def sweep(self) -> int:
        """Delete the parts on this host of recordings that have their video; returns how many recordings."""
        folders = [path for path in self._folder.glob("rec_*") if path.is_dir()]
        async with self._database.read() as session:
            ready = set(
                await session.scalars(
                    select(RecordingRow.id).where(
                        RecordingRow.id.in_([path.name for path in folders]), RecordingRow.state == "ready"
                    )
                )
            )
        for path in folders:
            if path.name in ready:
                await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
        return len(ready)


def without_ads(parts: Sequence[Part]) -> list[Part]:
    """Leave parts with advertisements out: what is missing then came from an ad. All are kept if there is no other."""
    kept: list[Part] = []
    cut: set[int] = set()
    for part in parts:
        manifest = part.manifest
        if manifest.ad:
            cut.add(manifest.lane)
            continue
        if manifest.lane in cut:
            cut.discard(manifest.lane)
            part = replace(part, manifest=manifest.but(cause="ad"))  # noqa: PLW2901
        kept.append(part)
    return kept or list(parts)


def part_files(parts: Sequence[Part]) -> "list[PartFile]":
    """Parts as the media code takes them."""
    from playhead.media.recording.parts import PartFile

    return [
        PartFile(
            path=part.path,
            name=part.manifest.capture_id,
            lane=part.manifest.lane,
            clock=part.manifest.clock,
            began_s=part.recorded_at.timestamp(),
            cause=part.manifest.cause,
            ad=part.manifest.ad,
        )
        for part in parts
    ]


async def _mark_errored(session: AsyncSession, job: JobRow, error: JobError) -> None:
    await _give_up(session, job, error.code, error.message, error.hint)


async def _mark_canceled(session: AsyncSession, job: JobRow) -> None:
    await _give_up(
        session, job, "canceled", "Finalising was canceled.", "Its parts are kept: finalise it again at any time."
    )


async def _give_up(session: AsyncSession, job: JobRow, code: str, message: str, hint: str | None) -> None:
    """The recording stays without a video; nothing of it is deleted."""
    row = await _recording_of(session, job)
    if row is None:
        return
    row.state, row.job_id, row.bytes_per_s, row.updated_at = "errored", None, 0.0, utc_now()
    row.error_code, row.error_message = code, shorten(message, 1000)
    row.error_hint = shorten(hint, 500) if hint else None
    row.version += 1
    data = event_data(row) | {"error": {"code": code, "message": row.error_message}}
    record_event(session, "recording.failed", owner_id=row.owner_id, subject_id=row.id, data=data)


async def _mark_finalising(session: AsyncSession, job: JobRow) -> None:
    row = await session.get(RecordingRow, str(job.args["recording_id"]), with_for_update=True)
    if row is None or row.state != "errored":
        found = "was deleted" if row is None else f"is {row.state}"
        raise Conflict(
            f"Recording {job.args['recording_id']} {found}; only an errored one can be finalised again.",
            code="recording_not_errored",
            title="Nothing to finalise",
        )
    row.state, row.job_id, row.updated_at = "finalising", job.id, utc_now()
    row.error_code = row.error_message = row.error_hint = None
    row.version += 1


async def _recording_of(session: AsyncSession, job: JobRow) -> RecordingRow | None:
    """The recording that this job, and no later one, finalises."""
    row = await session.get(RecordingRow, str(job.args["recording_id"]), with_for_update=True)
    return row if row is not None and row.job_id == job.id else None
