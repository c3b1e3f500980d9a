"""Rendering of a title clip: its layers drawn by a child with Pillow, then one run of ffmpeg."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playhead.kit.units import GIB, MIB
from playhead.media.children import Limits, child, log_tail
from playhead.media.errors import UnreadableVideo
from playhead.media.ffmpeg import Ffmpeg, encode_limits, run_ffmpeg
from playhead.media.reader import av_command, opened
from playhead.media.render.encoders import ENCODERS, KEYFRAME_EVERY_S
from playhead.media.titles.design import Card, Design, TitleClip, design_of

MARK = "Playhead local titles"
"""Shown in every clip: it does not pretend to be a model's."""

SAMPLE_RATE = 48_000

_LIMITS = Limits(memory_bytes=2 * GIB, data_bytes=1 * GIB, cpu_s=60, file_bytes=128 * MIB)
_TIMEOUT_S = 120.0
_PROGRAM = Path(__file__).with_name("child") / "__main__.py"
_CANVAS = 4
"""Colours and glows are drawn at a quarter of the size: they are soft, and this is a tenth of the work."""

_FADE_S = 0.35


class ImageUnreadable(UnreadableVideo):
    """The image behind a title clip cannot be decoded, or is too large."""

    code = "background_unreadable"
    title = "This image cannot be read"


async def render_titles(ffmpeg: Ffmpeg, clip: TitleClip, *, work: Path, out: Path) -> None:
    """Render a clip: H.264 and AAC-LC in a fast-start MP4 with a keyframe every 2 s, so that clips join by copy.

    Args:
        work: Empty folder for the layers, absolute.
        out: File to write.

    Raises:
        ImageUnreadable
        FfmpegFailed: or a subclass for a known cause.
    """
    design = design_of(clip)
    places = await _draw(clip, design, work)
    graph = _graph(clip, design, places)
    await run_ffmpeg(
        ffmpeg,
        purpose="Rendering a title clip",
        sources=[],
        arguments=[*_inputs(clip, design, work), "-filter_complex", graph, *_output(clip, len(design.cards), out)],
        limits=encode_limits(span_s=clip.duration_s, pixels=4 * clip.width * clip.height, threads=0),
    )


async def _draw(clip: TitleClip, design: Design, work: Path) -> dict[str, Any]:
    """Draw the layers into a folder; where each goes."""
    with ExitStack() as stack:
        image = stack.enter_context(opened(clip.image)) if clip.image is not None else None
        request = {
            "folder": str(work),
            "width": clip.width,
            "height": clip.height,
            "cards": [card.text for card in design.cards],
            "glow": design.glow,
            "mark": MARK,
            "image": image,
        }
        descriptors = [] if image is None else [image]
        code, answer, lines = await _run_child(json.dumps(request).encode(), descriptors)
    if clip.image is not None and (code != 0 or b'"problem"' in answer):
        raise ImageUnreadable("The input image cannot be decoded.", hint="Use a PNG, JPEG or WebP of at most 89 MP.")
    if code != 0:
        raise RuntimeError(f"drawing titles ended with {code}: {' | '.join(lines[-3:])}")
    found: dict[str, Any] = json.loads(answer)
    return found


async def _run_child(request: bytes, descriptors: Sequence[int]) -> tuple[int, bytes, list[str]]:
    command = av_command(_PROGRAM)
    async with child(command, limits=_LIMITS, stdin=asyncio.subprocess.PIPE, pass_fds=descriptors) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(request)
        process.stdin.close()
        async with asyncio.timeout(_TIMEOUT_S):
            output, lines = await asyncio.gather(process.stdout.read(), log_tail(process.stderr))
            return await process.wait(), output, lines


def _inputs(clip: TitleClip, design: Design, work: Path) -> list[str]:
    if clip.image is not None:
        background = ["-i", f"file:{work.absolute() / 'background.png'}"]
    else:
        background = ["-f", "lavfi", "-i", _gradients(clip, design)]
    names = ["glow.png", "mark.png", *(f"card{number}.png" for number in range(len(design.cards)))]
    layers = [part for name in names for part in ("-i", f"file:{work.absolute() / name}")]
    audio = ["-f", "lavfi", "-i", _chord(clip, design)] if clip.audio else []
    return [*background, *layers, *audio]


def _gradients(clip: TitleClip, design: Design) -> str:
    width, height = clip.width // _CANVAS, clip.height // _CANVAS
    colours = ":".join(f"c{number}={colour}" for number, colour in enumerate(design.colours))
    corners = f"x0=0:y0=0:x1={width - 1}:y1={height - 1}"
    size = f"s={width}x{height}:r={clip.fps}:n={len(design.colours)}"
    return f"gradients={size}:{colours}:{corners}:speed={design.drift}:seed=1:d={clip.exact_s}"


def _chord(clip: TitleClip, design: Design) -> str:
    notes = "+".join(
        f"sin(2*PI*{note}*t)*(0.7+0.3*sin(2*PI*{0.2 + number / 7:.3f}*t))"
        for number, note in enumerate(design.chord_hz)
    )
    fade = f"min(1,t*3)*min(1,({clip.exact_s}-t)*3)"
    return f"aevalsrc='0.09*({notes})*{fade}':s={SAMPLE_RATE}:d={clip.exact_s}"


def _graph(clip: TitleClip, design: Design, places: dict[str, Any]) -> str:
    """Colours or image, then mark and cards, as BT.709."""
    parts = [_zoom(clip) if clip.image is not None else _colours(clip, design)]
    mark = places["mark"]
    parts.append(f"[2:v]{_held(clip)}[mark];[ground][mark]overlay=x={mark['x']}:y={mark['y']}:shortest=0[shown0]")
    for number, (card, place) in enumerate(zip(design.cards, places["cards"], strict=True)):
        parts.append(_card(clip, card, place, number))
    tags = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
    parts.append(f"[shown{len(design.cards)}]format=yuv420p,{tags}[video]")
    return ";".join(parts)


def _colours(clip: TitleClip, design: Design) -> str:
    width, height = clip.width // _CANVAS, clip.height // _CANVAS
    sides = [max(2, round(orbit.size * max(width, height))) for orbit in design.orbits]
    copies = "".join(f"[raw{number}]" for number in range(len(sides)))
    parts = [f"[1:v]split={len(sides)}{copies}"]
    under = "[0:v]"
    for number, (orbit, side) in enumerate(zip(design.orbits, sides, strict=True)):
        x = f"{(width - side) / 2}+{orbit.across * width:.1f}*sin({orbit.speed_x}*t+{orbit.phase})"
        y = f"{(height - side) / 2}+{orbit.down * height:.1f}*cos({orbit.speed_y}*t+{orbit.phase})"
        parts.append(f"[raw{number}]scale={side}:{side},format=gbrap,{_held(clip)}[glow{number}]")
        parts.append(f"{under}[glow{number}]overlay=x='{x}':y='{y}':format=gbrp[lit{number}]")
        under = f"[lit{number}]"
    parts.append(f"{under}{_scaled(clip)}[ground]")
    return ";".join(parts)


def _zoom(clip: TitleClip) -> str:
    # zoompan keeps whole pixels of its input, which is twice as large.
    zoom = f"z='1+0.1*on/{clip.frames}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d={clip.frames}"
    return f"[1:v]nullsink;[0:v]zoompan={zoom}:s={clip.width}x{clip.height}:fps={clip.fps},{_scaled(clip)}[ground]"


def _scaled(clip: TitleClip) -> str:
    return f"scale={clip.width}:{clip.height}:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuv420p"


def _held(clip: TitleClip) -> str:
    """One image as an endless video."""
    return f"loop=-1:1,setpts=N/{clip.fps}/TB,fps={clip.fps}"


def _card(clip: TitleClip, card: Card, place: dict[str, int], number: int) -> str:
    """The words of a card, which rise and fade in; the first are there at once, for posters and thumbnails."""
    fade = min(_FADE_S, (card.end_s - card.start_s) / 4)
    fading, y = f"fade=out:st={card.end_s - fade:.3f}:d={fade}:alpha=1", str(place["y"])
    if card.start_s > 0:
        rise = round(min(clip.width, clip.height) * 0.03)
        fading = f"fade=in:st={card.start_s}:d={fade}:alpha=1,{fading}"
        y += f"+{rise}*pow(1-min(1,max(0,t-{card.start_s})/0.6),2)"
    shown = f"between(t,{card.start_s},{card.end_s})"
    return (
        f"[{number + 3}:v]format=yuva420p,{_held(clip)},{fading}[words{number}];"
        f"[shown{number}][words{number}]overlay=x={place['x']}:y='{y}':enable='{shown}'[shown{number + 1}]"
    )


def _output(clip: TitleClip, cards: int, out: Path) -> list[str]:
    encoder = ENCODERS["h264"]
    video = ["-map", "[video]", "-c:v", encoder.name, "-preset", encoder.preset, "-crf", str(encoder.quality)]
    video += [*encoder.options, "-g", str(KEYFRAME_EVERY_S * clip.fps), "-frames:v", str(clip.frames)]
    audio = ["-map", f"{3 + cards}:a", "-c:a", "aac", "-b:a", "160k", "-ac", "2"] if clip.audio else []
    container = ["-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4"]
    return [*video, *audio, "-t", f"{clip.exact_s:.6f}", *container, f"file:{out.absolute()}"]
