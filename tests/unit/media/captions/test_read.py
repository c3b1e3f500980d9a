"""Captions are read from what tools write, and written again."""

import json
from itertools import pairwise

import pytest

from playhead.media.captions.errors import CaptionsUnreadable
from playhead.media.captions.limits import MAX_CUES, MAX_WORDS
from playhead.media.captions.read import read_captions, write_captions
from playhead.media.captions.words import aligned, cues_of_words
from playhead.media.edit.model import Cue, Word

SRT = (
    "\ufeff1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello</i> there\r\n{\\an8}second line\r\n\r\n"
    "2\r\n00:00:03.000 --> 00:00:04.000\r\nA & B < C\r\n"
)
VTT = """WEBVTT - a title
X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000

NOTE a comment

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start line:0
<v Ann><i.loud>Hello</i> there</v>
second line

01:00:03.000 --> 01:00:04.000
A &amp; B &lt; C
"""


def test_srt_is_read_as_players_read_it() -> None:
    cues = read_captions(SRT.encode(), duration_s=10)

    assert cues == (
        Cue(start_s=1, end_s=2.5, text="Hello there\nsecond line"),
        Cue(start_s=3, end_s=4, text="A & B < C"),
    )


def test_web_vtt_is_read_without_its_tags() -> None:
    cues = read_captions(VTT.encode(), duration_s=10)

    assert cues == (
        Cue(start_s=1, end_s=2.5, text="Hello there\nsecond line"),
        Cue(start_s=3603, end_s=3604, text="A & B < C"),
    )


def test_times_within_a_cue_are_those_of_its_words() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:03.000\nOne<00:01.500><c> two</c><00:02.000><c> three</c>\n"
    (cue,) = read_captions(text.encode(), duration_s=10)

    assert cue.text == "One two three"
    assert [(word.start_s, word.end_s, word.text) for word in cue.words] == [
        (1.0, 1.5, "One"),
        (1.5, 2.0, "two"),
        (2.0, 3.0, "three"),
    ]


@pytest.mark.parametrize("form", ["srt", "vtt", "json"])
def test_what_is_written_reads_the_same(form: str) -> None:
    cues = read_captions(VTT.encode(), duration_s=10)
    written = write_captions(cues, form)  # type: ignore[arg-type]

    assert read_captions(written.encode(), duration_s=10) == cues


WORDS = [{"word": " Hello", "start": 0.5, "end": 0.9}, {"word": "world.", "start": 1, "end": 1.5}]


@pytest.mark.parametrize(
    "data",
    [
        [{"start_s": 0.5, "end_s": 0.9, "text": "Hello"}, {"start_s": 1, "end_s": 1.5, "text": "world."}],
        {"text": "...", "segments": [{"start": 0, "end": 2, "text": "Hello world.", "words": WORDS}]},
        {"result": WORDS, "text": "hello world"},
        {"results": {"channels": [{"alternatives": [{"words": WORDS}, {"words": WORDS}]}]}},
        {"words": [{"text": "Hello", "start": 500, "end": 900}, {"text": "world.", "start": 1000, "end": 1500}]},
        [{"start": 0.5, "end": 1.5, "text": "Hello world."}],
        {"transcription": [{"offsets": {"from": 500, "to": 1500}, "text": " Hello world."}]},
    ],
    ids=["own", "whisper", "vosk", "deepgram", "milliseconds", "sentences", "whisper.cpp"],
)
def test_word_timings_of_common_tools_are_read(data: object) -> None:
    (cue,) = read_captions(json.dumps(data).encode(), duration_s=10)

    assert (cue.start_s, cue.text) == (0.5, "Hello world.")
    assert cue.end_s >= 1.5


def test_plain_text_is_spread_over_the_video() -> None:
    text = "The harbour wakes up slowly. " * 12
    cues = read_captions(text.encode(), duration_s=60)

    assert cues[0].start_s == 0
    assert cues[-1].end_s == pytest.approx(60, abs=0.1)
    assert all(len(cue.text) <= 84 for cue in cues)
    assert all(before.end_s <= after.start_s for before, after in pairwise(cues))
    assert " ".join(cue.text for cue in cues).split() == text.split()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"1\n00:00:01,000 -> 00:00:02,000\nx\n\n2\n00:00:01,000 --> nonsense\ny", "Line 1"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\n00:00:05,000 --> 00:00:03,000\ny", "Line 6: this caption ends"),
        (b"WEBVTT\n\n00:00 --> 00:02.000\nx", "Line 3"),
        (b"WEBVTT\n\n", "no captions"),
        (b"", "no captions"),
        (b"ok\n\xff\xfe\xfd", "Line 2: this is not UTF-8"),
        (b'{"cues": [{"text": "x"}]}', "Caption 1 has no start"),
        (b'{"a": }', "Line 1: This is not JSON"),
        (b'["x",' + b"[" * 100_000, "not JSON"),
        (b"abc\0def", "not a text file"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(CaptionsUnreadable, match=words):
        read_captions(data, duration_s=10)


def test_too_many_captions_are_refused() -> None:
    many = "".join(f"{n}\n00:00:01,000 --> 00:00:02,000\nx\n\n" for n in range(MAX_CUES + 1))

    with pytest.raises(CaptionsUnreadable, match="more than 20,000"):
        read_captions(many.encode(), duration_s=10)


def test_cues_break_at_pauses_and_ends_of_sentences() -> None:
    texts = [
        "This",
        "is",
        "the",
        "first",
        "sentence",
        "of",
        "it.",
        "And",
        "the",
        "second",
        "one",
        "after",
        "a",
        "pause",
    ]
    words = [_word(at * 0.3 + (2 if at > 10 else 0), text) for at, text in enumerate(texts)]

    assert [cue.text for cue in cues_of_words(words)] == [
        "This is the first sentence of it.",
        "And the second one",
        "after a pause",
    ]


def test_fast_speech_is_shown_as_long_as_the_next_cue_lets_it() -> None:
    words = [_word(0, "Supercalifragilistic."), _word(5, "Next")]
    first, second = cues_of_words(words)

    assert first.end_s == pytest.approx(len(first.text) / 20, abs=0.01)
    assert second.end_s - second.start_s >= 1


def test_an_edited_cue_keeps_the_times_of_its_words() -> None:
    cue = Cue(start_s=0, end_s=2, text="Helo wurld", words=(_word(0, "Helo"), _word(1, "wurld")))
    same = aligned(Cue(start_s=0, end_s=2, text="Hello world", words=cue.words))
    more = aligned(Cue(start_s=0, end_s=2, text="Hello wide world", words=cue.words))

    assert [(word.start_s, word.text) for word in same.words] == [(0, "Hello"), (1, "world")]
    assert [word.text for word in more.words] == ["Hello", "wide", "world"]
    assert more.words[-1].end_s == cue.words[-1].end_s


def _word(at_s: float, text: str) -> Word:
    return Word(start_s=at_s, end_s=at_s + 0.3, text=text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("word " * (MAX_WORDS + 1), "more than 200,000 words"),
        ("0:0.0-->0:0.1\nx\n\n" * (MAX_CUES + 1), "more than 20,000 captions"),
        ('[{"start": 1%s, "end": 2, "text": "a"}]' % ("0" * 400), "No words with times"),
    ],
)
def test_what_is_too_much_is_refused_before_it_is_set_into_lines(text: str, says: str) -> None:
    with pytest.raises(CaptionsUnreadable, match=says):
        read_captions(text.encode(), duration_s=60)
