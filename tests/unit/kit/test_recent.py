"""What was read a moment ago, and the marker that ends it."""

from pathlib import Path

from playhead.kit.marker import Marker
from playhead.kit.recent import Recent


def recent(marker: Marker | None = None) -> Recent[str, str]:
    return Recent(max_age_s=5, max_entries=3, marker=marker)


def test_a_value_is_believed_for_its_age_and_not_by_a_clock_that_went_back() -> None:
    values = recent()
    values.put("a", "A", now=100, generation=values.generation)

    assert values.get("a", 104.9) == "A"
    assert values.get("a", 99) is None
    assert values.get("a", 101) is None


def test_the_oldest_go_first() -> None:
    values = recent()
    for name in "abcda":
        values.put(name, name, now=0, generation=values.generation)

    assert [name for name in "abcd" if values.get(name, 0)] == ["a", "c", "d"]


def test_an_answer_to_a_question_asked_before_a_change_is_not_remembered() -> None:
    values = recent()
    before = values.generation

    values.clear()
    values.put("a", "A", now=0, generation=before)

    assert values.get("a", 0) is None


def test_what_one_process_clears_is_gone_in_the_others_of_the_host(tmp_path: Path) -> None:
    """Each of a thousand touches is seen, however quickly they follow each other."""
    here, there = recent(Marker(tmp_path / "changed")), recent(Marker(tmp_path / "changed"))

    for _ in range(1000):
        here.put("a", "A", now=0, generation=here.generation)
        there.clear()
        assert here.get("a", 0) is None


def test_a_marker_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    values = recent(Marker(tmp_path / "missing" / "changed"))
    values.put("a", "A", now=0, generation=values.generation)

    values.clear()

    assert values.get("a", 0) is None
