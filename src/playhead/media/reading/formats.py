"""Formats of packets, read from their own headers, so that a change within a track is seen."""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from playhead.kit.names import size_name
from playhead.media.mp4 import av1, h264, hevc
from playhead.media.mp4.boxes import Mp4Unreadable

HEAD = 2048
"""Bytes of a packet that are inspected; parameter sets come first."""

Format = tuple[str, ...]
"""What a header says, in words: ``("640×360", "full range")``, ``("48000 Hz", "stereo")``."""

INTERLACED = "interlaced"
_CHROMA = ("grey", "4:2:0", "4:2:2", "4:4:4")
_HDR = {16: "HDR (PQ)", 18: "HDR (HLG)"}
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_AC3_RATES = (48000, 44100, 32000)
_MPEG_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_AC3_CHANNELS = (2, 1, 2, 3, 3, 4, 4, 5)


_DISPLAY_ASPECTS = {2: Fraction(4, 3), 3: Fraction(16, 9), 4: Fraction(221, 100)}
_NAMED_ASPECT = "pixel aspect "


def pixel_aspect(form: Format) -> Fraction:
    """Width of a pixel over its height, as a format says it; 1 where it does not."""
    named = next((word for word in form if word.startswith(_NAMED_ASPECT)), "")
    return Fraction(named.removeprefix(_NAMED_ASPECT).replace(":", "/")) if named else Fraction(1)


def video_format(codec: str, packet: bytes) -> Format | None:
    """What the header of a keyframe says; None where it has none, or none that is known here."""
    read = _VIDEO.get(codec)
    try:
        return read(packet) if read is not None else None
    except (Mp4Unreadable, IndexError):
        return None


def audio_format(codec: str, packet: bytes) -> Format | None:
    """The same of an audio packet: codecs that repeat their format in each, as in broadcasts."""
    read = _AUDIO.get(codec)
    return read(packet) if read is not None and len(packet) > _LEAST else None


_LEAST = 7


def _h264(packet: bytes) -> Format | None:
    sps = next((nal for nal in _nal_units(packet) if nal and nal[0] & 31 == 7), None)
    return None if sps is None else _h264_sps(bytes(sps))


def _hevc(packet: bytes) -> Format | None:
    sps = next((nal for nal in _nal_units(packet) if nal and nal[0] >> 1 & 63 == 33), None)
    return None if sps is None else _hevc_sps(bytes(sps))


@lru_cache(64)
def _h264_sps(nal: bytes) -> Format:
    return _sps(h264.read_sps(nal))


@lru_cache(64)
def _hevc_sps(nal: bytes) -> Format:
    return _sps(hevc.read_sps(nal))


def _sps(sps: h264.H264Sps | hevc.HevcSps) -> Format:
    colour = sps.vui.colour
    full = colour is not None and colour.full_range
    across, down = sps.vui.pixel_aspect or (1, 1)
    return (
        size_name(sps.width, sps.height),
        "full range" if full else "limited range",
        f"{sps.bit_depth} bits",
        _CHROMA[sps.chroma],
        _HDR.get(colour.transfer if colour is not None else 0, "standard dynamic range"),
        INTERLACED if sps.interlaced else "progressive",
        f"{_NAMED_ASPECT}{across}:{down}" if across and down else "",
    )


def _nal_units(packet: bytes) -> list[bytes]:
    if packet.startswith((b"\0\0\1", b"\0\0\0\1")):
        return [nal.rstrip(b"\0") for nal in packet.split(b"\0\0\1")]
    units, at = [], 0
    while at + 4 < len(packet):
        size = int.from_bytes(packet[at : at + 4], "big")
        units.append(packet[at + 4 : at + 4 + size])
        at += 4 + size
    return units


def _av1(packet: bytes) -> Format | None:
    header = av1.sequence_header(packet)
    return None if header is None else (size_name(header.width, header.height), f"{header.bit_depth} bits")


def _vp8(packet: bytes) -> Format | None:
    # RFC 6386 section 9.1: three bytes, a start code, then 14 bits of width and of height with 2 of scaling each.
    if packet[3:6] != b"\x9d\x01\x2a":
        return None
    width, height = int.from_bytes(packet[6:8], "little") & 0x3FFF, int.from_bytes(packet[8:10], "little") & 0x3FFF
    return (size_name(width, height),)


def _vp9(packet: bytes) -> Format | None:
    # VP9 bitstream specification section 6.2: only a keyframe has the sync code; its size follows the colour.
    bits = int.from_bytes(packet[:16].ljust(16, b"\0"), "big")
    at = 128

    def take(width: int) -> int:
        nonlocal at
        at -= width
        return bits >> at & (1 << width) - 1

    if take(2) != 2:
        return None
    profile = take(1) | take(1) << 1
    at -= profile == 3
    if take(1) or take(1):  # an existing frame is shown; no keyframe
        return None
    at -= 2
    if take(24) != 0x498342:
        return None
    depth = (12 if take(1) else 10) if profile >= 2 else 8
    rgb = take(3) == 7
    full = rgb or bool(take(1))
    if profile in (1, 3):
        at -= 1 if rgb else 3
    width, height = take(16) + 1, take(16) + 1
    return (size_name(width, height), "full range" if full else "limited range", f"{depth} bits")


def _mpeg2(packet: bytes) -> Format | None:
    # ISO/IEC 13818-2 section 6.2.2.1.
    at = packet.find(b"\0\0\1\xb3")
    if at < 0 or at + 8 > len(packet):
        return None
    sides = int.from_bytes(packet[at + 4 : at + 7], "big")
    width, height, display = sides >> 12, sides & 0xFFF, _DISPLAY_ASPECTS.get(packet[at + 7] >> 4)
    aspect = display * height / width if display is not None and width else Fraction(1)
    return size_name(width, height), f"{_NAMED_ASPECT}{aspect.numerator}:{aspect.denominator}"


def _adts(packet: bytes) -> Format | None:
    # ISO/IEC 14496-3 section 1.A.2.2.
    if packet[0] != 0xFF or packet[1] & 0xF6 != 0xF0:
        return None
    rate, channels = packet[2] >> 2 & 15, (packet[2] & 1) << 2 | packet[3] >> 6
    return _audio(_AAC_RATES[rate], 8 if channels == 7 else channels) if rate < len(_AAC_RATES) and channels else None


def _ac3(packet: bytes) -> Format | None:
    # ETSI TS 102 366 sections 4.4 and E.1.2.
    if packet[:2] != b"\x0b\x77" or packet[4] >> 6 == 3:
        return None
    mode = packet[4] >> 1 & 7 if packet[5] >> 3 > 10 else packet[6] >> 5
    return _audio(_AC3_RATES[packet[4] >> 6], _AC3_CHANNELS[mode])


def _mpeg_audio(packet: bytes) -> Format | None:
    # ISO/IEC 11172-3 section 2.4.1.3.
    version, rate = packet[1] >> 3 & 3, packet[2] >> 2 & 3
    if packet[0] != 0xFF or packet[1] & 0xE0 != 0xE0 or version not in _MPEG_RATES or rate == 3:
        return None
    return _audio(_MPEG_RATES[version][rate], 1 if packet[3] >> 6 == 3 else 2)


def _audio(rate: int, channels: int) -> Format:
    return f"{rate} Hz", {1: "mono", 2: "stereo"}.get(channels, f"{channels} channels")


_VIDEO: dict[str, Callable[[bytes], Format | None]] = {
    "h264": _h264,
    "hevc": _hevc,
    "av1": _av1,
    "vp8": _vp8,
    "vp9": _vp9,
    "mpeg2video": _mpeg2,
}
_AUDIO: dict[str, Callable[[bytes], Format | None]] = {
    "aac": _adts,
    "ac3": _ac3,
    "eac3": _ac3,
    "mp2": _mpeg_audio,
    "mp3": _mpeg_audio,
}
