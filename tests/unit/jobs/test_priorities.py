"""Whose turn it is, by numbers alone."""

import pytest

from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKind
from playhead.jobs.priorities import LAST_PRIORITY, LATE_TURNS, priority_after


async def _nothing(context: JobContext, args: object) -> dict[str, object]:
    return {}


UPLOAD = JobKind(name="upload", queue="ingest", run=_nothing)
PICTURES = JobKind(name="pictures", queue="ingest", run=_nothing, goes_last=True)
LATE = LATE_TURNS


@pytest.mark.parametrize(
    ("reached", "first", "own_last", "place"),
    [
        pytest.param(0, None, None, 1, id="the first of all"),
        pytest.param(0, 1, 430, 431, id="behind the owner's own"),
        pytest.param(12, 13, None, 13, id="another owner's only one: beside the first that waits"),
        pytest.param(12, 5, None, 13, id="not before what has begun, when one waits for its neighbour"),
        pytest.param(430, None, None, 431, id="an empty queue"),
        pytest.param(LAST_PRIORITY, None, None, LAST_PRIORITY, id="the engine's last"),
    ],
)
def test_an_upload_goes_behind_its_owners_others_and_not_behind_those_of_others(
    reached: int, first: int | None, own_last: int | None, place: int
) -> None:
    assert priority_after(UPLOAD, {UPLOAD: reached, PICTURES: 0}, first=first, own_last=own_last) == place


@pytest.mark.parametrize(
    ("uploads", "pictures", "first", "own_last", "place"),
    [
        pytest.param(20, 0, None, None, LATE + 21, id="behind the uploads that wait"),
        pytest.param(20, 0, LATE + 5, None, LATE + 5, id="another owner's: beside the first that wait"),
        pytest.param(20, 0, LATE + 5, LATE + 400, LATE + 401, id="behind the owner's own"),
        pytest.param(20, LATE + 90, None, None, LATE + 91, id="pictures were made while no upload waited"),
    ],
)
def test_pictures_let_uploads_go_first(
    uploads: int, pictures: int, first: int | None, own_last: int | None, place: int
) -> None:
    assert priority_after(PICTURES, {UPLOAD: uploads, PICTURES: pictures}, first=first, own_last=own_last) == place


def test_an_upload_goes_before_pictures_however_far_those_are() -> None:
    """After a quiet night of pictures, the turn of uploads is not behind theirs by more than they let pass."""
    assert priority_after(UPLOAD, {UPLOAD: 20, PICTURES: LATE + 90}, first=None, own_last=None) == 91


def test_pictures_wait_for_a_bounded_number_of_uploads() -> None:
    """However many are asked for meanwhile."""
    waiting = priority_after(PICTURES, {UPLOAD: 0, PICTURES: 0}, first=None, own_last=None)
    place = passed = 0
    while (place := priority_after(UPLOAD, {UPLOAD: place, PICTURES: 0}, first=None, own_last=None)) < waiting:
        passed += 1

    assert passed == LATE


def test_who_takes_turns_twice_takes_every_second() -> None:
    assert priority_after(UPLOAD, {UPLOAD: 7}, first=None, own_last=9, step=2) == 11
