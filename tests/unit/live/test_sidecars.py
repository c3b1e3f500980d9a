"""Sidecars: what media servers read beside a video."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast
from xml.etree import ElementTree

from playhead.live.sidecars import Facts, nfo


def test_an_nfo_is_an_episode_of_the_channel_and_well_formed() -> None:
    """Titles come from strangers."""
    began = datetime(2026, 3, 5, 9, 7, tzinfo=UTC)
    facts = SimpleNamespace(
        recording=SimpleNamespace(id="rec_1", started_at=began),
        video=SimpleNamespace(title="</title>\x00<evil & sons>", duration_s=5400.0, created_at=began),
        channel=SimpleNamespace(name="Ann & Bob"),
        broadcast=SimpleNamespace(started_at=began, category="Chess"),
    )

    root = ElementTree.fromstring(nfo(cast(Facts, facts)))

    assert {field.tag: field.text for field in root} == {
        "title": "</title> <evil & sons>",
        "showtitle": "Ann & Bob",
        "season": "2026",
        "episode": "3050907",
        "aired": "2026-03-05",
        "genre": "Chess",
        "runtime": "90",
        "dateadded": "2026-03-05 09:07:00",
        "uniqueid": "rec_1",
    }
