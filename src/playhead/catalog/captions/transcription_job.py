"""Job that transcribes a video: its audio decoded once, then one recorded step for each piece of five minutes.

A piece begins and ends a little earlier and later than it counts, so that no word is cut; a worker that dies costs at
most the piece that it was at.
"""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.captions.tracks import NewTrack, add_track
from playhead.catalog.captions.transcription import TRANSCRIPTION, engine_name
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, StepRecord
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.edit.model import Word

PIECE_S: Final = 300.0
OVERLAP_S: Final = 2.0
_AUDIO: Final = "speech.s16"
_DECODED: Final = 0.08
"""Share of the progress bar that decoding takes."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionConfig:
    """Settings of the job.

    Attributes:
        model: Of faster-whisper: a name of its hub, or a folder.
        models: Folder that downloaded models are kept in.
    """

    engine: str
    model: str
    models: Path
    ffmpeg: Path | None
    threads: int


class TranscriptionJob:
    """Writes down the speech of a video as a caption track."""

    def __init__(self, database: Database, store: Store, jobs: Jobs, config: TranscriptionConfig) -> None:
        self._database, self._store, self._jobs, self._config = database, store, jobs, config

    def kind(self) -> JobKind:
        """The kind of job, for the engine. Once it has succeeded it may be asked for again."""

        async def done(session: AsyncSession, job: JobRow, _: dict[str, Any]) -> None:
            await self._jobs.release_key(session, job.id)

        return JobKind(
            name=TRANSCRIPTION,
            title="Transcription",
            doing="Transcribing",
            done="Transcribed",
            folds="owner",
            things="videos",
            queue="media",
            goes_last=True,
            run=self.run,
            on_succeeded=done,
            step_titles=transcription_step_titles,
        )

    async def run(self, context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
        """Decode, recognise piece by piece, record the track."""
        track_id = await context.step("reserve id", _reserve)
        await context.progress(0.0, "Decoding the audio")
        duration_s = await context.step("audio", self._decode, context, str(args["video_id"]))
        language, cpu_s = args.get("language"), 0.0
        words: list[list[Any]] = []
        pieces = max(1, math.ceil(duration_s / PIECE_S))
        for number in range(pieces):
            found = await context.step(f"piece {number + 1}", self._piece, context, args, number, pieces, language)
            language = language or found["language"]
            words += found["words"]
            cpu_s += found["cpu_s"]
        facts = {"language": language, "words": words, "cpu_s": round(cpu_s, 1), "track_id": track_id}
        result = await context.step("captions", self._record, args, facts)
        await self._clean(context)
        return dict(result)

    async def _decode(self, context: JobContext, video_id: str) -> float:
        """Decode the played audio track into the store; its seconds."""
        from playhead.media.ffmpeg import find_ffmpeg
        from playhead.media.probe import Probe
        from playhead.media.speech.audio import BYTES_PER_S, decode_speech

        video = await self._video(video_id)
        track = Probe.from_dict(video.probe or {}).audio
        out = context.work / _AUDIO

        async def decoding(fraction: float) -> None:
            await context.progress(_DECODED * fraction, "Decoding the audio")

        try:
            async with self._store.local_copy(keys.original(video_id), context.work) as path:
                await decode_speech(
                    find_ffmpeg(self._config.ffmpeg),
                    path,
                    out,
                    track=-1 if track is None else track.track,
                    duration_s=video.duration_s or 0.0,
                    progress=decoding,
                )
        except ObjectNotFound as error:
            raise VideoNotFound(video_id) from error
        written = await self._store.write_file(keys.job_part(context.job_id, _AUDIO), out)
        return written.size_bytes / BYTES_PER_S

    async def _piece(
        self, context: JobContext, args: dict[str, Any], number: int, pieces: int, language: str | None
    ) -> dict[str, Any]:
        """Recognise one piece; its words on the video's clock."""
        from playhead.media.speech.engines import choose_engine
        from playhead.media.speech.transcribe import Speech, transcribe

        start_s, end_s = number * PIECE_S, (number + 1) * PIECE_S
        begin_s = max(0.0, start_s - OVERLAP_S)

        async def hearing(fraction: float) -> None:
            share = (number + min(1.0, fraction)) / pieces
            await context.progress(_DECODED + (1 - _DECODED) * share, _words_of(number, pieces))

        await hearing(0.0)
        async with self._samples(context, begin_s, end_s + OVERLAP_S) as samples:
            speech = Speech(
                engine=choose_engine(str(args["engine"])),
                audio=samples,
                model=self._config.model,
                models=self._config.models,
                duration_s=end_s + OVERLAP_S - begin_s,
                language=language,
                threads=self._config.threads,
            )
            heard = await transcribe(speech, hearing)
        own = [
            (begin_s + word.start_s, begin_s + word.end_s, word.text)
            for word in heard.words
            if start_s <= begin_s + (word.start_s + word.end_s) / 2 < (math.inf if number == pieces - 1 else end_s)
        ]
        return {"words": own, "language": heard.language, "cpu_s": heard.cpu_s}

    @asynccontextmanager
    async def _samples(self, context: JobContext, begin_s: float, end_s: float) -> AsyncIterator[Path]:
        """A file of the samples of a span."""
        from playhead.media.speech.audio import BYTES_PER_S

        path = context.work / "piece.s16"
        first, after = int(begin_s * BYTES_PER_S) // 2 * 2, int(end_s * BYTES_PER_S) // 2 * 2
        with path.open("wb") as file:
            async for chunk in self._store.read(keys.job_part(context.job_id, _AUDIO), first, after):
                file.write(chunk)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def _record(self, args: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
        """Group the words into cues and add the track, once."""
        from playhead.media.captions.limits import checked
        from playhead.media.captions.words import cues_of_words

        cues = checked(cues_of_words(_read_words(facts["words"])))
        video_id = str(args["video_id"])
        new = NewTrack(
            cues=cues,
            language=facts["language"] or "und",
            label=str(args.get("label") or ""),
            origin="transcription",
            engine=engine_name(str(args["engine"]), self._config.model),
            cpu_s=facts["cpu_s"],
            track_id=facts["track_id"],
        )
        async with self._database.write() as session:
            if await session.get(VideoRow, video_id, with_for_update=True) is None:
                raise VideoNotFound(video_id)
            row = await add_track(session, video_id, new, utc_now())
            return {"track_id": row.id, "cues": len(cues), "words": len(facts["words"]), "cpu_s": facts["cpu_s"]}

    async def _video(self, video_id: str) -> VideoRow:
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
        if row is None:
            raise VideoNotFound(video_id)
        return row

    async def _clean(self, context: JobContext) -> None:
        """Remove the decoded audio; a failure is left to the sweep."""
        try:
            await self._store.delete_prefix(keys.job_prefix(context.job_id))
        except PlayheadError as error:
            log.warning(
                "pieces_not_deleted", prefix=keys.job_prefix(context.job_id), code=error.code, detail=error.detail
            )


async def transcription_step_titles(
    session: AsyncSession,  # noqa: ARG001
    job: JobRow,  # noqa: ARG001
    steps: Sequence[StepRecord],
) -> list[str]:
    """Steps in words for people."""
    return [_title_of(step) for step in steps]


def _title_of(step: StepRecord) -> str:
    fixed = {"reserve id": "Begin", "audio": "Decode the audio", "captions": "Write the captions"}
    number = step.name.removeprefix("piece ")
    if number.isdigit():
        minutes = PIECE_S / 60
        return f"Listen to minutes {(int(number) - 1) * minutes:g} to {int(number) * minutes:g}"
    return fixed.get(step.name, step.name.capitalize())


def _words_of(number: int, pieces: int) -> str:
    return "Transcribing" if pieces == 1 else f"Transcribing part {number + 1} of {pieces}"


def _read_words(rows: list[list[Any]]) -> "list[Word]":
    from playhead.media.edit.model import Word

    return [Word(start_s=float(start), end_s=float(end), text=str(text)) for start, end, text in rows]


async def _reserve() -> str:
    return new_id("cpt")
