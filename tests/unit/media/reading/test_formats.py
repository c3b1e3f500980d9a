"""What a packet's own header says about its format; hostile bytes say nothing and raise nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.reading.formats import audio_format, video_format

H264_SPS = bytes.fromhex("6764000dacd941419f9e10000003001000000303c0f1429960")
VP8 = bytes.fromhex("7002009d012a8002680100")
VP9 = bytes.fromhex("824983424013f00b3000")
MPEG2 = bytes.fromhex("000001b32d02403301862000")


@pytest.mark.parametrize(
    ("codec", "packet", "size"),
    [
        ("h264", b"\0\0\0\1\x09\xf0\0\0\0\1" + H264_SPS + b"\0\0\0\1\x65\x88", "320×180"),
        ("h264", len(H264_SPS).to_bytes(4, "big") + H264_SPS, "320×180"),
        ("vp8", VP8, "640×360"),
        ("vp9", VP9, "320×180"),
        ("mpeg2video", MPEG2, "720×576"),
    ],
)
def test_a_keyframe_says_how_large_it_is(codec: str, packet: bytes, size: str) -> None:
    found = video_format(codec, packet)

    assert found is not None
    assert found[0] == size


@pytest.mark.parametrize(
    ("codec", "packet", "said"),
    [
        ("aac", "fff14c80 2e7ffc21", ("48000 Hz", "stereo")),
        ("aac", "fff15040 2e7ffc21", ("44100 Hz", "mono")),
        ("ac3", "0b77c5a9 1e40 43ff", ("48000 Hz", "stereo")),
        ("ac3", "0b77c5a9 1e40 e1ff", ("48000 Hz", "5 channels")),
        ("eac3", "0b7701bf 3f86 ffff", ("48000 Hz", "5 channels")),
        ("mp3", "fffb90c4 00000000", ("44100 Hz", "mono")),
        ("mp2", "fffd8404 00000000", ("48000 Hz", "stereo")),
        ("aac", "2110049080 1c0000", None),
        ("opus", "7c7c7c7c 7c7c7c7c", None),
    ],
)
def test_a_packet_of_a_broadcast_says_how_it_sounds(codec: str, packet: str, said: tuple[str, ...] | None) -> None:
    assert audio_format(codec, bytes.fromhex(packet.replace(" ", ""))) == said


@given(st.sampled_from(["h264", "hevc", "av1", "vp8", "vp9", "mpeg2video", "aac", "ac3", "eac3", "mp2"]), st.binary())
def test_any_bytes_are_read_without_an_error(codec: str, packet: bytes) -> None:
    video_format(codec, packet)
    audio_format(codec, packet)
