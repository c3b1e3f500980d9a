"""Chapters of a recording: where the broadcast's title or category changed, and where something is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from playhead.kit.text import one_line
from playhead.media.chapters import Chapter

if TYPE_CHECKING:
    from playhead.media.recording.assembly import Assembly
    from playhead.media.recording.gaps import Gap

LEAST_GAP_S = 1.0
"""A shorter gap begins no chapter."""

APART_S = 1.0
"""Of changes closer to each other the last one counts: platforms report title and category one after the other."""

SAME_S = 0.05
"""A change this close to a gap is one place with it."""

CAUSES = {
    "ad": "an advertisement",
    "source": "the source",
    "capture": "the capture",
    "disk": "a full disk",
    "host": "a lost host",
}


def chapters_of(history: Sequence[Mapping[str, Any]], title: str, assembly: "Assembly") -> list[Chapter]:
    """The chapters; none where nothing changed and nothing is missing.

    Args:
        history: Changes of a broadcast: ``{"at": RFC 3339, "title": ..., "category": ...}``.
        title: Of the recording, for what the history does not name.
    """
    changes = [(assembly.place_of(_wall_s(change["at"])), name_of(change) or title) for change in history]
    begun = [name for at_s, name in changes if at_s <= APART_S]
    places = [(0.0, begun[-1] if begun else title)]
    places += [(at_s, name) for at_s, name in changes if APART_S < at_s < assembly.length_s]
    gaps = [gap for gap in assembly.gaps() if gap.length_s >= LEAST_GAP_S and not gap.shown]
    marks = sorted([(at_s, 0, name) for at_s, name in places] + [(gap.start_s, 1, in_words(gap)) for gap in gaps])
    found: list[_Draft] = []
    for at_s, is_gap, text in marks:
        last = found[-1] if found else None
        if is_gap and last is not None and at_s - last.start_s > SAME_S:
            found.append(_Draft(at_s, last.name, text))
        elif is_gap and last is not None:
            last.gap = text
        elif last is not None and at_s - last.start_s < APART_S:
            last.name = text
        elif last is None or last.name != text:
            found.append(_Draft(at_s, text))
    return [draft.chapter() for draft in found] if len(found) > 1 else []


@dataclass(slots=True)
class _Draft:
    start_s: float
    name: str
    gap: str = ""

    def chapter(self) -> Chapter:
        return Chapter(round(self.start_s, 3), f"{self.name} ({self.gap})" if self.gap else self.name)


def name_of(change: Mapping[str, Any]) -> str:
    """Name of a chapter: the title, with the category behind it."""
    words = [one_line(str(change.get(key) or "")) for key in ("title", "category")]
    return " - ".join(word for word in words if word)


def in_words(gap: "Gap") -> str:
    """A gap in a few words: ``after a gap of 1 min 20 s by the source``."""
    minutes, seconds = divmod(round(gap.length_s), 60)
    length = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"after a gap of {length} by {CAUSES.get(gap.cause, gap.cause)}"


def _wall_s(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
