"""Parameter sets and slice headers of H.264 (ITU-T H.264 section 7.3 and annex E)."""

from dataclasses import dataclass

from playhead.media.mp4.bits import BitReader, payload
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.vui import Vui, read_vui, sized

_HIGH = frozenset((100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135))
_CHROMA_UNIT = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}


@dataclass(frozen=True, slots=True)
class Order:
    """Fields of a slice header that number and order frames.

    Attributes:
        number_bits: Length of ``frame_num``.
        kind: ``pic_order_cnt_type``.
        count_bits: Length of ``pic_order_cnt_lsb``, where *kind* is 0.
        deltas: Where *kind* is 1, ``delta_pic_order_cnt`` is there.
    """

    number_bits: int
    kind: int
    count_bits: int = 0
    deltas: bool = False


@dataclass(frozen=True, slots=True)
class H264Sps:
    """A sequence parameter set.

    Attributes:
        width, height: As shown, in pixels.
        chroma: ``chroma_format_idc``: 0 is grey, 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4.
        interlaced: Frames may be coded as fields.
        reorder: How many frames may come before one in decode order and after it in time; None when unknown.
    """

    profile: int
    constraints: int
    level: int
    width: int
    height: int
    bit_depth: int
    chroma: int
    interlaced: bool
    vui: Vui
    reorder: int | None
    order: Order


def read_sps(nal: bytes) -> H264Sps:
    """Read one.

    Raises:
        Mp4Unreadable: it is damaged.
    """
    bits = BitReader(payload(nal, 1))
    profile, constraints, level = bits.u(8), bits.u(8), bits.u(8)
    bits.ue()
    chroma, depth = _high(bits) if profile in _HIGH else (1, 8)
    order = _order(bits)
    columns, rows = bits.bounded(1023, "columns") + 1, bits.bounded(1023, "rows") + 1
    frames_only = bits.flag()
    if not frames_only:
        bits.skip(1)
    bits.skip(1)
    crop = (bits.ue(), bits.ue(), bits.ue(), bits.ue()) if bits.flag() else (0, 0, 0, 0)
    fields = 1 if frames_only else 2
    unit = _CHROMA_UNIT[chroma][0], _CHROMA_UNIT[chroma][1] * fields
    width, height = sized((16 * columns, 16 * rows * fields), crop, unit)
    if width < 1 or height < 1:
        raise Mp4Unreadable(f"A frame of {width}x{height} pixels.")
    vui, reorder = _usability(bits) if bits.flag() else (Vui(), None)
    return H264Sps(profile, constraints, level, width, height, depth, chroma, not frames_only, vui, reorder, order)


def _high(bits: BitReader) -> tuple[int, int]:
    """Chroma format and bit depth of the high profiles."""
    chroma = bits.bounded(3, "as chroma format")
    if chroma == 3:
        bits.skip(1)
    depth = 8 + bits.bounded(6, "extra bits")
    bits.ue()
    bits.skip(1)
    if bits.flag():
        for index in range(12 if chroma == 3 else 8):
            if bits.flag():
                _scaling_list(bits, 16 if index < 6 else 64)
    return chroma, depth


def _scaling_list(bits: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _order(bits: BitReader) -> Order:
    number_bits = 4 + bits.bounded(12, "extra bits of frame numbers")
    kind, count_bits, deltas = bits.bounded(2, "as kind of order"), 0, False
    if kind == 0:
        count_bits = 4 + bits.bounded(12, "extra bits of order")
    elif kind == 1:
        deltas = not bits.flag()
        bits.se()
        bits.se()
        for _ in range(bits.bounded(255, "frames in a cycle")):
            bits.se()
    bits.ue()
    bits.skip(1)
    return Order(number_bits, kind, count_bits, deltas)


def drops_earlier(idr: bytes, sps: H264Sps, pps: bytes) -> bool:
    """Whether an IDR slice drops frames that wait to be shown: its ``no_output_of_prior_pics_flag``.

    True as well for what is not read here: fields, separate colour planes and slice groups.

    Raises:
        Mp4Unreadable: a header is damaged.
    """
    read = _pic_parameter_set(pps)
    if read is None or sps.interlaced or sps.chroma == 3:
        return True
    bottom, redundant = read
    bits, order = BitReader(payload(idr, 1)), sps.order
    for _ in range(3):
        bits.ue()
    bits.skip(order.number_bits)
    bits.ue()
    bits.skip(order.count_bits)
    for present in (order.kind == 0 and bottom, order.deltas, order.deltas and bottom):
        if present:
            bits.se()
    if redundant:
        bits.ue()
    return bits.flag()


def _pic_parameter_set(pps: bytes) -> tuple[bool, bool] | None:
    """Dependencies of a slice header: order of bottom fields, redundant frames; None with slice groups."""
    bits = BitReader(payload(pps, 1))
    bits.ue()
    bits.ue()
    bits.skip(1)
    bottom = bits.flag()
    if bits.ue():
        return None
    bits.ue()
    bits.ue()
    bits.skip(3)
    for _ in range(3):
        bits.se()
    bits.skip(2)
    return bottom, bits.flag()


def _usability(bits: BitReader) -> tuple[Vui, int | None]:
    """A VUI that ends early still has its colour: some cameras cut it short."""
    vui = Vui()
    try:
        vui = read_vui(bits)
        return vui, _reorder(bits)
    except Mp4Unreadable:
        return vui, None


def _reorder(bits: BitReader) -> int | None:
    if bits.flag():
        bits.skip(65)
    nal, vcl = _buffering(bits), _buffering(bits)
    if nal or vcl:
        bits.skip(1)
    bits.skip(1)
    if not bits.flag():
        return None
    bits.skip(1)
    for _ in range(4):
        bits.ue()
    return bits.ue()


def _buffering(bits: BitReader) -> bool:
    """Leave out the parameters of a hypothetical decoder, if they are there."""
    if not bits.flag():
        return False
    count = bits.bounded(31, "buffers") + 1
    bits.skip(8)
    for _ in range(count):
        bits.ue()
        bits.ue()
        bits.skip(1)
    bits.skip(20)
    return True
