"""The stitch job: plan, render each clip, join, verify what the store holds, then mark.

Every step is recorded. What a later step needs lies in the store, so another worker on another host can go on. The
reel's bytes are stored under the id of a video that has no row yet: nobody sees it before the last transaction.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.deletions import Deletions
from playhead.catalog.jobs import make_poster_of, verify_stored
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import probe_facts, videos_by_id
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import is_id, new_id
from playhead.reels.errors import ClipVideoGone, StitchProjectGone
from playhead.reels.tables import ProjectRow
from playhead.reels.views import STITCH
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.ffmpeg import Ffmpeg
    from playhead.media.plan import StitchPlan

log = structlog.get_logger(__name__)

RENDERED = 0.85
"""Share of the progress bar that rendering takes; joining, verifying and the poster share the rest."""


@dataclass(frozen=True, slots=True)
class MediaTools:
    """How jobs run ffmpeg.

    Args:
        binary: In place of the bundled one; None uses that.
        threads: Of one process.
    """

    binary: Path | None = None
    threads: int = 2


class StitchJob:
    """The steps, over one store."""

    def __init__(self, database: Database, store: Store, deletions: Deletions, tools: MediaTools) -> None:
        self._database = database
        self._store = store
        self._deletions = deletions
        self._tools = tools

    def kind(self) -> JobKind:
        """How the job engine knows it."""
        return JobKind(
            name=STITCH,
            queue="media",
            run=self.run,
            on_succeeded=_mark,
            on_failed=self._abandon,
            on_canceled=self._abandon,
            on_retried=_begin_anew,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Make the reel; whatever the end, no part stays behind."""
        try:
            result = await self._steps(context, args)
        except Exception:
            # Stopped attempts (canceled, taken over) pass by: another may still need the parts; the sweep has the rest.
            await self._clean(context, str(args["video_id"]))
            raise
        await self._clean(context)
        return result

    async def _steps(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        from playhead.media.plan import StitchPlan

        video_id = str(args["video_id"])
        plan = StitchPlan.from_dict(await context.step("plan", self._plan, args))
        done = 0
        for index, clip in enumerate(plan.clips):
            words = f"Rendering clip {index + 1} of {len(plan.clips)}"
            await context.progress(RENDERED * done / plan.frames, words)
            await context.step(f"render {index + 1}", self._render, context, plan, index, done)
            done += clip.frames
        await context.progress(RENDERED, "Joining the clips")
        written = await context.step("join", self._join, context, plan, video_id)
        await context.progress(0.92, "Verifying the reel")
        probe = await context.step("verify", self._verify, context, plan, video_id, written)
        await context.progress(0.98, "Making the poster")
        poster = await context.step("poster", make_poster_of, self._store, context, video_id, plan.duration_s)
        return {"written": written, "probe": probe, "poster": poster}

    async def _plan(self, args: dict[str, Any]) -> dict[str, Any]:
        """Which span of which video, rendered how and why; pure data from what the catalog knows."""
        from playhead.media.format import resolve_format
        from playhead.media.plan import ClipSource, plan_stitch
        from playhead.media.probe import Probe

        async with self._database.read() as session:
            videos = await videos_by_id(session, {str(clip["video_id"]) for clip in args["clips"]})
        sources = []
        for number, clip in enumerate(args["clips"], start=1):
            video = videos.get(clip["video_id"])
            if video is None or video.probe is None:
                raise _gone(number)
            sources.append(
                ClipSource(
                    clip_id=clip["clip_id"],
                    video_id=video.id,
                    probe=Probe.from_dict(video.probe),
                    start_s=clip["start_s"],
                    end_s=clip["end_s"],
                )
            )
        settings = args["settings"]
        wanted = resolve_format([source.probe for source in sources], **settings)
        return plan_stitch(sources, wanted).to_dict()

    async def _render(self, context: JobContext, plan: "StitchPlan", index: int, done: int) -> dict[str, Any]:
        from playhead.media.render import RenderedPaths, render_clip

        clip = plan.clips[index]
        video, audio = context.work / f"{index}.mp4", context.work / f"{index}.pcm"
        out = RenderedPaths(video=video, audio=audio if plan.has_audio else None)
        words = f"Rendering clip {index + 1} of {len(plan.clips)}"

        async def progress(fraction: float) -> None:
            await context.progress(RENDERED * (done + fraction * clip.frames) / plan.frames, words)

        try:
            async with self._store.local_copy(keys.original(clip.video_id), context.work) as source:
                await render_clip(
                    clip,
                    plan.format,
                    source,
                    out,
                    progress=progress,
                    threads=self._tools.threads,
                    ffmpeg=self._ffmpeg(),
                )
        except ObjectNotFound as error:
            raise _gone(index + 1) from error
        for path in filter(None, (out.video, out.audio)):
            await self._store.write_file(keys.job_part(context.job_id, path.name), path)
        return {"frames": clip.frames}

    async def _join(self, context: JobContext, plan: "StitchPlan", video_id: str) -> dict[str, Any]:
        from playhead.media.join import join
        from playhead.media.render import RenderedPaths

        out = context.work / "reel.mp4"

        async def progress(fraction: float) -> None:
            await context.progress(RENDERED + 0.07 * fraction, "Joining the clips")

        async with AsyncExitStack() as copies:

            async def part(name: str) -> Any:
                key = keys.job_part(context.job_id, name)
                return await copies.enter_async_context(self._store.local_copy(key, context.work))

            parts = [
                RenderedPaths(
                    video=await part(f"{index}.mp4"),
                    audio=await part(f"{index}.pcm") if plan.has_audio else None,
                )
                for index in range(len(plan.clips))
            ]
            await join(parts, plan, out, progress=progress, ffmpeg=self._ffmpeg())
        written = await self._store.write_file(keys.original(video_id), out)
        return {"size_bytes": written.size_bytes, "sha256": written.sha256}

    async def _verify(
        self, context: JobContext, plan: "StitchPlan", video_id: str, written: dict[str, Any]
    ) -> dict[str, Any]:
        """Read the stored reel back: same bytes, every frame decodes, length and count as planned."""
        from playhead.media.verify import verify

        async def progress(fraction: float) -> None:
            await context.progress(0.92 + 0.06 * fraction, "Verifying the reel")

        key = keys.original(video_id)
        await verify_stored(self._store, key, written["size_bytes"], written["sha256"])
        async with self._store.local_copy(key, context.work) as path:
            return (
                await verify(path, plan, progress=progress, threads=self._tools.threads, ffmpeg=self._ffmpeg())
            ).to_dict()

    async def _abandon(self, session: AsyncSession, job: JobRow, *_: object) -> None:
        """Have the reel's bytes removed a minute from now, when also a stopped attempt has written its last."""
        self._deletions.intend(session, keys.video_prefix(str(job.args["video_id"])))

    def _ffmpeg(self) -> "Ffmpeg":
        from playhead.media.ffmpeg import find_ffmpeg

        return find_ffmpeg(self._tools.binary)

    async def _clean(self, context: JobContext, unannounced: str | None = None) -> None:
        prefixes = [keys.job_prefix(context.job_id)] + ([keys.video_prefix(unannounced)] if unannounced else [])
        for prefix in prefixes:
            try:
                await self._store.delete_prefix(prefix)
            except PlayheadError as error:
                log.warning("parts_left_for_the_sweep", prefix=prefix, code=error.code, detail=error.detail)


def _gone(number: int) -> ClipVideoGone:
    return ClipVideoGone(number)


async def sweep_parts(database: Database, store: Store) -> int:
    """Remove what stopped stitches left: parts, and bytes of reels that never came to be; of how many jobs."""
    found = {key.split("/")[1] async for key in _keys(store, "jobs/")}
    jobs = [job_id for job_id in found if is_id("job", job_id)]
    swept = 0
    for job_id in jobs:
        async with database.read() as session:
            job = await session.get(JobRow, job_id)
            video_id = str(job.args.get("video_id", "")) if job is not None else ""
            kept = bool(video_id) and await session.get(VideoRow, video_id) is not None
        if job is not None and job.is_active:
            continue
        await store.delete_prefix(keys.job_prefix(job_id))
        if job is not None and job.kind == STITCH and is_id("vid", video_id) and not kept:
            await store.delete_prefix(keys.video_prefix(video_id))
        swept += 1
    return swept


async def _keys(store: Store, prefix: str) -> AsyncIterator[str]:
    async for found in store.list(prefix):
        yield found.key


async def _begin_anew(session: AsyncSession, job: JobRow) -> None:
    """Another run stores its reel under another id: what is still to be removed of the last one cannot reach it."""
    if await session.get(ProjectRow, str(job.args["project_id"])) is None:
        raise StitchProjectGone(f"The project of job {job.id} was deleted.")
    job.args = job.args | {"video_id": new_id("vid")}


async def _mark(session: AsyncSession, job: JobRow, result: dict[str, Any]) -> None:
    """The reel becomes a video, and the project's reel unless a later version was quicker; one transaction."""
    args, written, poster = job.args, result["written"], result["poster"]
    now = utc_now()
    session.add(
        VideoRow(
            id=args["video_id"],
            owner_id=job.owner_id,
            title=args["title"],
            origin="reel",
            state="ready",
            size_bytes=written["size_bytes"],
            sha256=written["sha256"],
            poster_sha256=poster["sha256"] if poster else None,
            poster_size_bytes=poster["size_bytes"] if poster else None,
            project_id=args["project_id"],
            version=1,
            created_at=now,
            updated_at=now,
            **probe_facts(result["probe"]),
        )
    )
    project = await session.get(ProjectRow, args["project_id"])
    if project is not None and (project.reel_version or 0) <= args["version"]:
        project.reel_video_id, project.reel_job_id = args["video_id"], job.id
        project.reel_version, project.reel_fingerprint = args["version"], args["fingerprint"]
        project.reel_made_at = now
