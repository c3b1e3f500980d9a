import struct

import pytest

from playhead.media.orientation import UNITY, UPRIGHT, Orientation, combined, orientation

ONE = 0x10000
LAST = 0x40000000


def matrix(a: int, b: int, c: int, d: int, x: int = 0, y: int = 0) -> bytes:
    return struct.pack(">9i", a, b, 0, c, d, 0, x, y, LAST)


@pytest.mark.parametrize(
    ("stored", "rotation", "mirrored"),
    [
        (matrix(ONE, 0, 0, ONE), 0, False),
        (matrix(0, ONE, -ONE, 0, 1080 * ONE), 90, False),
        (matrix(-ONE, 0, 0, -ONE, 1920 * ONE, 1080 * ONE), 180, False),
        (matrix(0, -ONE, ONE, 0, 0, 1920 * ONE), 270, False),
        (matrix(-ONE, 0, 0, ONE, 1920 * ONE), 0, True),
        (matrix(0, -ONE, -ONE, 0), 90, True),
        (matrix(ONE, 0, 0, -ONE, 0, 1080 * ONE), 180, True),
        (matrix(0, ONE, ONE, 0), 270, True),
    ],
)
def test_quarter_turns_and_mirrors(stored: bytes, rotation: int, mirrored: bool) -> None:
    """The eight ways to lay a picture down; translations do not count."""
    assert orientation(stored) == Orientation(rotation, mirrored)


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        (matrix(65535, 0, 0, 65535), UPRIGHT),
        (matrix(1, 65535, -65535, 1), Orientation(90)),
        (matrix(-65535, 3, 3, 65535), Orientation(0, mirrored=True)),
        (matrix(2 * ONE, 0, 0, 2 * ONE), UPRIGHT),
        (matrix(0, 2 * ONE, -ONE, 0), Orientation(90)),
        (matrix(-1, 0, 0, 1), Orientation(0, mirrored=True)),
    ],
)
def test_rounding_and_scale_do_not_count(stored: bytes, found: Orientation) -> None:
    assert orientation(stored) == found


@pytest.mark.parametrize("stored", [b"", bytes(36), matrix(ONE, 0, 0, 0), matrix(0, 0, 0, ONE), UNITY[:20]])
def test_a_matrix_that_shows_nothing_turns_nothing(stored: bytes) -> None:
    """All zero, of one column, or cut short."""
    assert orientation(stored) == UPRIGHT


@pytest.mark.parametrize(
    ("stored", "degrees"), [(matrix(46341, 46341, -46341, 46341), 45), (matrix(65496, 2287, -2287, 65496), 2)]
)
def test_other_angles_are_whole_degrees(stored: bytes, degrees: int) -> None:
    """Width and height stay where they are, as in FFmpeg's autorotate."""
    found = orientation(stored)

    assert found == Orientation(degrees)
    assert not found.swaps_sides


def test_a_frame_of_libav_has_its_matrix_in_the_order_of_the_machine() -> None:
    native = struct.pack("=9i", 0, ONE, 0, -ONE, 0, 0, 0, 0, LAST)

    assert orientation(native, byte_order="=") == Orientation(90)


def test_two_quarter_turns_make_half_a_turn() -> None:
    """Of the track and of the movie; the last column keeps its 2.30."""
    quarter = matrix(0, ONE, -ONE, 0)

    assert combined(quarter, quarter) == matrix(-ONE, 0, 0, -ONE)
    assert combined(quarter, UNITY) == quarter
    assert combined(UNITY, quarter) == quarter
    assert combined(quarter, b"short") == quarter
