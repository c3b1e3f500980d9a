"""Pixel formats and colours, by FFmpeg's names, in the terms that people search for: bits, chroma, primaries."""

import re

_DEPTH = re.compile(r"(?<=\D)(9|1[0-6])(?:le|be)$")
_PLANAR = re.compile(r"^yuv[aj]?(420|422|440|444|410|411)")
_PACKED = {"nv12": "4:2:0", "nv21": "4:2:0", "nv16": "4:2:2", "nv24": "4:4:4", "p010": "4:2:0", "p016": "4:2:0"}
_PACKED |= {"p210": "4:2:2", "p216": "4:2:2", "p410": "4:4:4", "p416": "4:4:4"}

PRIMARIES = {1: "bt709", 4: "bt470m", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020", 11: "smpte431"}
PRIMARIES |= {12: "smpte432"}
TRANSFERS = {1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear"}
TRANSFERS |= {13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", 16: "smpte2084", 18: "arib-std-b67"}
MATRICES = {0: "gbr", 1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 8: "ycgco"}
MATRICES |= {9: "bt2020nc", 10: "bt2020c", 14: "ictcp"}
"""ITU-T H.273's code points; those left out are reserved, rare, or mean "not said"."""

HDR = {16: "PQ", 18: "HLG"}
"""HDR formats by transfer."""


def bit_depth(pix_fmt: str) -> int | None:
    """Bits of each component: 10 for ``yuv420p10le`` and ``p010le``; None for an unnamed format."""
    if pix_fmt.startswith(("p010", "p210", "p410")):
        return 10
    found = _DEPTH.search(pix_fmt)
    return int(found[1]) if found else 8 if pix_fmt else None


def chroma(pix_fmt: str) -> str | None:
    """Chroma subsampling, ``4:2:0``; None where colour is not coded apart from light, as in RGB."""
    planar = _PLANAR.match(pix_fmt)
    if planar:
        return ":".join(planar[1])
    if pix_fmt.startswith("gray"):
        return "4:0:0"
    return _PACKED.get(pix_fmt[:4])
