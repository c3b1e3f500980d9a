"""The one sample entry of a reel's pictures, from the entries of its pieces."""

import struct
from collections.abc import Iterable, Sequence

from playhead.media.mp4.boxes import box
from playhead.media.mp4.configuration import CODECS
from playhead.media.mp4.entries import with_colour
from playhead.media.mp4.movie import Colour, SampleEntry
from playhead.media.mp4.parameter_sets import parameter_sets

_NAMES = {"h264": (b"avc1", b"avcC"), "hevc": (b"hvc1", b"hvcC"), "av1": (b"av01", b"av1C")}


def codec_of(entry: SampleEntry) -> str:
    """As FFmpeg names it: ``h264``, ``hevc``, ``av1``."""
    return CODECS.get(entry.fourcc, entry.fourcc)


def alike(entries: Sequence[SampleEntry]) -> bool:
    """Tell whether a decoder that knows one of these needs nothing more for the others.

    Raises:
        Mp4Unreadable: a configuration is damaged.
    """
    if not entries or codec_of(entries[0]) == "av1":
        return len({entry.config for entry in entries}) <= 1
    return len({parameter_sets(entry) for entry in entries}) <= 1


def picture_entry(entries: Sequence[SampleEntry], colour: Colour) -> bytes:
    """The whole box: the first entry's decoder, the most that any of them asks for, the reel's colour, square pixels.

    A first entry that leaves its parameter sets to the samples (``avc3``, ``hev1``) is passed over for one that has
    them.
    """
    first = next((entry for entry in entries if codec_of(entry) == "av1" or parameter_sets(entry)), entries[0])
    codec = codec_of(first)
    name, kind = _NAMES[codec]
    if codec != "av1" and not parameter_sets(first):
        name = first.fourcc.encode("latin-1")
    config = _widest(codec, first.config, [entry.config for entry in entries])
    fields = struct.pack(">6xH16xHHIIIH32xHh", 1, first.width, first.height, 72 << 16, 72 << 16, 0, 1, 24, -1)
    return with_colour(box(name, fields, box(kind, config), box(b"pasp", struct.pack(">II", 1, 1))), colour)


def _widest(codec: str, config: bytes, all_of_them: Iterable[bytes]) -> bytes:
    """Profile and level as the most demanding piece has them: a decoder may be chosen by what is told here."""
    wide = bytearray(config)
    for other in all_of_them:
        if codec == "h264":
            wide[1], wide[2], wide[3] = max(wide[1], other[1]), wide[2] & other[2], max(wide[3], other[3])
        elif codec == "hevc":
            wide[12] = max(wide[12], other[12])
        else:
            wide[1] = wide[1] & 0xE0 | max(wide[1] & 31, other[1] & 31)
    return bytes(wide)
