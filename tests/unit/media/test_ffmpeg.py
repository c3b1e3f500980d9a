"""How ffmpeg's words become progress."""

import pytest

from playhead.media.progress import Progress, out_time_s, scaled


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("out_time_us=1500000\n", 1.5),
        ("out_time_us=N/A\n", None),
        ("out_time_us=-21333\n", 0.0),
        ("out_time_ms=1500000\n", None),
        ("progress=end\n", None),
        ("", None),
    ],
)
def test_progress_is_read_in_microseconds(line: str, seconds: float | None) -> None:
    """``out_time_ms`` lies about its unit and is ignored."""
    assert out_time_s(line) == seconds


async def test_a_piece_is_mapped_onto_its_part_of_the_whole() -> None:
    """Half of a piece that is the second quarter is three eighths."""
    told: list[float] = []

    async def progress(fraction: float) -> None:
        told.append(fraction)

    piece: Progress | None = scaled(progress, 0.25, 0.5)
    assert piece is not None
    await piece(0.5)

    assert told == [0.375]
    assert scaled(None, 0, 1) is None
