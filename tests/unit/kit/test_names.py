"""Pictures and codecs in words."""

from fractions import Fraction

import pytest

from playhead.kit.names import codec_name, video_format_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("h264", "H.264"),
        ("avc1.64001F", "H.264"),
        ("hvc1.1.6.L93.B0", "HEVC"),
        ("hev1", "HEVC"),
        ("av01.0.04M.08", "AV1"),
        ("vp09.00.10.08", "VP9"),
        ("mp4v.20.9", "MPEG-4"),
        ("apcn", "ProRes"),
        ("mp4a.40.2", "AAC"),
        ("mp4a.40.29", "HE-AAC"),
        (".mp3", "MP3"),
        ("Opus", "Opus"),
        ("pcm_s16le", "PCM"),
        ("xvid.7", "xvid.7"),
    ],
)
def test_a_codec_has_one_name_whoever_wrote_its_code(code: str, name: str) -> None:
    """FFmpeg, the file, or RFC 6381; a code that is not known stays as it is."""
    assert codec_name(code) == name


@pytest.mark.parametrize(
    ("fps", "words"),
    [
        (None, "1920×1080"),
        (30.0, "1920×1080, 30 fps"),
        (Fraction(30000, 1001), "1920×1080, 29.97 fps"),
        (23.976, "1920×1080, 23.976 fps"),
    ],
)
def test_a_picture_has_its_size_and_its_rate(fps: Fraction | float | None, words: str) -> None:
    assert video_format_name(1920, 1080, fps) == words
