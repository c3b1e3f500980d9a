"""AudioSpecificConfig in the forms that writers choose."""

import pytest

from playhead.media.mp4.aac import RATES, AacConfig, aac_config, aac_entry, decoder_config, specific_config
from playhead.media.mp4.boxes import Mp4Unreadable, box
from playhead.media.mp4.configuration import codec_string
from playhead.media.mp4.entries import read_entry
from playhead.media.mp4.movie import SampleEntry


@pytest.mark.parametrize(
    ("specific", "wanted"),
    [
        ("1190", AacConfig(2, 48000, 2)),
        ("119056e500", AacConfig(2, 48000, 2)),
        ("1210", AacConfig(2, 44100, 2)),
        ("1208", AacConfig(2, 44100, 1)),
        ("1194", AacConfig(2, 48000, 2, 960)),
        ("11b0", AacConfig(2, 48000, 6)),
        ("11b8", AacConfig(2, 48000, 8)),
        ("1780bb8010", AacConfig(2, 96000, 2)),
        ("131056e598", AacConfig(2, 24000, 2, sbr=True)),
        ("2b11880800", AacConfig(2, 24000, 2, sbr=True)),
        ("eb09880800", AacConfig(2, 24000, 1, sbr=True, ps=True)),
        ("0988", AacConfig(1, 48000, 1)),
        ("f8e85000", AacConfig(39, 44100, 2, 480)),
    ],
)
def test_a_configuration_is_read(specific: str, wanted: AacConfig) -> None:
    assert specific_config(bytes.fromhex(specific)) == wanted


def test_channels_may_be_told_one_by_one() -> None:
    """Layout 0: two channels in front, listed as one pair."""
    bits = f"{2:05b}{3:04b}{0:04b}000" + f"{0:04b}{1:02b}{3:04b}{1:04b}{0:04b}{0:04b}{0:02b}{0:03b}{0:04b}000" + "10000"
    bits += "0" * (-len(bits) % 8) + "0" * 8

    assert specific_config(int(bits, 2).to_bytes(len(bits) // 8, "big")).channels == 2


@pytest.mark.parametrize("specific", ["", "11", "1e80", "17ff", "2b"])
def test_a_damaged_configuration_is_refused(specific: str) -> None:
    with pytest.raises(Mp4Unreadable):
        specific_config(bytes.fromhex(specific))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_a_fresh_entry_says_what_it_was_made_for(rate: int, channels: int) -> None:
    entry = aac_entry(rate, channels)

    assert aac_config(entry) == AacConfig(2, rate, channels)
    assert codec_string(entry) == "mp4a.40.2"
    assert read_entry(entry.raw, "audio") == entry


@pytest.mark.parametrize(("rate", "channels"), [(12345, 2), (48000, 0), (48000, 8)])
def test_no_entry_for_what_aac_cannot_say(rate: int, channels: int) -> None:
    with pytest.raises(ValueError):
        aac_entry(rate, channels)


def esds(stream: bytes, *, long: bool = False) -> bytes:
    """A description around AAC-LC at 48 kHz; *long* lengths take four bytes each."""

    def tagged(tag: int, content: bytes) -> bytes:
        return bytes((tag, *((0x80, 0x80, 0x80) if long else ()), len(content))) + content

    decoder = tagged(4, bytes((0x40, 0x15)) + bytes(11) + tagged(5, bytes.fromhex("1190")))
    return bytes(4) + tagged(3, stream + decoder + tagged(6, b"\2"))


ESDS = {
    "lengths of four bytes": esds(b"\0\1\0", long=True),
    "lengths of one byte": esds(b"\0\1\0"),
    "a stream that depends on another": esds(b"\0\1\x80\0\2"),
    "a stream at an address": esds(b"\0\1\x40\4http"),
    "a stream with a clock": esds(b"\0\1\x20\0\3"),
    "all of these": esds(b"\0\1\xe0\0\2\4http\0\3"),
}


@pytest.mark.parametrize("name", ESDS)
def test_the_configuration_is_found_in_any_descriptor(name: str) -> None:
    kind, specific = decoder_config(ESDS[name])

    assert (kind, specific.hex()) == (0x40, "1190")


@pytest.mark.parametrize(
    ("fourcc", "config", "name"),
    [
        ("mp4a", "00000000030f0000000407690d0000000000000000000000000000", "mp4a.69"),
        ("mp4a", "00000000030f0000000407406d0000000000000000000000000000", "mp4a.40"),
        ("Opus", "000101380000bb80000000", "opus"),
        ("fLaC", "00000000", "flac"),
        ("ac-3", "1008c0", "ac-3"),
        ("mp4a", "", "mp4a"),
    ],
)
def test_other_sound_is_no_aac(fourcc: str, config: str, name: str) -> None:
    entry = SampleEntry(fourcc, box(fourcc.encode()), bytes.fromhex(config))

    assert aac_config(entry) is None
    assert codec_string(entry) == name


@pytest.mark.parametrize("length", range(4, 40))
def test_a_description_that_is_cut_short_never_does_worse_than_be_refused(length: int) -> None:
    entry = SampleEntry("mp4a", box(b"mp4a"), ESDS["lengths of four bytes"][:length])

    try:
        config = aac_config(entry)
    except Mp4Unreadable:
        return
    assert config is None or config == AacConfig(2, 48000, 2)
