import pytest

from playhead.media.colours import settle, usual
from playhead.media.mp4.movie import Colour


@pytest.mark.parametrize(
    ("said", "lines", "meant"),
    [
        (Colour(), 1080, Colour(1, 1, 1)),
        (Colour(), 720, Colour(1, 1, 1)),
        (Colour(), 576, Colour(6, 6, 6)),
        (Colour(full_range=True), 1080, Colour(1, 1, 1, full_range=True)),
        (Colour(2, 2, 6), 1080, Colour(6, 6, 6)),
        (Colour(5, 6, 5), 576, Colour(5, 6, 6)),
        (Colour(1, 6, 1), 1080, Colour(1, 1, 1)),
        (Colour(6, 1, 6), 480, Colour(6, 6, 6)),
        (Colour(0, 3, 2), 480, Colour(6, 6, 6)),
        (Colour(12, 1, 2), 480, Colour(12, 1, 1)),
    ],
)
def test_unsaid_colours_are_taken_as_players_take_them(said: Colour, lines: int, meant: Colour) -> None:
    """BT.709 from 720 lines up, BT.601 below; several numbers for one curve become one, reserved ones say nothing."""
    assert settle(said, lines) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (Colour(2, 16, 2), Colour(9, 16, 9)),
        (Colour(2, 18, 2, full_range=True), Colour(9, 18, 9, full_range=True)),
        (Colour(9, 16, 2), Colour(9, 16, 9)),
        (Colour(2, 16, 9), Colour(9, 16, 9)),
        (Colour(12, 16, 2), Colour(12, 16, 9)),
        (Colour(2, 16, 14), Colour(9, 16, 14)),
        (Colour(2, 18, 1), Colour(1, 18, 1)),
        (Colour(9, 14, 2), Colour(9, 1, 9)),
    ],
)
def test_unsaid_colours_of_hdr_are_those_of_bt2020(said: Colour, meant: Colour) -> None:
    """Of any size; what is said counts."""
    assert settle(said, 360) == meant
    assert settle(said, 2160) == meant


@pytest.mark.parametrize(
    ("colour", "is_usual"),
    [(Colour(1, 1, 1), True), (Colour(5, 6, 6), True), (Colour(9, 1, 9), False), (Colour(12, 1, 1), False)],
)
def test_a_reel_has_usual_colours(colour: Colour, *, is_usual: bool) -> None:
    assert usual(colour) is is_usual
