"""Chapters from the history of a broadcast and the gaps of its recording."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from playhead.live.chapters import chapters_of
from playhead.media.chapters import Chapter, ffmetadata, web_vtt
from playhead.media.recording.assemble import Piece
from playhead.media.recording.assembly import Assembly

BEGAN = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def assembly(*lengths_and_gaps: tuple[float, float]) -> Assembly:
    """Pieces of some lengths, each with the gap before it."""
    pieces, wall_s = [], BEGAN.timestamp()
    for length_s, gap_s in lengths_and_gaps:
        wall_s += gap_s
        facts = {
            "length_s": Fraction(length_s),
            "gap_s": gap_s,
            "cause": "ad" if gap_s else None,
            "wall_s": wall_s,
            "ad": False,
        }
        pieces.append(cast(Piece, SimpleNamespace(**facts)))
        wall_s += length_s
    return Assembly(pieces)


def change(after_s: float, title: str, category: str | None = None) -> dict[str, Any]:
    return {"at": (BEGAN + timedelta(seconds=after_s)).isoformat(), "title": title, "category": category}


def test_a_change_begins_a_chapter_where_it_was_shown() -> None:
    """Wall clock time that is missing takes no time in the recording."""
    history = [change(-30, "Hello", "Talk"), change(100, "Hello", "Chess"), change(95, "Hi", "Chess")]

    found = chapters_of(sorted(history, key=lambda one: one["at"]), "Recording", assembly((60, 0), (60, 30)))

    assert found == [
        Chapter(0.0, "Hello - Talk"),
        Chapter(60.0, "Hello - Talk (after a gap of 30 s by an advertisement)"),
        Chapter(65.0, "Hi - Chess"),
        Chapter(70.0, "Hello - Chess"),
    ]


def test_nothing_changed_and_nothing_missing_is_no_chapter() -> None:
    assert chapters_of([change(-30, "Hello")], "Recording", assembly((60, 0))) == []
    assert chapters_of([], "Recording", assembly((60, 0))) == []


def test_changes_in_quick_succession_are_one() -> None:
    """Platforms report title and category one after the other."""
    history = [change(10, "New"), change(10.4, "New", "Chess")]

    assert chapters_of(history, "Old", assembly((60, 0))) == [Chapter(0.0, "Old"), Chapter(10.0, "New - Chess")]


@given(st.lists(st.tuples(st.floats(-100, 500), st.text(max_size=20)), max_size=20))
def test_chapters_are_in_order_and_inside(changes: list[tuple[float, str]]) -> None:
    history = [change(at_s, title) for at_s, title in sorted(changes)]

    found = chapters_of(history, "Recording", assembly((60, 0), (100, 30), (20, 3600)))

    starts = [chapter.start_s for chapter in found]
    assert starts == sorted(set(starts))
    assert all(0 <= start < 180 for start in starts)


def test_titles_cannot_break_the_text_of_chapters() -> None:
    chapters = [Chapter(0.0, "<b>A & B"), Chapter(3661.5, "2 --> 3\n\nWEBVTT")]

    assert web_vtt(chapters, 4000).splitlines() == [
        "WEBVTT",
        "",
        "00:00:00.000 --> 01:01:01.500",
        "&lt;b&gt;A &amp; B",
        "",
        "01:01:01.500 --> 01:06:40.000",
        "2 --&gt; 3  WEBVTT",
    ]
    assert "title=2 --> 3\\\n\\\nWEBVTT" in ffmetadata(chapters, 4000)
