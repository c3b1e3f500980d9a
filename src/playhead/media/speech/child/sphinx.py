"""PocketSphinx with the English model of its wheel: weak words, real times."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pocketsphinx import Decoder, Segmenter

_RATE = 16_000
_FRAME_S = 0.01
_LONGEST_S = 30.0
"""Speech without a pause is cut here, so that the search stays within memory."""


def recognise(wanted: dict[str, Any], say: Callable[..., None]) -> str:
    """Say the words of a file of samples; the language is English."""
    size = max(1, Path(wanted["audio"]).stat().st_size)
    decoder = Decoder(samprate=_RATE, loglevel="FATAL")
    with Path(wanted["audio"]).open("rb") as audio:
        for segment in Segmenter(sample_rate=_RATE).segment(audio):
            step = int(_LONGEST_S * _RATE) * 2
            for at in range(0, len(segment.pcm), step):
                _decode(decoder, segment.pcm[at : at + step], segment.start_time + at / 2 / _RATE, say)
            say(progress=audio.tell() / size)
    return "en"


def _decode(decoder: Any, samples: bytes, start_s: float, say: Callable[..., None]) -> None:
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    for found in decoder.seg() or ():
        text = found.word.partition("(")[0]  # of several pronunciations
        if text and text[0] not in "<[+":
            begin, end = start_s + found.start_frame * _FRAME_S, start_s + (found.end_frame + 1) * _FRAME_S
            say(word=[round(begin, 3), round(end, 3), text])
