"""The register of kinds."""

from typing import Any

import pytest

from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind, JobKinds


async def run(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    return {}


def kind(name: str) -> JobKind:
    return JobKind(name=name, queue="media", run=run)


def test_a_kind_is_found_by_its_name() -> None:
    stitch = kind("stitch")

    assert JobKinds(stitch).get("stitch") is stitch


def test_no_name_is_registered_twice() -> None:
    with pytest.raises(ValueError, match="'stitch'"):
        JobKinds(kind("stitch"), kind("stitch"))


def test_an_unknown_name_is_a_lookup_error() -> None:
    with pytest.raises(LookupError, match="'dance'"):
        JobKinds().get("dance")


def test_a_sentence_says_what_is_or_was_done() -> None:
    made = JobKind(name="x", queue="media", run=run, doing="Making renditions", done="Made renditions", of="of")
    silent = JobKind(name="x", queue="media", run=run, done="Applied retention", of=None)

    assert made.sentence("Trip", is_done=True) == "Made renditions of Trip"
    assert made.sentence("Trip", count=3, is_done=False) == "Making renditions of 3 jobs"
    assert made.sentence("Trip", count=3, is_done=True, subject="Harbour") == "Made renditions of 3 jobs of Harbour"
    assert silent.sentence("Trip", is_done=True) == "Applied retention"
