"""Profile and level by the codec's own box."""

import pytest

from playhead.kit.names import level_name
from playhead.media.mp4.movie import SampleEntry
from playhead.media.mp4.profiles import profile_and_level


@pytest.mark.parametrize(
    ("fourcc", "codec", "config", "profile", "level"),
    [
        ("avc1", "h264", "0164001f", "High", "3.1"),
        ("avc1", "h264", "0142c01e", "Constrained Baseline", "3.0"),
        ("avc3", "h264", "014200 09", "Baseline", "1b"),
        ("avc1", "h264", "016e0033", "High 10", "5.1"),
        ("hvc1", "hevc", "01 01 60000000 900000000000 7b", "Main", "4.1"),
        ("hev1", "hevc", "01 22 20000000 b00000000000 99", "Main 10", "5.1"),
        ("av01", "av1", "81 09 0c 00", "Main", "4.1"),
        ("vp09", "vp9", "01000000 02 33 a2", "Profile 2", "5.1"),
        ("avc1", "h264", "01", "", ""),
        ("mp4v", "mpeg4", "", "", ""),
    ],
)
def test_a_box_names_profile_and_level(fourcc: str, codec: str, config: str, profile: str, level: str) -> None:
    """Each codec counts levels in its own way; a box that is cut short says nothing."""
    found, counted = profile_and_level(SampleEntry(fourcc, b"", bytes.fromhex(config)))

    assert (found, level_name(codec, counted)) == (profile, level)
