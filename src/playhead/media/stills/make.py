"""Pictures of a video: which moments are asked for, and what comes back."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playhead.media.ffmpeg import MAX_PIXELS
from playhead.media.probe import Probe
from playhead.media.stills.errors import NoStill
from playhead.media.stills.moment import ANY_KEYFRAME, Moment
from playhead.media.stills.pool import StillsPool
from playhead.media.stills.source import StillSource
from playhead.media.stills.storyboard import COLUMNS, TILE_SIDE, Storyboard, interval_of, tile_moments

WIDTHS = (160, 320, 480, 640, 960, 1280)
"""Of thumbnails, in pixels."""

POSTER_WIDTH = 960
PREVIEW_WIDTH, PREVIEW_FPS, PREVIEW_S = 320, 12, 3.0
_PREVIEW_PLACES = (0.1, 0.35, 0.6, 0.85)

_POSTER_PLACES = (0.1, 0.3, 0.5, 0.7, 0.0)
"""Parts of the duration in the order of preference; key pictures, as they are cheap."""

_POSTER_RESORTS = (0.3, 0.6)
"""A short clip has but one key picture, which may be the black before a fade: then these very pictures."""

EXACT_PIXELS = 300_000_000
"""How much may be decoded to get from a keyframe to the picture itself: 145 pictures of 1080p, 5 s at 30 fps, about
0.6 s of work. What is further is answered by the picture that far: a player's keyframes are mostly 2 to 5 s apart."""

SHEET_PIXELS = 20 * EXACT_PIXELS
"""The same for all tiles of a storyboard, a job's work: after that it is keyframes alone."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What must be known of a video.

    Attributes:
        fps: Frames a second.
        pixels: Of one frame.
        zero_s: What the file's clock shows at its start; None leaves it to libav.
        jumps: That clock does not run on.
    """

    duration_s: float
    fps: float = 25.0
    pixels: int = 1920 * 1080
    zero_s: float | None = None
    jumps: bool = False

    @classmethod
    def of(cls, probe: Probe) -> "Shape":
        """As a probe found it."""
        video = probe.video
        pixels = video.width * video.height
        return cls(probe.duration_s, float(video.fps), pixels, probe.zero_s, bool(probe.jumps))

    def pictures(self, pixels: int) -> int:
        """How many pictures so many pixels are."""
        return max(30, pixels // max(1, self.pixels))


async def poster(pool: StillsPool, source: StillSource, shape: Shape, *, width: int = POSTER_WIDTH) -> bytes:
    """A JPEG of a picture that is neither black, white nor plain; if there is none, of the liveliest.

    Raises:
        NoStill: no picture could be decoded.
    """
    keys = [Moment(shape.duration_s * place, ANY_KEYFRAME) for place in _POSTER_PLACES]
    facts, picture = await _ask(pool, source, shape, "best", keys, budget=300, width=width)
    if facts["good"]:
        return picture
    resorts = [Moment(shape.duration_s * place, shape.duration_s * place) for place in _POSTER_RESORTS]
    try:
        again, other = await _ask(pool, source, shape, "best", resorts, budget=300, width=width)
    except NoStill:
        return picture
    return other if again["good"] or again["score"] > facts["score"] else picture


async def thumbnail(pool: StillsPool, source: StillSource, shape: Shape, *, at_s: float, width: int) -> bytes:
    """A JPEG of the picture shown at a time, at most *width* pixels wide and never enlarged.

    It is the very picture unless its keyframe is further off than ``EXACT_PIXELS``; then as near as that reaches. Of a
    video whose rate varies it may be a neighbour: times count in pictures of the average rate.

    Raises:
        NoStill: no picture could be decoded there.
    """
    number = picture_number(shape, at_s)
    moment = Moment((number + 0.5) / shape.fps, number / shape.fps)
    budget = shape.pictures(EXACT_PIXELS)
    _, picture = await _ask(pool, source, shape, "picture", [moment], budget=budget, width=width)
    return picture


def picture_number(shape: Shape, at_s: float) -> int:
    """Which picture is shown at a time, from 0; the last one for times after the end.

    A time that was rounded to milliseconds names the picture that it was before.
    """
    last = max(0, math.ceil(shape.duration_s * shape.fps - 0.01) - 1)
    return min(last, int((max(0.0, at_s) + 0.0006) * shape.fps))


async def storyboard(pool: StillsPool, source: StillSource, shape: Shape) -> tuple[Storyboard, bytes]:
    """A JPEG of up to 100 tiles, and what a player must know of it.

    Raises:
        NoStill: no picture could be decoded.
    """
    moments = tile_moments(shape.duration_s)
    facts, picture = await _ask(
        pool,
        source,
        shape,
        "sheet",
        moments,
        budget=shape.pictures(SHEET_PIXELS),
        width=TILE_SIDE,
        height=TILE_SIDE,
        columns=COLUMNS,
    )
    columns = min(COLUMNS, len(moments))
    across, down = (max(1, min(TILE_SIDE, int(side))) for side in facts["tile"])
    return Storyboard(shape.duration_s, interval_of(shape.duration_s), len(moments), columns, across, down), picture


async def preview(pool: StillsPool, source: StillSource, shape: Shape) -> bytes:
    """An animated WebP of about 3 s out of four places of the video, at most 320 pixels in either direction.

    Raises:
        NoStill: no picture could be decoded.
    """
    budget = shape.pictures(4 * EXACT_PIXELS)
    moments = preview_moments(shape.duration_s)
    _, picture = await _ask(
        pool, source, shape, "preview", moments, budget=budget, width=PREVIEW_WIDTH, fps=PREVIEW_FPS
    )
    return picture


def preview_moments(duration_s: float) -> Sequence[Moment]:
    """The whole of a short video; of a longer one, four parts that begin with a keyframe where one is near."""
    if duration_s <= PREVIEW_S + 1:
        return [Moment(0.0, ANY_KEYFRAME, min(duration_s, PREVIEW_S))]
    each = PREVIEW_S / len(_PREVIEW_PLACES)
    moments: list[Moment] = []
    for place in _PREVIEW_PLACES:
        since = moments[-1].at_s + each if moments else ANY_KEYFRAME
        moments.append(Moment(duration_s * place, since, each))
    return moments


async def _ask(
    pool: StillsPool,
    source: StillSource,
    shape: Shape,
    operation: str,
    moments: Sequence[Moment],
    *,
    budget: int,
    **wanted: Any,
) -> tuple[dict[str, Any], bytes]:
    async with pool.turn(), source.opened(moments, budget=budget) as opened:
        request = {
            "operation": operation,
            "demuxer": opened.demuxer,
            "zero_s": 0.0 if opened.from_zero else shape.zero_s,
            "jumps": shape.jumps and not opened.from_zero,
            "moments": opened.moments,
            "max_pixels": MAX_PIXELS,
            "budget": budget,
            **wanted,
        }
        return await pool.ask(opened.descriptor, request)
