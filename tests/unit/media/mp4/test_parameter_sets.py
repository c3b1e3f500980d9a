"""What a sample entry says about its pictures, on the headers of real encoders."""

from dataclasses import replace

import pytest

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import codec_string, nal_config
from playhead.media.mp4.movie import BT709, Colour, SampleEntry
from playhead.media.mp4.parameter_sets import VideoFacts, parameter_sets, video_facts
from tests.fixtures.mp4_files import AVCC

UNTOLD = Colour()

AVC = AVCC
AVC_FULL_RANGE = bytes.fromhex(
    "0164000bffe1001a6764000bacd9428df930e6c8000003000800000301e078a14cb001000468ef8fcbfdf8f800"
)
AVC_INTERLACED = bytes.fromhex(
    "017a0015ffe1001a677a0015b6cd9429bf2602d90000030001000003003c1f14299601000668fba3cb22c0fefafa00"
)


def golomb(value: int) -> str:
    """An unsigned Exp-Golomb code, as bits."""
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


def baseline() -> bytes:
    """Baseline 3.0 of 640x360 without usability information, so 8 of 368 lines are cropped."""
    coded = "".join(map(golomb, (0, 0, 2, 1))) + "0" + golomb(39) + golomb(22)
    bits = coded + "11" + "1" + "".join(map(golomb, (0, 0, 0, 4))) + "0" + "1"
    bits += "0" * (-len(bits) % 8)
    sps = bytes.fromhex("6742c01e") + int(bits, 2).to_bytes(len(bits) // 8, "big")
    return bytes.fromhex("0142c01effe100") + bytes([len(sps)]) + sps + bytes.fromhex("01000468ce3c80")


AVC_BASELINE = baseline()
HEVC_PQ = bytes.fromhex(
    "0102200000009000000000001ef000fcfdfafa00000f03a00001001840010c01ffff02200000030090000003000003001e959809"
    "a10001002e42010102200000030090000003000003001ea0142061f2365959a4932bc05a8101048200000300020000"
    "03003c10a2000100074401c172b46240"
)
HEVC_444 = bytes.fromhex(
    "0104080000009e08000000001ef000fcfff8f800000f03200001001840010c01ffff0408000003009e0800000300001e958a0240"
    "210001002c4201010408000003009e0800000300001e9002840c3e7cb2b15249caf016a040402080000003008000000f0422"
    "000100084401c172860c4624"
)
AV1 = bytes.fromhex("81000c000a0e020000051da7ec805f0204040208")
VP9 = bytes.fromhex("01000000000a820202010000")


def entry(fourcc: str, config: bytes, colour: Colour | None = None) -> SampleEntry:
    return SampleEntry(fourcc, b"", config, 160, 90, colour)


FACTS = [
    (
        "avc1",
        AVC,
        VideoFacts("h264", 100, 11, 160, 90, 8, "4:2:0", Colour(2, 2, 1), False, 4, (1, 1), 2),
        "avc1.64000B",
    ),
    (
        "avc3",
        AVC_FULL_RANGE,
        VideoFacts("h264", 100, 11, 160, 90, 8, "4:2:0", replace(UNTOLD, full_range=True), False, 4, (4, 3), 2),
        "avc3.64000B",
    ),
    (
        "avc1",
        AVC_INTERLACED,
        VideoFacts("h264", 122, 21, 160, 90, 10, "4:2:2", replace(UNTOLD, full_range=True), True, 4, (1, 1), 2),
        "avc1.7A0015",
    ),
    (
        "avc1",
        AVC_BASELINE,
        VideoFacts("h264", 66, 30, 640, 360, 8, "4:2:0", UNTOLD, False, 4, (1, 1), None),
        "avc1.42C01E",
    ),
    (
        "hvc1",
        HEVC_PQ,
        VideoFacts("hevc", 2, 30, 160, 90, 10, "4:2:0", Colour(2, 2, 9), False, 4, (1, 1), 2),
        "hvc1.2.4.L30.90",
    ),
    (
        "hev1",
        HEVC_444,
        VideoFacts("hevc", 4, 30, 160, 90, 8, "4:4:4", Colour(2, 2, 1), False, 4, (1, 1), 2),
        "hev1.4.10.L30.9E.8",
    ),
    ("av01", AV1, VideoFacts("av1", 0, 0, 160, 90, 8, "4:2:0", Colour(2, 2, 1), False, 0, (1, 1)), "av01.0.00M.08"),
    ("vp09", VP9, VideoFacts("vp9", 0, 10, 160, 90, 8, "4:2:0", Colour(2, 2, 1), False, 0, (1, 1)), "vp09.00.10.08"),
    ("mp4v", b"", VideoFacts("mpeg4", 0, 0, 160, 90, 8, "4:2:0", UNTOLD, False, 0, (1, 1)), "mp4v"),
    ("apcn", b"", VideoFacts("apcn", 0, 0, 160, 90, 8, "4:2:0", UNTOLD, False, 0, (1, 1)), "apcn"),
]


@pytest.mark.parametrize(("fourcc", "config", "facts", "name"), FACTS)
def test_headers_of_encoders(fourcc: str, config: bytes, facts: VideoFacts, name: str) -> None:
    assert video_facts(entry(fourcc, config)) == facts
    assert codec_string(entry(fourcc, config)) == name


@pytest.mark.parametrize(
    ("config", "colr", "wanted"),
    [
        (AVC, BT709, Colour(2, 2, 1)),
        (AVC_BASELINE, BT709, BT709),
        (AVC_FULL_RANGE, BT709, BT709),
        (AVC_BASELINE, None, UNTOLD),
    ],
)
def test_the_codecs_colour_counts_before_the_files(config: bytes, colr: Colour | None, wanted: Colour) -> None:
    assert video_facts(entry("avc1", config, colr)).colour == wanted


def test_the_files_pixel_aspect_counts_before_the_codecs() -> None:
    shaped = replace(entry("avc1", AVC_FULL_RANGE), pixel_aspect=(8, 9))

    assert video_facts(shaped).pixel_aspect == (8, 9)


def test_parameter_sets_have_lengths_as_samples_have() -> None:
    sets = parameter_sets(entry("avc1", AVC))

    assert sets[:4] == bytes((0, 0, 0, 29))
    assert sets[4:33] == AVC[8:37]
    assert sets[33:37] == bytes((0, 0, 0, 6))
    assert len(sets) == 43


def test_other_lengths_are_kept() -> None:
    two = AVC[:4] + b"\xfd" + AVC[5:]

    assert nal_config(entry("avc1", two)).nal_length == 2
    assert parameter_sets(entry("avc1", two))[:2] == bytes((0, 29))


def test_hevc_has_a_third_set_in_front() -> None:
    kinds = [nal[0] >> 1 for nal in nal_config(entry("hvc1", HEVC_PQ)).sets]

    assert kinds == [32, 33, 34]


@pytest.mark.parametrize(("fourcc", "config"), [("av01", AV1), ("vp09", VP9), ("mp4v", b"")])
def test_other_codecs_carry_all_in_their_sync_samples(fourcc: str, config: bytes) -> None:
    assert parameter_sets(entry(fourcc, config)) == b""


def readable(fourcc: str, config: bytes) -> VideoFacts | None:
    try:
        codec_string(entry(fourcc, config))
        parameter_sets(entry(fourcc, config))
        return video_facts(entry(fourcc, config))
    except Mp4Unreadable:
        return None


@pytest.mark.parametrize(("fourcc", "config"), [case[:2] for case in FACTS if case[1]])
def test_damage_is_refused_and_nothing_worse(fourcc: str, config: bytes) -> None:
    """Every length, and every byte set to what is most likely to mislead."""
    assert readable(fourcc, b"") is None
    for length in range(1, len(config)):
        readable(fourcc, config[:length])
    for at in range(len(config)):
        for value in (0, 1, 0x7F, 0x80, 0xFF, config[at] ^ 0x10):
            facts = readable(fourcc, config[:at] + bytes([value]) + config[at + 1 :])
            assert facts is None or (facts.width > 0 and facts.height > 0)


def test_no_parameter_set_is_no_picture() -> None:
    """As in avc3, where they travel with the samples."""
    with pytest.raises(Mp4Unreadable, match="no sequence parameter set"):
        video_facts(entry("avc3", bytes.fromhex("0164000bffe000")))
