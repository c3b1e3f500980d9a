"""Bounds of captions, and the cleaning of their text."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from playhead.kit.text import one_line
from playhead.media.captions.errors import CaptionsUnreadable
from playhead.media.edit.model import Cue, Word

MAX_BYTES: Final = 8_000_000
"""Size of a file: ten hours of word timings as JSON take about five million."""

MAX_CUES: Final = 20_000
MAX_WORDS: Final = 200_000
MAX_CHARS: Final = 1_000
"""Characters of a cue."""

MAX_TIME_S: Final = 7 * 86_400.0


def clean_text(text: str) -> str:
    """Text of a cue: its lines without controls and blank ones, which would end it in SRT and WebVTT."""
    lines = (one_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def checked(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Clean cues in the order of their times; those without text are left out.

    Raises:
        CaptionsUnreadable: there are too many, or one is too long, ends before it begins or is out of range.
    """
    kept = []
    for number, cue in enumerate(cues, 1):
        if number > MAX_CUES:
            raise CaptionsUnreadable(f"There are more than {MAX_CUES:,} captions.", hint="Divide the file.")
        if text := clean_text(cue.text):
            kept.append(_checked(replace(cue, text=text), number))
    check_words(sum(len(cue.words) for cue in kept))
    return tuple(sorted(kept, key=lambda cue: (cue.start_s, cue.end_s)))


def check_words(count: int) -> None:
    """Refuse more words than are timed.

    Raises:
        CaptionsUnreadable
    """
    if count > MAX_WORDS:
        raise CaptionsUnreadable(f"There are more than {MAX_WORDS:,} words with times.", hint="Divide the file.")


def _checked(cue: Cue, number: int) -> Cue:
    where = f"Caption {number} ({cue.text[:40]!r})"
    if len(cue.text) > MAX_CHARS:
        raise CaptionsUnreadable(f"{where} has {len(cue.text):,} characters; at most {MAX_CHARS:,} are shown at once.")
    if not 0 <= cue.start_s < cue.end_s <= MAX_TIME_S:
        raise CaptionsUnreadable(f"{where} is shown from {cue.start_s:g} s to {cue.end_s:g} s, which is no span.")
    words = tuple(_word(word, cue) for word in cue.words if clean_text(word.text))
    return replace(cue, start_s=round(cue.start_s, 3), end_s=round(cue.end_s, 3), words=words)


def _word(word: Word, cue: Cue) -> Word:
    """A word within its cue, at least a millisecond long."""
    start_s = min(max(word.start_s, cue.start_s), cue.end_s)
    end_s = min(max(word.end_s, start_s), cue.end_s)
    return Word(start_s=round(start_s, 3), end_s=round(end_s, 3), text=clean_text(word.text).replace("\n", " "))
