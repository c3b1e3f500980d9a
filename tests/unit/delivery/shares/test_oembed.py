"""The size of an embedded player."""

import pytest

from playhead.delivery.shares.oembed import fitted


@pytest.mark.parametrize(
    ("shape", "bounds", "size"),
    [
        ((1920, 1080), (None, None), (640, 360)),
        ((1920, 1080), (800, None), (800, 450)),
        ((1920, 1080), (800, 100), (177, 100)),
        ((1080, 1920), (None, 300), (168, 300)),
        ((16, 9), (1, 1), (1, 1)),
        ((4000, 1), (100, None), (100, 1)),
    ],
)
def test_a_player_keeps_its_shape_within_the_bounds(
    shape: tuple[int, int], bounds: tuple[int | None, int | None], size: tuple[int, int]
) -> None:
    assert fitted(shape, *bounds) == size
