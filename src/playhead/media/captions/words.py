"""Words with times, and cues: words are grouped into readable cues, and a cue whose text was edited keeps its times."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from playhead.media.captions.limits import MAX_WORDS, check_words
from playhead.media.captions.lines import fits
from playhead.media.edit.model import Cue, Word

PAUSE_S: Final = 0.8
"""A pause this long ends a cue."""

MAX_CUE_S, MIN_CUE_S = 6.0, 1.0
CHARS_PER_S: Final = 20.0
"""Reading speed that a cue stays under where the next one leaves it the time."""

GAP_S: Final = 0.08
"""Least time between two cues, two frames, so that a change is seen."""

_ENDS_SENTENCE = (".", "?", "!", "…", "。", "？", "！")
_ENDS_CLAUSE = (",", ";", ":", "、", "，")
_SENTENCE_CHARS, _CLAUSE_CHARS = 20, 56


def cues_of_words(words: Sequence[Word]) -> tuple[Cue, ...]:
    """Group words into cues of at most two lines and six seconds, broken at pauses and ends of sentences.

    Args:
        words: In the order of their times.
    """
    cues = [_cue(group) for group in _groups(words)]
    after = [*(cue.start_s for cue in cues[1:]), float("inf")][: len(cues)]
    return tuple(_readable(cue, next_s) for cue, next_s in zip(cues, after, strict=True))


def timed_by_length(text: str, start_s: float, end_s: float) -> tuple[Cue, ...]:
    """Cues of a text without times: each word takes a share of the span by its length.

    Raises:
        CaptionsUnreadable: a book, not what is said in a video.
    """
    texts = text.split(None, MAX_WORDS)  # bounded before it is counted: a long text would be millions of pieces
    check_words(len(texts))
    return cues_of_words(list(_timed_by_length(texts, start_s, end_s)))


def aligned(cue: Cue) -> Cue:
    """A cue whose words are those of its text: as many as before keep their times, others share its span.

    A cue without words stays without.
    """
    if not cue.words:
        return cue
    texts = cue.text.split()
    if [word.text for word in cue.words] == texts:
        return cue
    if len(texts) == len(cue.words):
        return replace(cue, words=tuple(replace(old, text=new) for old, new in zip(cue.words, texts, strict=True)))
    return replace(cue, words=tuple(_timed_by_length(texts, cue.words[0].start_s, cue.words[-1].end_s)))


def _groups(words: Iterable[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and _breaks(group, word):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _breaks(group: Sequence[Word], word: Word) -> bool:
    """Whether a word begins a new cue."""
    text = " ".join(each.text for each in group)
    last = group[-1].text
    return (
        word.start_s - group[-1].end_s >= PAUSE_S
        or word.end_s - group[0].start_s > MAX_CUE_S
        or not fits(f"{text} {word.text}")
        or (last.endswith(_ENDS_SENTENCE) and len(text) >= _SENTENCE_CHARS)
        or (last.endswith(_ENDS_CLAUSE) and len(text) >= _CLAUSE_CHARS)
    )


def _cue(group: Sequence[Word]) -> Cue:
    end_s = max(group[-1].end_s, group[0].start_s + 0.05)
    return Cue(start_s=group[0].start_s, end_s=end_s, text=" ".join(word.text for word in group), words=tuple(group))


def _readable(cue: Cue, next_s: float) -> Cue:
    """Shown as long as it takes to read, as far as the next one lets it."""
    wanted = max(cue.end_s, cue.start_s + max(MIN_CUE_S, len(cue.text) / CHARS_PER_S))
    return replace(cue, end_s=max(min(wanted, next_s - GAP_S), min(cue.end_s, next_s), cue.start_s + 0.05))


def _timed_by_length(texts: Sequence[str], start_s: float, end_s: float) -> Iterator[Word]:
    weights = [len(text) + 1 for text in texts]
    bounds, total = [start_s], sum(weights) or 1
    for weight in weights:
        bounds.append(bounds[-1] + (end_s - start_s) * weight / total)
    for text, (begin, end) in zip(texts, pairwise(bounds), strict=True):
        yield Word(start_s=round(begin, 3), end_s=round(end, 3), text=text)
