"""Word timings as JSON: our own, and what common speech recognisers write."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from playhead.media.captions.errors import CaptionsUnreadable
from playhead.media.captions.limits import check_words, checked, clean_text
from playhead.media.captions.words import aligned, cues_of_words
from playhead.media.edit.model import Cue, Word

_FORM: Final = 'Send [{"start_s": 0.4, "end_s": 0.9, "text": "Hello"}, ...], or the JSON of Whisper, Vosk or Deepgram.'
_MAX_DEPTH: Final = 6


def read_json(text: str) -> tuple[Cue, ...]:
    """Read cues, or words that are grouped into cues.

    Known are: ``{"cues": [...]}`` as Playhead writes it, ``[{start_s, end_s, text}]``, and lists of words or segments
    at any depth whose times are ``start`` and ``end``, in seconds or, as AssemblyAI has them, in whole milliseconds.

    Raises:
        CaptionsUnreadable
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaptionsUnreadable("This is not JSON.", line=getattr(error, "lineno", 0), hint=_FORM) from error
    if isinstance(data, Mapping) and isinstance(data.get("cues"), list):
        return checked([aligned(_cue(one, number)) for number, one in enumerate(data["cues"], 1)])
    words = _words(data)
    if words:
        return checked(cues_of_words(sorted(words, key=lambda word: word.start_s)))
    segments = data if _are_timed(data) else _found(data, ("segments", "transcription", "utterances"))
    if not segments:
        raise CaptionsUnreadable("No words with times were found in this JSON.", hint=_FORM)
    return checked([_cue(one, number) for number, one in enumerate(segments, 1)])


def write_json(cues: Sequence[Cue]) -> str:
    """Write cues with their words, for `read_json`."""
    return json.dumps({"cues": [cue_facts(cue) for cue in cues]}, ensure_ascii=False, indent=1) + "\n"


def cue_facts(cue: Cue) -> dict[str, Any]:
    """A cue as JSON: rows, answers and files have this form."""
    facts: dict[str, Any] = {"start_s": cue.start_s, "end_s": cue.end_s, "text": cue.text}
    if cue.words:
        facts["words"] = [{"start_s": word.start_s, "end_s": word.end_s, "text": word.text} for word in cue.words]
    return facts


def cue_of(facts: Mapping[str, Any]) -> Cue:
    """The cue of `cue_facts`."""
    names = ("start_s", "end_s", "text")
    words = tuple(Word(**{name: each[name] for name in names}) for each in facts.get("words", ()))
    return Cue(start_s=facts["start_s"], end_s=facts["end_s"], text=facts["text"], words=words)


def _cue(one: Any, number: int) -> Cue:
    found = _timed(one) if isinstance(one, Mapping) else None
    if found is None:
        raise CaptionsUnreadable(f"Caption {number} has no start, end and text.", hint=_FORM)
    return Cue(start_s=found.start_s, end_s=found.end_s, text=found.text, words=tuple(_words(one.get("words"))))


def _words(data: Any) -> list[Word]:
    """The words of a list, or of the lists named for words within an answer; none where its items are sentences."""
    named = data if _are_timed(data) else _found(data, ("words", "result", "items"))
    found = [word for word in map(_timed, named) if word is not None and clean_text(word.text)]
    if any(" " in word.text for word in found):
        return []
    check_words(len(found))
    return found


def _are_timed(data: Any) -> bool:
    return isinstance(data, list) and bool(data) and all(_timed(one) is not None for one in data)


def _found(data: Any, names: Sequence[str]) -> list[Any]:
    """All items of the lists that have one of some names, at any depth; of alternatives the first."""
    return list(_items(data, names, _MAX_DEPTH))


def _items(data: Any, names: Sequence[str], depth: int) -> Iterator[Any]:
    if depth == 0:
        return
    if isinstance(data, Mapping):
        own = next((data[name] for name in names if isinstance(data.get(name), list) and data[name]), None)
        if own is not None:
            yield from own
            return
        for name, value in data.items():
            yield from _items(
                value[:1] if name == "alternatives" and isinstance(value, list) else value, names, depth - 1
            )
    elif isinstance(data, list):
        for value in data:
            yield from _items(value, names, depth - 1)


def _timed(one: Any) -> Word | None:
    """Something with a start, an end and a text, under the names that recognisers give them."""
    if not isinstance(one, Mapping) or one.get("type") in ("spacing", "punctuation", "audio_event"):
        return None
    text = next((one[name] for name in ("punctuated_word", "text", "word") if isinstance(one.get(name), str)), None)
    offsets = one.get("offsets")
    if isinstance(offsets, Mapping):  # whisper.cpp: milliseconds
        start, end, scale = offsets.get("from"), offsets.get("to"), 1000.0
    else:
        start = next((one[name] for name in ("start_s", "start", "start_time") if name in one), None)
        end = next((one[name] for name in ("end_s", "end", "end_time") if name in one), None)
        scale = 1000.0 if "start_s" not in one and _are_millis(start, end) else 1.0
    start_s, end_s = _number(start), _number(end)
    if text is None or start_s is None or end_s is None:
        return None
    return Word(start_s=start_s / scale, end_s=end_s / scale, text=text.strip())


def _are_millis(start: Any, end: Any) -> bool:
    """Whole numbers at least 20 apart are milliseconds: no word and no segment lasts 20 whole seconds."""
    return isinstance(start, int) and isinstance(end, int) and end - start >= 20


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):  # a whole number may have hundreds of digits
        return None
    return found if 0 <= found < 1e9 else None
