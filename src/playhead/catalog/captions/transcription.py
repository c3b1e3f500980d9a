"""Requests for transcriptions: which engines there are, what one would cost, and the job."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from playhead.access.principals import Principal
from playhead.catalog.captions.tables import CaptionTrackRow
from playhead.catalog.errors import VideoNotReady
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput
from playhead.jobs.client import Jobs
from playhead.jobs.tables import JobRow
from playhead.kit.languages import UNDETERMINED, read_tag

TRANSCRIPTION: Final = "transcription"


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """A speech engine for a video, as `shapes.SpeechEngine` shows it."""

    name: str
    installed: bool
    install: str
    model: str | None
    languages: tuple[str, ...]
    note: str
    estimate_cpu_s: float
    measured: bool


@dataclass(frozen=True, slots=True)
class EnginesFacts:
    """All of them; *chosen* is used where a request names none."""

    items: tuple[EngineFacts, ...]
    chosen: str | None


class Transcriptions:
    """The use cases over one database and the job engine.

    Args:
        engine: Used where a request names none; ``auto`` is the first that is installed.
        model: Of faster-whisper.
    """

    def __init__(self, database: Database, jobs: Jobs, videos: Videos, *, engine: str, model: str) -> None:
        self._database, self._jobs, self._videos = database, jobs, videos
        self._engine, self._model = engine, model

    async def engines(self, principal: Principal, video_id: str) -> EnginesFacts:
        """The engines, with what this video would cost.

        Raises:
            VideoNotFound
        """
        from playhead.media.speech.engines import ENGINES, choose_engine
        from playhead.media.speech.errors import EngineMissing

        video = await self._videos.get(principal, video_id)
        items = [await self._facts(engine, video) for engine in ENGINES]
        try:
            chosen = choose_engine(self._engine).name
        except EngineMissing:
            return EnginesFacts(tuple(items), None)
        return EnginesFacts(tuple(items), chosen)

    async def request(
        self,
        principal: Principal,
        video_id: str,
        *,
        engine: str | None = None,
        language: str | None = None,
        label: str = "",
    ) -> JobRow:
        """Record the job, or give the one that is at it.

        Raises:
            VideoNotFound, VideoNotReady
            EngineMissing: no engine, or not this one, is installed.
            InvalidInput: the engine does not know the language.
            Conflict: the video has no audio.
        """
        from playhead.media.speech.engines import check_language, choose_engine

        chosen = choose_engine(engine or self._engine)
        tag = _language(language)
        check_language(chosen, tag)
        async with self._database.write() as session:
            video = await self._videos.find(session, principal, video_id, lock=True)
            _check_audio(video)
            job = await self._jobs.record(
                session,
                kind=TRANSCRIPTION,
                owner_id=video.owner_id,
                title=video.title,
                args={"video_id": video.id, "engine": chosen.name, "language": tag, "label": label},
                video_id=video.id,
                dedupe_key=f"{TRANSCRIPTION}:{video.id}:{chosen.name}:{tag}",
            )
        await self._jobs.submit(job.id)
        return job

    async def _facts(self, engine: Any, video: VideoRow) -> EngineFacts:
        from playhead.media.speech.engines import usual_cost

        measured = await self._measured_cost(engine_name(engine.name, self._model))
        cost = usual_cost(engine, self._model) if measured is None else measured
        return EngineFacts(
            name=engine.name,
            installed=engine.is_installed,
            install=engine.install,
            model=self._model if engine.name == "faster-whisper" else None,
            languages=engine.languages,
            note=engine.note,
            estimate_cpu_s=round(cost * (video.duration_s or 0.0), 1),
            measured=measured is not None,
        )

    async def _measured_cost(self, engine: str) -> float | None:
        """Processor seconds for a second of video in earlier transcriptions; None without any."""
        statement = (
            select(func.sum(CaptionTrackRow.cpu_s), func.sum(VideoRow.duration_s))
            .join(VideoRow, VideoRow.id == CaptionTrackRow.video_id)
            .where(CaptionTrackRow.engine == engine, CaptionTrackRow.cpu_s.is_not(None))
        )
        async with self._database.read() as session:
            cpu_s, video_s = (await session.execute(statement)).one()
        return float(cpu_s) / float(video_s) if cpu_s and video_s else None


def engine_name(engine: str, model: str) -> str:
    """Engine and model as a track keeps them."""
    return (f"{engine} {model.rpartition('/')[2]}" if engine == "faster-whisper" else engine)[:120]


def _language(text: str | None) -> str | None:
    tag = read_tag(text) if text else UNDETERMINED
    if tag is None:
        raise InvalidInput(
            f"{(text or '')[:60]!r} is not a language tag.",
            hint="Write it as in BCP 47: en, pt-BR, zh-Hant; or leave it out.",
            code="language_invalid",
            title="Language not recognised",
        )
    return None if tag == UNDETERMINED else tag


def _check_audio(video: VideoRow) -> None:
    if video.state != "ready":
        raise VideoNotReady(f"Video {video.id} is {video.state}.", hint="Transcribe it once it is ready.")
    if video.audio_codec is None:
        raise Conflict(
            f"Video {video.id} has no audio track, so there is nothing to transcribe.",
            code="no_audio",
            title="No audio",
        )
