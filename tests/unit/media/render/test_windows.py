"""Nothing is decoded where packets prove a join, and elsewhere no more than the GOPs that it touches."""

from dataclasses import replace

import pytest

from playhead.media.mp4.source import MemoryBytes
from playhead.media.render.plan import StitchPlan, VideoPiece
from playhead.media.render.windows import Window, together, windows
from tests.fixtures.movies import SAMPLE_BYTES, a_movie
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format, stitch_plan

FORM = reel_format()
IDR, INTRA = 0x65, 0x41
"""First bytes of a NAL unit: an IDR slice; a slice of any other frame, as at a recovery point."""


def reel(kind: int = IDR) -> MemoryBytes:
    """300 samples of one unit each."""
    length = (SAMPLE_BYTES - 4).to_bytes(4, "big")
    return MemoryBytes((length + bytes((kind,)) + bytes(SAMPLE_BYTES - 5)) * 300)


def copied(frames: int) -> VideoPiece:
    return replace(piece(FORM, frames), kind="copy", rate=None, end_sample=frames)


def plan(*pieces: VideoPiece) -> StitchPlan:
    clips = [replace(clip_plan(FORM, (one,)), clip_id=f"c{number}") for number, one in enumerate(pieces)]
    return stitch_plan(FORM, *clips)


def found(*pieces: VideoPiece, gop: int, proven: list[bool] | None, kind: int = IDR) -> list[Window]:
    movie = a_movie(frames=sum(one.frames for one in pieces), gop=gop, sound=None)
    return windows(reel(kind), movie, plan(*pieces), proven)


def test_a_proven_join_is_not_decoded() -> None:
    assert found(copied(60), copied(60), gop=30, proven=[True, True]) == []


@pytest.mark.parametrize(("gop", "span"), [(10, (50, 70)), (15, (45, 75)), (60, (0, 90))])
def test_another_join_is_decoded_over_the_gops_beside_it(gop: int, span: tuple[int, int]) -> None:
    """All of the one before it, and at most a second of the one behind it."""
    assert found(copied(60), copied(60), gop=gop, proven=[True, False]) == [Window(*span, frozenset(("c0", "c1")))]


def test_an_open_gop_before_a_join_is_decoded_with_those_before_it() -> None:
    (window,) = found(copied(60), copied(60), gop=15, proven=[True, False], kind=INTRA)

    assert (window.first, window.end) == (0, 75)


def test_a_reel_that_does_not_begin_on_an_idr_picture_is_decoded_there() -> None:
    assert found(copied(60), copied(60), gop=15, proven=[False, True]) == [Window(0, 15, frozenset(("c0",)))]


def test_encoded_pieces_are_decoded_at_their_starts() -> None:
    encoded = piece(FORM, 60)

    assert found(encoded, encoded, gop=60, proven=[True, True]) == [
        Window(0, 30, frozenset()),
        Window(60, 90, frozenset()),
    ]


def test_without_sources_all_that_was_encoded_is_decoded() -> None:
    spans = together(found(piece(FORM, 60), copied(60), piece(FORM, 60), gop=60, proven=None))

    assert [(one.first, one.end) for one in spans] == [(0, 180)]
