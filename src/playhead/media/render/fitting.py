"""Fitting of decoded frames into the reel's: cropped, scaled, on a background, in its colours, all alike."""

from dataclasses import replace

from playhead.media.colours import HDR_TRANSFERS, SCALED, UNSPECIFIED, scaled_matrix, settle
from playhead.media.edit.model import Crop, Framing
from playhead.media.render.plan import PlannedSource, ReelFormat

TIME_SLACK_S = 0.0004
"""A source's frame that begins this much before the wanted time is meant: seeking rounds to microseconds."""

_GBR = 0
_CONSTANT_LUMINANCE = 10
_ZSCALE = frozenset((8, 10, 12, 14))
"""Matrices that only ``zscale`` reads: YCgCo, constant luminance (not of PQ and HLG), chroma derived, ICtCp."""

_ALPHA = "premultiply=inplace=1,lutrgb=a=negval,colorchannelmixer=ra={:.6f}:ga={:.6f}:ba={:.6f},format=gbrp"
"""Colour times alpha, plus background times what alpha leaves of it."""


def named_colours(source: PlannedSource) -> list[str]:
    """Name the colours of HDR and of rare matrices, which no filter guesses; bring the latter to a common matrix.

    Nothing for SDR of a matrix that is read anyway or not said, nor where only ffmpeg knows the colours.
    """
    colour = settle(source.colour, source.height)
    if not source.height or source.hdr != (colour.transfer in HDR_TRANSFERS):
        return []
    if not source.hdr and source.colour.matrix in (_GBR, UNSPECIFIED, *SCALED):
        return []
    rare = colour.matrix in _ZSCALE and not (source.hdr and colour.matrix == _CONSTANT_LUMINANCE)
    plain = scaled_matrix(colour)
    names = f"color_primaries={colour.primaries}:color_trc={colour.transfer}"
    names += f":colorspace={colour.matrix if rare else plain}"
    if colour.matrix != _GBR:  # red, green and blue have full range whatever they are tagged with
        names += f":range={'pc' if colour.full_range else 'tv'}"
    return [f"setparams={names}", *([f"zscale=m={plain}"] if rare else [])]


def unsaid_matrix(source: PlannedSource) -> int | None:
    """Matrix of a clip that is not tagged with one; None where it does, or where only ffmpeg knows."""
    if not source.height or source.colour.matrix not in (_GBR, UNSPECIFIED):
        return None
    return settle(replace(source.colour, matrix=UNSPECIFIED), source.height).matrix


def on_background(background: str) -> str:
    """Filter that puts video with alpha on a colour.

    Blends red, green and blue as coded, before any scaling: neither does what is hidden bleed over the edges, nor does
    chroma of fewer samples smear them.

    Args:
        background: ``#rrggbb``.
    """
    red, green, blue = (int(background[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return "format=gbrap," + _ALPHA.format(red, green, blue)


_TONE_MAP = "zscale=t=linear:npl=100,format={floats},zscale=p={primaries},tonemap=hable:desat=0,"
_TONE_MAPPED = "zscale=t={transfer}:m={matrix}:r={range}"

_BT709, _BT601 = 1, 6
"""Matrix coefficients of ITU-T H.273."""

_HIGH_DEFINITION = 720
"""Lines from which video without a tag is taken for BT.709, below for BT.601, as browsers do."""


_BLUR_SHARE = 8
"""A background that is blurred is made at an eighth of the size: as soft, and a fraction of the work."""


def fitted(
    source: PlannedSource, form: ReelFormat, framing: Framing, shift_s: float = 0.0, speed: float = 1.0
) -> list[str]:
    """Filters from decoded frames to frames of the reel's size, colours and pixel format.

    Args:
        shift_s: Added to a time in the file over *speed*, gives that of the graph.
    """
    background = framing.background or form.background
    filters = [] if framing.crop is None else [_cropping(framing.crop)]
    filters += _scaling(source, form, framing, background, shift_s, speed)
    size = f"{form.width}:{form.height}"
    each = ":eval=frame" if source.tracks.aspects else ""
    if framing.fit == "fill":
        filters.append(f"crop={size}")
    elif framing.fit == "blur":
        filters.append(_on_blurred(form))
    else:
        filters.append(f"pad={size}:(ow-iw)/2:(oh-ih)/2:color={background.replace('#', '0x')}{each}")
    return [*filters, "setsar=1", "format=yuv420p", tagged(form)]


def tagged(form: ReelFormat) -> str:
    """Filter that names the reel's colours."""
    colour = form.colour
    tags = f"color_primaries={colour.primaries}:color_trc={colour.transfer}:colorspace={colour.matrix}"
    return f"setparams={tags}:range={'pc' if colour.full_range else 'tv'}"


def _cropping(crop: Crop) -> str:
    # Of a small picture a hundredth is less than the two pixels that a colour sample has.
    size = f"w='max(2,iw*{crop.width:.6f})':h='max(2,ih*{crop.height:.6f})'"
    return f"crop={size}:x='iw*{crop.x:.6f}':y='ih*{crop.y:.6f}'"


def _on_blurred(form: ReelFormat) -> str:
    """Lay frames on a copy of themselves that covers the reel."""
    small = f"{max(2, form.width // _BLUR_SHARE)}:{max(2, form.height // _BLUR_SHARE)}"
    sigma = max(1.0, min(form.width, form.height) / _BLUR_SHARE * 0.06)
    behind = f"scale={small}:force_original_aspect_ratio=increase,crop={small},gblur=sigma={sigma:.2f}:steps=2"
    behind += f",scale={form.width}:{form.height}:flags=bicubic,setsar=1"
    return f"format=yuv420p,split[fore][aft];[aft]{behind}[behind];[behind][fore]overlay=(W-w)/2:(H-h)/2:format=yuv420"


def _display_aspect(source: PlannedSource, shift_s: float, speed: float) -> str:
    """Width over height as displayed, for an expression of ``scale``, which knows the first pixel aspect alone.

    Args:
        shift_s: Added to a time in the file over *speed*, gives that of the graph.
    """
    if not source.tracks.aspects:
        return "dar"
    (_, last), *before = reversed(source.tracks.aspects)
    expression = f"{last:.6f}"
    starts = [at_s for at_s, _ in source.tracks.aspects[1:]]
    for start_s, (_, aspect) in zip(reversed(starts), before, strict=True):
        expression = f"if(lt(t,{start_s / speed + shift_s - TIME_SLACK_S:.6f}),{aspect:.6f},{expression})"
    return f"(iw/ih*{expression})"


def _scaled_size(form: ReelFormat, framing: Framing, dar: str) -> tuple[str, str]:
    """Square pixels, even sides: as large as fits, or as small as covers the reel."""
    wide, high = f"trunc({form.height}*{dar}/2+0.5)*2", f"trunc({form.width}/{dar}/2+0.5)*2"
    if framing.fit == "fill":
        return f"max({form.width},{wide})", f"max({form.height},{high})"
    return f"max(2,min({form.width},{wide}))", f"max(2,min({form.height},{high}))"


def _scaling(
    source: PlannedSource, form: ReelFormat, framing: Framing, background: str, shift_s: float, speed: float
) -> list[str]:
    width, height = _scaled_size(form, framing, _display_aspect(source, shift_s, speed))
    each = ":eval=frame" if source.tracks.aspects else ""
    scale = f"scale=w='{width}':h='{height}':flags=bicubic{each}"
    full = "pc" if form.colour.full_range else "tv"
    matrix = matrix_of(form)
    convert = f"out_color_matrix={matrix}:out_range={full}"
    if source.hdr:
        known = {"primaries": form.colour.primaries, "transfer": form.colour.transfer, "matrix": matrix}
        sure = {name: _BT709 if value in (0, 2) else value for name, value in known.items()}
        floats = "gbrapf32le" if source.tracks.alpha else "gbrpf32le"
        mapped = (_TONE_MAP + _TONE_MAPPED).format(**sure, floats=floats, range=full)
        if source.tracks.alpha:
            return [*named_colours(source), mapped, on_background(background), f"{scale}:{convert}", "setsar=1"]
        return [*named_colours(source), scale, "setsar=1", mapped]
    # Pieces beside a copied body are never converted: the body is as the reel is tagged.
    taken = unsaid_matrix(source) if source.converts else matrix
    stated = "" if taken is None else f":in_color_matrix={taken}"
    if source.tracks.alpha:
        whole = f"scale=flags=bicubic{stated}"
        return [*named_colours(source), whole, on_background(background), f"{scale}:{convert}", "setsar=1"]
    return [*named_colours(source), f"{scale}{stated}:{convert}", "setsar=1"]


def matrix_of(form: ReelFormat) -> int:
    """Matrix of the reel's colours, also where it is not said."""
    if form.colour.matrix not in (0, 2):
        return form.colour.matrix
    return _BT709 if form.height >= _HIGH_DEFINITION else _BT601
