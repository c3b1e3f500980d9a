"""One piece of audio to words: a speech engine in a process of its own, limited, followed and killed."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.edit.model import Word
from playhead.media.progress import Progress
from playhead.media.speech.engines import Engine
from playhead.media.speech.errors import EngineMissing, SpeechModelMissing, TranscriptionFailed

MAX_LINE: Final = MIB
_STALL_S: Final = 900.0
"""A large model is loaded, or downloaded, before the first word."""

_CPU_FACTOR: Final = 60


@dataclass(frozen=True, slots=True)
class Speech:
    """What to recognise.

    Attributes:
        audio: Raw samples, as of `decode_speech`; absolute, as is *models*.
        model: Of faster-whisper: name, or folder.
        models: Folder for models that are downloaded.
        language: BCP 47 tag; None has it found out.
        threads: Of the engine.
    """

    engine: Engine
    audio: Path
    model: str
    models: Path
    duration_s: float
    language: str | None = None
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What was recognised.

    Attributes:
        words: On the clock of the audio.
        language: The given one, or the one that was found; empty: unknown.
        cpu_s: Processor seconds that it took.
    """

    words: tuple[Word, ...]
    language: str
    cpu_s: float


async def transcribe(speech: Speech, progress: Progress | None = None) -> Heard:
    """Recognise the words of an audio file.

    Raises:
        EngineMissing, SpeechModelMissing
        TranscriptionFailed: the engine ended without a result.
    """
    limits = Limits(data_bytes=12 * GIB, cpu_s=int(600 + _CPU_FACTOR * speech.duration_s))
    command = [sys.executable, "-I", "-m", "playhead.media.speech.child"]
    async with child(command, limits=limits, stdin=asyncio.subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        tail = asyncio.create_task(log_tail(process.stderr), name="speech log")
        try:
            process.stdin.write(json.dumps(_request(speech)).encode() + b"\n")
            process.stdin.close()
            heard = await _read(process.stdout, speech, progress)
            lines = await tail if heard is None else []
        finally:
            tail.cancel()
    if heard is None:
        raise TranscriptionFailed(
            f"{speech.engine.name} ended without a result. {' | '.join(lines[-2:])[:500]}".strip(),
            hint="Try again; with a smaller whisper_model if memory was short.",
        )
    return heard


def _request(speech: Speech) -> dict[str, Any]:
    return {
        "engine": speech.engine.name,
        "audio": str(speech.audio),
        "model": speech.model,
        "models": str(speech.models),
        "language": speech.language,
        "threads": speech.threads,
    }


async def _read(stdout: asyncio.StreamReader, speech: Speech, progress: Progress | None) -> Heard | None:
    """Read the lines of the child: progress, words, and the end."""
    words: list[Word] = []
    reached = 0.0
    while True:
        try:
            async with asyncio.timeout(_STALL_S):
                line = await stdout.readline()
        except TimeoutError:
            raise TranscriptionFailed(f"{speech.engine.name} made no progress for {_STALL_S:.0f} s.") from None
        if not line:
            return None
        said = json.loads(line)
        if "problem" in said:
            raise _problem(speech, said)
        if "word" in said:
            start_s, end_s, text = said["word"]
            words.append(Word(start_s=start_s, end_s=max(start_s, end_s), text=text))
        if "done" in said:
            return Heard(tuple(words), said.get("language") or "", said["done"])
        reached = max(reached, min(1.0, said.get("progress", 0.0)))
        if progress is not None:  # also without any, so that a canceled job ends
            await progress(reached)


def _problem(speech: Speech, said: dict[str, Any]) -> Exception:
    if said["problem"] == "engine":
        return EngineMissing(
            f"The speech engine {speech.engine.name} cannot be loaded here: {said['detail']}",
            hint=f"Where Playhead's workers run: {speech.engine.install}.",
        )
    if said["problem"] == "model":
        return SpeechModelMissing(
            f"The model {speech.model} of {speech.engine.name} cannot be loaded: {said['detail']}",
            hint="Set PLAYHEAD_WHISPER_MODEL to a folder with a model, or to the name of one, which takes a network.",
        )
    return TranscriptionFailed(f"{speech.engine.name}: {said['detail']}")
