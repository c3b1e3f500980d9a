"""Parameter sets and slice headers of HEVC (ITU-T H.265 section 7.3 and annex E)."""

from dataclasses import dataclass

from playhead.media.mp4.bits import BitReader, payload
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.vui import Vui, read_vui, sized

_CHROMA_UNIT = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}
_MAX_SIDE = 16_888


@dataclass(frozen=True, slots=True)
class HevcSps:
    """A sequence parameter set.

    Attributes:
        width, height: As shown, in pixels.
        chroma: ``chroma_format_idc``: 0 is grey, 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4.
        interlaced: Whether frames are coded as fields, or their source was interlaced.
        reorder: Most frames that come before a frame in decode order and after it in time.
    """

    profile: int
    level: int
    width: int
    height: int
    bit_depth: int
    chroma: int
    interlaced: bool
    vui: Vui
    reorder: int


def read_sps(nal: bytes) -> HevcSps:
    """Read one.

    Raises:
        Mp4Unreadable: it is damaged.
    """
    bits = BitReader(payload(nal, 2))
    bits.skip(4)
    layers = bits.u(3)
    bits.skip(1)
    profile, interlaced, level = _profile(bits, layers)
    bits.ue()
    chroma = bits.bounded(3, "as chroma format")
    if chroma == 3:
        bits.skip(1)
    coded = bits.bounded(_MAX_SIDE, "columns"), bits.bounded(_MAX_SIDE, "rows")
    crop = (bits.ue(), bits.ue(), bits.ue(), bits.ue()) if bits.flag() else (0, 0, 0, 0)
    width, height = sized(coded, crop, _CHROMA_UNIT[chroma])
    if width < 1 or height < 1:
        raise Mp4Unreadable(f"A frame of {width}x{height} pixels.")
    depth = 8 + bits.bounded(8, "extra bits")
    bits.ue()
    order_bits = 4 + bits.bounded(12, "extra bits of order")
    reorder = _ordering(bits, layers)
    vui, fields = _usability(bits, order_bits)
    return HevcSps(profile, level, width, height, depth, chroma, interlaced or fields, vui, reorder)


def drops_earlier(idr: bytes) -> bool:
    """Whether an IDR slice drops frames that wait to be shown: its ``no_output_of_prior_pics_flag``.

    Raises:
        Mp4Unreadable: its header is cut short.
    """
    bits = BitReader(payload(idr, 2))
    bits.skip(1)
    return bits.flag()


def _profile(bits: BitReader, layers: int) -> tuple[int, bool, int]:
    """``profile_tier_level``: profile, whether the source was interlaced, level."""
    bits.skip(3)
    profile = bits.u(5)
    bits.skip(32)
    progressive, interlaced = bits.flag(), bits.flag()
    bits.skip(46)
    level = bits.u(8)
    present = [(bits.flag(), bits.flag()) for _ in range(layers)]
    if layers:
        bits.skip(2 * (8 - layers))
    for has_profile, has_level in present:
        bits.skip(88 * has_profile + 8 * has_level)
    return profile, interlaced and not progressive, level


def _ordering(bits: BitReader, layers: int) -> int:
    reorder = 0
    for _ in range(layers + 1 if bits.flag() else 1):
        bits.ue()
        reorder = bits.bounded(16, "reordered frames")
        bits.ue()
    return reorder


def _usability(bits: BitReader, order_bits: int) -> tuple[Vui, bool]:
    """The VUI, if everything before it can be followed; whether frames are coded as fields."""
    vui = Vui()
    try:
        _coding_tools(bits, order_bits)
        if not bits.flag():
            return vui, False
        vui = read_vui(bits)
        bits.skip(1)
        return vui, bits.flag()
    except Mp4Unreadable:
        return vui, False


def _coding_tools(bits: BitReader, order_bits: int) -> None:
    for _ in range(6):
        bits.ue()
    if bits.flag() and bits.flag():
        _scaling_lists(bits)
    bits.skip(2)
    if bits.flag():
        bits.skip(8)
        bits.ue()
        bits.ue()
        bits.skip(1)
    _reference_sets(bits)
    if bits.flag():
        for _ in range(bits.bounded(32, "long-term reference frames")):
            bits.skip(order_bits + 1)
    bits.skip(2)


def _scaling_lists(bits: BitReader) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.ue()
                continue
            for _ in range(min(64, 1 << (4 + 2 * size)) + (size > 1)):
                bits.se()


def _reference_sets(bits: BitReader) -> None:
    """``st_ref_pic_set``: each may be coded as the difference to the one before (section 7.4.8)."""
    deltas: list[int] = []
    for index in range(bits.bounded(64, "sets of reference frames")):
        deltas = _predicted_set(bits, deltas) if index and bits.flag() else _plain_set(bits)


def _plain_set(bits: BitReader) -> list[int]:
    before, after = bits.bounded(16, "frames before"), bits.bounded(16, "frames after")
    return [*_distances(bits, before, -1), *_distances(bits, after, 1)]


def _distances(bits: BitReader, count: int, step: int) -> list[int]:
    found: list[int] = []
    for _ in range(count):
        found.append((found[-1] if found else 0) + step * (bits.ue() + 1))
        bits.skip(1)
    return found


def _predicted_set(bits: BitReader, reference: list[int]) -> list[int]:
    sign = bits.flag()
    delta = (-1 if sign else 1) * (bits.ue() + 1)
    kept = [base + delta for base in (*reference, 0) if bits.flag() or bits.flag()]
    return [*sorted((one for one in kept if one < 0), reverse=True), *sorted(one for one in kept if one > 0)]
