"""Coding facts of a video track, from the codec's own header where its sample entry has one."""

from dataclasses import dataclass, replace
from typing import Literal

from playhead.media.mp4 import av1, h264, hevc
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import CODECS, nal_config
from playhead.media.mp4.movie import Colour, SampleEntry

Chroma = Literal["4:0:0", "4:2:0", "4:2:2", "4:4:4"]

_CHROMA: tuple[Chroma, ...] = ("4:0:0", "4:2:0", "4:2:2", "4:4:4")
_UNKNOWN = Colour()


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """Coding of a video track.

    Attributes:
        codec: ``h264``, ``hevc``, ``av1``, ``vp9``, ``vp8``, ``mpeg4``; else the fourcc.
        profile, level: The codec's own numbers: 100 and 31 of H.264 High 3.1; 1 and 93 of HEVC Main 3.1; AV1's
            ``seq_level_idx``. 0 where they are not known.
        width, height: As shown, in pixels, before pixel aspect and rotation.
        colour: From the codec's header, else from ``colr``; each number of it 2 when neither has it.
        interlaced: Frames may be coded as fields.
        nal_length: Bytes of the length before each NAL unit; 0 for codecs without.
        pixel_aspect: From ``pasp``, else from the codec's header.
        reorder: How many frames may be shown later than one that is decoded after them; None when unknown.
        alpha: A layer is transparency, as only HEVC has it here.
    """

    codec: str
    profile: int
    level: int
    width: int
    height: int
    bit_depth: int
    chroma: Chroma
    colour: Colour
    interlaced: bool
    nal_length: int
    pixel_aspect: tuple[int, int]
    reorder: int | None = None
    alpha: bool = False


def video_facts(entry: SampleEntry) -> VideoFacts:
    """Read them.

    Raises:
        Mp4Unreadable: the codec's configuration is missing or damaged.
    """
    read = {"h264": _h264, "hevc": _hevc, "av1": _av1, "vp9": _vp, "vp8": _vp}
    codec = CODECS.get(entry.fourcc, entry.fourcc)
    if codec in read:
        return read[codec](entry)
    colour = entry.colour or _UNKNOWN
    size = entry.width, entry.height
    return VideoFacts(codec, 0, 0, *size, 8, "4:2:0", colour, False, 0, entry.pixel_aspect)


def parameter_sets(entry: SampleEntry) -> bytes:
    """What a decoder must be fed before a sync sample of this entry when the entry in front is another.

    Returns:
        For H.264 and HEVC the parameter sets as NAL units with lengths as in the samples; for other codecs nothing:
        their sync samples carry what is needed.

    Raises:
        Mp4Unreadable: the codec's configuration is missing or damaged.
    """
    if CODECS.get(entry.fourcc) not in ("h264", "hevc"):
        return b""
    config = nal_config(entry)
    return b"".join(len(nal).to_bytes(config.nal_length, "big") + nal for nal in config.sets)


def _h264(entry: SampleEntry) -> VideoFacts:
    config = nal_config(entry)
    return _from_sps("h264", h264.read_sps(_first(config.sps)), config.nal_length, entry)


def _hevc(entry: SampleEntry) -> VideoFacts:
    config = nal_config(entry)
    facts = _from_sps("hevc", hevc.read_sps(_first(config.sps)), config.nal_length, entry)
    return replace(facts, alpha=config.alpha)


def _from_sps(codec: str, sps: h264.H264Sps | hevc.HevcSps, nal_length: int, entry: SampleEntry) -> VideoFacts:
    return VideoFacts(
        codec=codec,
        profile=sps.profile,
        level=sps.level,
        width=sps.width,
        height=sps.height,
        bit_depth=sps.bit_depth,
        chroma=_CHROMA[sps.chroma],
        colour=_colour(sps.vui.colour, entry),
        interlaced=sps.interlaced,
        nal_length=nal_length,
        pixel_aspect=_aspect(sps.vui.pixel_aspect, entry),
        reorder=sps.reorder,
    )


def _av1(entry: SampleEntry) -> VideoFacts:
    """``av1C`` (AV1 in ISOBMFF section 2.3.3), and the sequence header where it holds one."""
    config = _long_enough(entry, 4)
    header = av1.sequence_header(config[4:])
    depth = (12 if config[2] & 32 else 10) if config[2] & 64 else 8
    grey, across, down = config[2] & 16, config[2] & 8, config[2] & 4
    return VideoFacts(
        codec="av1",
        profile=config[1] >> 5,
        level=config[1] & 31,
        width=header.width if header else entry.width,
        height=header.height if header else entry.height,
        bit_depth=depth,
        chroma="4:0:0" if grey else "4:2:0" if down else "4:2:2" if across else "4:4:4",
        colour=_colour(header.colour if header else None, entry),
        interlaced=False,
        nal_length=0,
        pixel_aspect=entry.pixel_aspect,
    )


def _vp(entry: SampleEntry) -> VideoFacts:
    """``vpcC``: 4 bytes of version and flags, profile, level, depth and chroma, colour."""
    config = _long_enough(entry, 10)
    return VideoFacts(
        codec=CODECS[entry.fourcc],
        profile=config[4],
        level=config[5],
        width=entry.width,
        height=entry.height,
        bit_depth=config[6] >> 4,
        chroma=_CHROMA[max(1, min(config[6] >> 1 & 7, 3))],  # 0 and 1 differ in where chroma lies
        colour=_colour(Colour(config[7], config[8], config[9], full_range=bool(config[6] & 1)), entry),
        interlaced=False,
        nal_length=0,
        pixel_aspect=entry.pixel_aspect,
    )


def _first(sets: tuple[bytes, ...]) -> bytes:
    if not sets:
        raise Mp4Unreadable("The index holds no sequence parameter set.")
    return sets[0]


def _long_enough(entry: SampleEntry, size: int) -> bytes:
    if len(entry.config) < size:
        raise Mp4Unreadable(f"The configuration of {entry.fourcc!r} is cut short.")
    return entry.config


def _colour(coded: Colour | None, entry: SampleEntry) -> Colour:
    if coded is not None and (coded.primaries, coded.transfer, coded.matrix) != (2, 2, 2):
        return coded
    return entry.colour or coded or _UNKNOWN


def _aspect(coded: tuple[int, int] | None, entry: SampleEntry) -> tuple[int, int]:
    return coded if coded is not None and entry.pixel_aspect == (1, 1) else entry.pixel_aspect
