"""Waveforms of audio tracks, for timelines: made by a job on the first request, kept beside the video."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.artifacts import find_artifact, record_artifact
from playhead.catalog.deletions import Deletions
from playhead.catalog.errors import VideoNotReady
from playhead.catalog.stills import submit_after
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import NotFound
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, step_titles
from playhead.jobs.tables import JobRow
from playhead.media.tools import MediaTools
from playhead.storage import keys
from playhead.storage.store import Store

WAVEFORM: Final = "waveform"

MAX_FAILURES: Final = 3
"""Failed jobs of one video after which no more are recorded."""


class WaveformNotFound(NotFound):
    """The video has no such audio track, or its audio cannot be decoded."""

    code = "waveform_not_found"
    title = "No waveform"


@dataclass(frozen=True, slots=True)
class Waveform:
    """Peaks of an audio track, 50 bytes a second; *peaks* is None while job *job_id* makes them."""

    peaks: bytes | None
    job_id: str = ""


class Waveforms:
    """Finds them, or has them made."""

    def __init__(self, database: Database, store: Store, jobs: Jobs, videos: Videos) -> None:
        self._database, self._store, self._jobs, self._videos = database, store, jobs, videos

    async def get(self, principal: Principal, video_id: str, track: int | None = None) -> Waveform:
        """The waveform of an audio track; the first request records the job.

        Args:
            track: libav's index; None is the track that is played.

        Raises:
            VideoNotFound, VideoNotReady
            WaveformNotFound: there is no such track, or it could not be decoded.
        """
        video = await self._videos.get(principal, video_id)
        if video.state != "ready":
            raise VideoNotReady(f"Video {video.id} is {video.state}; its audio was not read yet.")
        chosen = _track_of(video, track)
        async with self._database.read() as session:
            found = await find_artifact(session, video.id, _name(chosen))
        if found is None:
            return Waveform(None, await self._request(video, chosen))
        return Waveform(b"".join([block async for block in self._store.read(keys.artifact(video.id, found.name))]))

    async def _request(self, video: VideoRow, track: int) -> str:
        async with self._database.write() as session:
            failed = select(func.count()).where(
                JobRow.video_id == video.id, JobRow.kind == WAVEFORM, JobRow.state == "failed"
            )
            if (await session.scalar(failed) or 0) >= MAX_FAILURES:
                raise WaveformNotFound(f"The audio of video {video.id} could not be decoded.")
            job = await self._jobs.record(
                session,
                kind=WAVEFORM,
                owner_id=video.owner_id,
                title=video.title,
                args={"video_id": video.id, "track": track},
                video_id=video.id,
                dedupe_key=f"{WAVEFORM}:{video.id}:{track}",
            )
            if job.state == "queued":
                submit_after(session, self._jobs, job.id)
            return job.id


class WaveformJob:
    """Makes the waveform of one audio track."""

    def __init__(self, database: Database, store: Store, deletions: Deletions, tools: MediaTools) -> None:
        self._database, self._store, self._deletions, self._tools = database, store, deletions, tools

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=WAVEFORM,
            title="Waveform",
            doing="Reading the audio",
            done="Drew the waveform",
            of="of",
            folds="owner",
            things="videos",
            background=True,
            queue="ingest",
            run=self.run,
            on_succeeded=self._keep,
            step_titles=step_titles(peaks="Read the audio"),
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """One step; empty for a video that was deleted meanwhile."""
        async with self._database.read() as session:
            video = await session.get(VideoRow, str(args["video_id"]))
        if video is None:
            return {}
        return await context.step("peaks", self._make, context, video, int(args["track"]))

    async def _make(self, context: JobContext, video: VideoRow, track: int) -> dict[str, Any]:
        from playhead.media.waveform import read_waveform

        ffmpeg, threads = self._tools.ffmpeg(), self._tools.threads
        key, duration_s = keys.original(video.id), video.duration_s or 0.0

        async def progress(share: float) -> None:
            await context.progress(share, "Reading the audio")

        async with self._store.local_copy(key, context.work) as path:
            peaks = await read_waveform(ffmpeg, path, track, duration_s=duration_s, threads=threads, progress=progress)
        written = await self._store.write(keys.artifact(video.id, _name(track)), _once(peaks))
        return {"sha256": written.sha256, "size_bytes": written.size_bytes}

    async def _keep(self, session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
        """Record what was made; of a video that was deleted meanwhile, have it removed."""
        video_id = str(job.args["video_id"])
        if result:
            await record_artifact(session, video_id, _name(int(job.args["track"])), kind=WAVEFORM, **result)
        if await session.get(VideoRow, video_id) is None:
            await self._deletions.intend(session, keys.video_prefix(video_id))


def _name(track: int) -> str:
    return f"waveform-{track}.u8" if track >= 0 else "waveform.u8"


def _track_of(video: VideoRow, wanted: int | None) -> int:
    from playhead.media.probe import Probe

    probe = Probe.from_dict(video.probe) if video.probe is not None else None
    if probe is None or probe.audio is None:
        raise WaveformNotFound(f"Video {video.id} has no audio.")
    tracks = probe.audio_tracks or (probe.audio,)
    if wanted is None:
        return probe.audio.track
    if wanted not in [each.track for each in tracks]:
        raise WaveformNotFound(f"Video {video.id} has no audio track {wanted}.")
    return wanted


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
