"""What a table makes of one flat colour."""

import pytest
from PIL import Image

from playhead.media.mp4.movie import Colour
from playhead.media.stills.child.tone import from_coded


def shown(coded: tuple[int, int, int], colour: Colour) -> tuple[int, ...]:
    found = from_coded(Image.new("RGB", (2, 2), coded), colour).getpixel((0, 0))
    assert isinstance(found, tuple)
    return found


def test_standard_range_is_given_back_as_it_is() -> None:
    image = Image.new("RGB", (2, 2))

    assert from_coded(image, Colour(1, 1, 1)) is image


@pytest.mark.parametrize(
    ("planes", "colour"),
    [((128, 128, 128), (128, 128, 128)), ((64, 64, 255), (255, 0, 0)), ((128, 255, 128), (0, 255, 0))],
)
def test_ycgco_is_undone(planes: tuple[int, int, int], colour: tuple[int, int, int]) -> None:
    """Luma, green and orange of full range: grey, red, green."""
    assert shown(planes, Colour(1, 1, 8)) == pytest.approx(colour, abs=3)


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("primaries", [1, 9, 12])
def test_grey_stays_grey_whatever_the_primaries(transfer: int, primaries: int) -> None:
    red, green, blue = shown((120, 120, 120), Colour(primaries, transfer, 9))

    assert max(red, green, blue) - min(red, green, blue) <= 6


@pytest.mark.parametrize("transfer", [16, 18])
def test_ictcp_without_chroma_is_as_bright_as_red_green_and_blue_alike(transfer: int) -> None:
    """Within a step of the table; 128 of 255 is almost no chroma."""
    wanted = shown((120, 120, 120), Colour(9, transfer, 9))

    assert shown((120, 128, 128), Colour(9, transfer, 14)) == pytest.approx(wanted, abs=6)


def test_wide_primaries_are_brought_to_those_of_a_screen() -> None:
    """The same numbers are a stronger red in BT.2020 than in P3, and in P3 than in BT.709."""
    reds = [shown((120, 80, 80), Colour(primaries, 16, 9)) for primaries in (1, 12, 9)]

    assert [red - green for red, green, _ in reds] == sorted(red - green for red, green, _ in reds)
