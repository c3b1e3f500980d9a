"""AAC in an MP4: ``esds`` and AudioSpecificConfig (ISO/IEC 14496-1 section 7.2.6, 14496-3 section 1.6)."""

import struct
from dataclasses import dataclass

from playhead.media.mp4.bits import BitReader
from playhead.media.mp4.boxes import Mp4Unreadable, box, full_box
from playhead.media.mp4.entries import read_entry
from playhead.media.mp4.movie import SampleEntry

AAC_LC = 2
"""Audio object type of the profile that every device plays."""

SILENT_FRAMES = {1: bytes.fromhex("01182007"), 2: bytes.fromhex("211004608c1c")}
"""By channels: one AAC-LC packet of 1024 silent samples, at any rate."""

RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
"""Of ``samplingFrequencyIndex``, in Hz."""

_SBR, _PS = 5, 29
_ELD = 39
_GENERAL = frozenset((1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23))
_NOT_AAC = frozenset((8, 9, 12, 13, 14, 15, 16, 24, 25, 26, 27, 28, 32, 33, 34, 36))
_MPEG4_AUDIO = 0x40
_MPEG2_AAC = frozenset((0x66, 0x67, 0x68))
_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)
_SYNC_EXTENSION = 0x2B7
_PS_EXTENSION = 0x548


@dataclass(frozen=True, slots=True)
class AacConfig:
    """Fields of AudioSpecificConfig.

    Attributes:
        object_type: 2 is AAC-LC; with *sbr* it is the type of the coder underneath.
        sample_rate: Of the coder underneath, in Hz: with *sbr* what is heard has twice as much.
        channels: 0 when unknown; with *ps* one is coded and two are heard.
        frame_samples: Of one packet at *sample_rate*: 1024, or 960; 0 when not known.
        sbr: Spectral band replication is signalled (HE-AAC). A decoder may still find it unsignalled.
        ps: Parametric stereo is signalled (HE-AAC v2).
    """

    object_type: int
    sample_rate: int
    channels: int
    frame_samples: int = 1024
    sbr: bool = False
    ps: bool = False


def decoder_config(esds: bytes) -> tuple[int, bytes]:
    """Object type indication and decoder specific information of an ``esds`` box's content.

    Raises:
        Mp4Unreadable: it is damaged.
    """
    try:
        tag, at = _descriptor(esds, 4)
        if tag == 3:
            flags = esds[at + 2]
            at += 3 + (2 if flags & 0x80 else 0)
            at += 1 + esds[at] if flags & 0x40 else 0
            at += 2 if flags & 0x20 else 0
            tag, at = _descriptor(esds, at)
        if tag != 4:
            raise Mp4Unreadable("The description of the audio names no decoder.")
        kind = esds[at]
        if at + 13 >= len(esds) or esds[at + 13] != 5:
            return kind, b""
        start = _descriptor(esds, at + 13)[1]
        return kind, esds[start : start + _length(esds, at + 14)]
    except IndexError:
        raise Mp4Unreadable("The description of the audio is cut short.") from None


def _descriptor(esds: bytes, at: int) -> tuple[int, int]:
    """Tag of a descriptor, and where its content begins."""
    content = at + 1
    while esds[content] & 0x80 and content < at + 4:
        content += 1
    return esds[at], content + 1


def _length(esds: bytes, at: int) -> int:
    value = 0
    for byte in esds[at : at + 4]:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    return value


def aac_config(entry: SampleEntry) -> AacConfig | None:
    """Configuration of a track's AAC; None for another codec.

    Raises:
        Mp4Unreadable: it says that it is AAC, and its description is damaged.
    """
    if entry.fourcc != "mp4a" or not entry.config:
        return None
    kind, specific = decoder_config(entry.config)
    if not specific or (kind != _MPEG4_AUDIO and kind not in _MPEG2_AAC):
        return None
    config = specific_config(specific)
    return None if config.object_type in _NOT_AAC else config


def specific_config(specific: bytes) -> AacConfig:
    """Read AudioSpecificConfig.

    Raises:
        Mp4Unreadable: it is damaged.
    """
    bits = BitReader(specific)
    kind = _object_type(bits)
    rate = _rate(bits)
    layout = bits.u(4)
    ps, sbr = kind == _PS, kind in (_SBR, _PS)
    if sbr:
        _rate(bits)
        kind = _object_type(bits)
    channels = _CHANNELS[layout] if layout < len(_CHANNELS) else {11: 7, 12: 8, 14: 8}.get(layout, 0)
    samples = 0
    if kind in _GENERAL:
        samples, stated = _general(bits, kind, layout)
        channels = channels or stated
        if not sbr:
            sbr, ps = _extension(bits)
    elif kind == _ELD:
        samples = 480 if bits.flag() else 512
    return AacConfig(kind, rate, channels, samples, sbr, ps)


def _object_type(bits: BitReader) -> int:
    kind = bits.u(5)
    return 32 + bits.u(6) if kind == 31 else kind


def _rate(bits: BitReader) -> int:
    index = bits.u(4)
    if index == 15:
        return bits.u(24)
    if index >= len(RATES):
        raise Mp4Unreadable(f"AAC knows no sampling rate number {index}.")
    return RATES[index]


def _general(bits: BitReader, kind: int, layout: int) -> tuple[int, int]:
    """GASpecificConfig (14496-3 section 4.4.1): samples of a packet, and channels where the layout is 0."""
    short = bits.flag()
    if bits.flag():
        bits.skip(14)
    extended = bits.flag()
    channels = 0 if layout else _program(bits)
    if kind in (6, 20):
        bits.skip(3)
    if extended:
        bits.skip({22: 16, 17: 3, 19: 3, 20: 3, 23: 3}.get(kind, 0) + 1)
    if kind == 23:
        return (480 if short else 512), channels
    return (960 if short else 1024), channels


def _program(bits: BitReader) -> int:
    """``program_config_element`` (section 4.4.1.1): how many channels it lists."""
    bits.skip(10)
    front, side, back, low, data, coupled = (bits.u(width) for width in (4, 4, 4, 2, 3, 4))
    for width in (4, 4, 3):
        if bits.flag():
            bits.skip(width)
    channels = low
    for _ in range(front + side + back):
        channels += 2 if bits.flag() else 1
        bits.skip(4)
    bits.skip(4 * low + 4 * data + 5 * coupled)
    bits.skip(bits.left % 8)
    bits.skip(8 * bits.u(8))
    return channels


def _extension(bits: BitReader) -> tuple[bool, bool]:
    """Signalling behind the configuration that older decoders do not see: ``56e500`` says "no SBR"."""
    if bits.left < 16 or bits.u(11) != _SYNC_EXTENSION or _object_type(bits) != _SBR:
        return False, False
    if not bits.left or not bits.flag():
        return False, False
    _rate(bits)
    return True, bits.left >= 12 and bits.u(11) == _PS_EXTENSION and bits.flag()


def aac_entry(sample_rate: int, channels: int) -> SampleEntry:
    """A fresh entry for AAC-LC, which signals that there is no SBR.

    Args:
        sample_rate: One of ``RATES``.
        channels: 1 to 7.

    Raises:
        ValueError: anything else.
    """
    if not 0 < channels < 8:
        raise ValueError(f"AAC-LC of {channels} channels")
    head = AAC_LC << 11 | RATES.index(sample_rate) << 7 | channels << 3
    specific = struct.pack(">HHB", head, _SYNC_EXTENSION << 5 | _SBR, 0)
    decoder = struct.pack(">BBBHII", _MPEG4_AUDIO, 0x15, 0, 0, 0, 0) + _write(5, specific)
    stream = struct.pack(">HB", 0, 0) + _write(4, decoder) + _write(6, b"\2")
    coded = min(channels, 0xFFFF), 16, 0, 0, (sample_rate if sample_rate < 1 << 16 else 0) << 16
    fields = struct.pack(">6xH8xHHHHI", 1, *coded)
    return read_entry(box(b"mp4a", fields, full_box(b"esds", 0, 0, _write(3, stream))), "audio")


def _write(tag: int, content: bytes) -> bytes:
    return bytes((tag, 0x80, 0x80, 0x80, len(content))) + content
