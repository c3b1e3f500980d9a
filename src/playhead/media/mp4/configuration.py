"""The codec's own box in a sample entry: avcC, hvcC, av1C, vpcC, and the codec name for browsers.

Sources: ISO/IEC 14496-15 sections 5.3.3 and 8.3.3; AV1 in ISOBMFF section 2.3; VP Codec ISO Media File Format Binding;
RFC 6381 and its registries for names.
"""

from dataclasses import dataclass

from playhead.media.mp4.aac import decoder_config, specific_config
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.movie import SampleEntry

AVC = frozenset(("avc1", "avc3"))
HEVC = frozenset(("hvc1", "hev1"))

CODECS = {
    **dict.fromkeys(AVC, "h264"),
    **dict.fromkeys(HEVC, "hevc"),
    "av01": "av1",
    "vp09": "vp9",
    "vp08": "vp8",
    "mp4v": "mpeg4",
}
"""Names as FFmpeg has them, by fourcc."""

_SPS = {"h264": 7, "hevc": 33}
_HEVC_SETS = (32, 33, 34)
_ALPHA_SEI = b"\x4e\x01\xa5"
"""A prefix SEI with a message of type 165."""

_NAMES = {"Opus": "opus", "fLaC": "flac", "ac-3": "ac-3", "ec-3": "ec-3", "alac": "alac"}


@dataclass(frozen=True, slots=True)
class NalConfig:
    """Contents of avcC and hvcC.

    Attributes:
        nal_length: Bytes of the length before each NAL unit of a sample: 1, 2 or 4.
        sets: VPS, SPS and PPS, in the order they are to be fed.
        sps: Those of *sets* that describe a sequence.
        alpha: A layer of HEVC is transparency (ITU-T H.265 annex F, alpha channel information).
    """

    nal_length: int
    sets: tuple[bytes, ...]
    sps: tuple[bytes, ...]
    alpha: bool = False


def nal_config(entry: SampleEntry) -> NalConfig:
    """Read avcC or hvcC.

    Raises:
        Mp4Unreadable: the entry is of another codec, or the box is damaged.
    """
    codec = CODECS.get(entry.fourcc, "")
    if codec not in _SPS:
        raise Mp4Unreadable(f"{entry.fourcc!r} has no parameter sets.")
    try:
        length, units = _avc(entry.config) if codec == "h264" else _hevc(entry.config)
    except IndexError:
        raise Mp4Unreadable(f"The configuration of {entry.fourcc!r} is cut short.") from None
    if length == 3:
        raise Mp4Unreadable("NAL units with lengths of 3 bytes are not known.")
    sets = tuple(one for one in units if codec == "h264" or _unit_type(one, codec) in _HEVC_SETS)
    alpha = codec == "hevc" and any(one.startswith(_ALPHA_SEI) for one in units)
    return NalConfig(length, sets, tuple(one for one in sets if _unit_type(one, codec) == _SPS[codec]), alpha)


def _unit_type(nal: bytes, codec: str) -> int:
    return nal[0] & 31 if codec == "h264" else nal[0] >> 1 & 63


def _avc(config: bytes) -> tuple[int, list[bytes]]:
    sets, at = _units(config, 6, config[5] & 31)
    more, _ = _units(config, at + 1, config[at])
    return (config[4] & 3) + 1, sets + more


def _hevc(config: bytes) -> tuple[int, list[bytes]]:
    units: list[bytes] = []
    at = 23
    for _ in range(config[22]):
        count = config[at + 1] << 8 | config[at + 2]
        found, at = _units(config, at + 3, count)
        units += found
    return (config[21] & 3) + 1, units


def _units(config: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    units = []
    for _ in range(count):
        size = config[at] << 8 | config[at + 1]
        at += 2
        if not size or at + size > len(config):
            raise IndexError
        units.append(config[at : at + size])
        at += size
    return units, at


def codec_string(entry: SampleEntry) -> str:
    """Name the codec as browsers and HLS do (RFC 6381): ``avc1.64001F``, ``hvc1.1.6.L93.B0``, ``mp4a.40.2``.

    Raises:
        Mp4Unreadable: the entry's configuration is too short.
    """
    try:
        if entry.fourcc in AVC:
            return f"{entry.fourcc}.{entry.config[1]:02X}{entry.config[2]:02X}{entry.config[3]:02X}"
        if entry.fourcc in HEVC:
            return _hevc_name(entry)
        if entry.fourcc == "av01":
            return _av1_name(entry.config)
        if entry.fourcc in ("vp09", "vp08"):
            profile, level, depth = entry.config[4], entry.config[5], entry.config[6] >> 4
            return f"{entry.fourcc}.{profile:02d}.{level:02d}.{depth:02d}"
        if entry.fourcc == "mp4a" and entry.config:
            return _mp4a_name(entry.config)
    except IndexError:
        raise Mp4Unreadable(f"The configuration of {entry.fourcc!r} is cut short.") from None
    return _NAMES.get(entry.fourcc, entry.fourcc)


def _hevc_name(entry: SampleEntry) -> str:
    """14496-15 annex E.3: space and profile, compatibility flags in reverse, tier and level, constraints."""
    config = entry.config
    space = ("", "A", "B", "C")[config[1] >> 6]
    tier = "H" if config[1] & 32 else "L"
    compatible = int(f"{int.from_bytes(config[2:6], 'big'):032b}"[::-1], 2)
    constraints = "".join(f".{byte:X}" for byte in config[6:12].rstrip(b"\0"))
    return f"{entry.fourcc}.{space}{config[1] & 31}.{compatible:X}.{tier}{config[12]}{constraints}"


def _av1_name(config: bytes) -> str:
    depth = (12 if config[2] & 32 else 10) if config[2] & 64 else 8
    tier = "H" if config[2] & 128 else "M"
    return f"av01.{config[1] >> 5}.{config[1] & 31:02d}{tier}.{depth:02d}"


def _mp4a_name(esds: bytes) -> str:
    kind, specific = decoder_config(esds)
    if kind != 0x40 or not specific:
        return f"mp4a.{kind:02X}"
    config = specific_config(specific)
    return f"mp4a.40.{29 if config.ps else 5 if config.sbr else config.object_type}"
