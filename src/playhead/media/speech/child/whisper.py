"""faster-whisper: OpenAI's Whisper on CTranslate2, with times of words and voice detection."""

from collections.abc import Callable
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

_RATE = 16_000


def recognise(wanted: dict[str, Any], say: Callable[..., None]) -> str:
    """Say the words of a file of samples; returns the language that is spoken.

    Raises:
        LookupError: the model cannot be loaded.
    """
    model = _model(wanted)
    samples = np.fromfile(wanted["audio"], dtype=np.int16).astype(np.float32) / 32768.0
    language = (wanted["language"] or "").partition("-")[0] or None
    segments, info = model.transcribe(samples, language=language, word_timestamps=True, vad_filter=True)
    for segment in segments:
        for word in segment.words or ():
            if text := word.word.strip():
                say(word=[round(float(word.start), 3), round(float(word.end), 3), text])
        say(progress=segment.end * _RATE / max(1, len(samples)))
    return str(wanted["language"] or info.language)


def _model(wanted: dict[str, Any]) -> Any:
    try:
        return WhisperModel(
            wanted["model"],
            device="auto",
            compute_type="default",
            cpu_threads=wanted["threads"],
            download_root=wanted["models"],
        )
    except Exception as error:
        raise LookupError(f"{type(error).__name__}: {error}") from error
