"""What a pixel format holds."""

import pytest

from playhead.media.pixels import bit_depth, chroma


@pytest.mark.parametrize(
    ("name", "bits", "sampling"),
    [
        ("yuv420p", 8, "4:2:0"),
        ("yuvj422p", 8, "4:2:2"),
        ("yuva444p12le", 12, "4:4:4"),
        ("yuv420p10le", 10, "4:2:0"),
        ("yuv444p16be", 16, "4:4:4"),
        ("nv12", 8, "4:2:0"),
        ("p010le", 10, "4:2:0"),
        ("gray10le", 10, "4:0:0"),
        ("gbrp", 8, None),
        ("gbrp10le", 10, None),
        ("rgb24", 8, None),
        ("", None, None),
    ],
)
def test_a_format_says_its_bits_and_its_chroma(name: str, bits: int | None, sampling: str | None) -> None:
    """By FFmpeg's names; RGB has no chroma of its own."""
    assert (bit_depth(name), chroma(name)) == (bits, sampling)
