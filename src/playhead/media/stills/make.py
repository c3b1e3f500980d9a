"""Stills and the animation of a video: their times, sizes and budgets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playhead.media.ffmpeg import MAX_PIXELS
from playhead.media.probe import Probe
from playhead.media.stills.errors import NoStill
from playhead.media.stills.pool import StillsPool
from playhead.media.stills.process import MAX_ANSWER_BYTES
from playhead.media.stills.source import StillSource
from playhead.media.stills.storyboard import COLUMNS, TILE_SIDE, Storyboard, interval_of, tile_times
from playhead.media.stills.times import ANY_KEYFRAME, StillTime

WIDTHS = (160, 320, 480, 640, 960, 1280)
"""Thumbnail widths in pixels."""

POSTER_WIDTH = 960
ANIMATION_WIDTH, ANIMATION_FPS, ANIMATION_S = 320, 12, 3.0
_ANIMATION_PLACES = (0.1, 0.35, 0.6, 0.85)

_POSTER_PLACES = (0.1, 0.3, 0.5, 0.7, 0.0)
"""Times of poster candidates as fractions of the duration, best first; keyframes will do, as they are cheap."""

_POSTER_RESORTS = (0.3, 0.6)
"""Exact times to try next: a short clip has but one keyframe, which may be the black before a fade."""

EXACT_PIXELS = 300_000_000
"""Most pixels that are decoded from a keyframe to the requested frame: 145 frames of 1080p, 5 s at 30 fps, about 0.6 s
of work. A frame further away is replaced by the last one within: keyframes are mostly 2 to 5 s apart."""

SHEET_PIXELS = 20 * EXACT_PIXELS
"""Most pixels that are decoded for all tiles of a storyboard, a job's work; keyframes alone after that."""


EXACT_FRAME_BYTES = 64 << 20
"""Most bytes of a frame as PNG: noise in 4K has 25 MB."""

_ANY_NUMBER = 1_000_000
_BEYOND_S = 1.0
"""Time after the end that gives the last frame, whatever a container says of its length."""

FramePlace = Literal["first", "last"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Facts of a video that stills depend on.

    Attributes:
        fps: Frames per second.
        pixels: Pixels of one frame.
        zero_s: Time of the file's clock at its start; None leaves it to libav.
        jumps: Whether that clock jumps.
    """

    duration_s: float
    fps: float = 25.0
    pixels: int = 1920 * 1080
    zero_s: float | None = None
    jumps: bool = False

    @classmethod
    def of(cls, probe: Probe) -> "Shape":
        """The facts in a probe."""
        video = probe.video
        pixels = video.width * video.height
        return cls(probe.duration_s, float(video.fps), pixels, probe.zero_s, bool(probe.jumps))

    def frame_budget(self, pixels: int) -> int:
        """Number of frames that a number of pixels allows, at least 30."""
        return max(30, pixels // max(1, self.pixels))


async def poster(pool: StillsPool, source: StillSource, shape: Shape, *, width: int = POSTER_WIDTH) -> bytes:
    """JPEG of a frame that is neither black, white nor plain; if there is none, of the liveliest.

    Raises:
        NoStill: no frame could be decoded.
    """
    keys = [StillTime(shape.duration_s * place, ANY_KEYFRAME) for place in _POSTER_PLACES]
    facts, image = await _request(pool, source, shape, "best", keys, budget=300, width=width)
    if facts["good"]:
        return image
    resorts = [StillTime(shape.duration_s * place, shape.duration_s * place) for place in _POSTER_RESORTS]
    try:
        again, other = await _request(pool, source, shape, "best", resorts, budget=300, width=width)
    except NoStill:
        return image
    return other if again["good"] or again["score"] > facts["score"] else image


async def thumbnail(pool: StillsPool, source: StillSource, shape: Shape, *, at_s: float, width: int) -> bytes:
    """JPEG of the frame shown at a time, at most *width* pixels wide and never enlarged.

    The frame is exact unless its keyframe is further away than ``EXACT_PIXELS``; then the nearest within. With a
    variable frame rate it may be a neighbour: times are counted in frames of the average rate.

    Raises:
        NoStill: no frame could be decoded there.
    """
    number = frame_number(shape, at_s)
    time = StillTime((number + 0.5) / shape.fps, number / shape.fps)
    budget = shape.frame_budget(EXACT_PIXELS)
    _, image = await _request(pool, source, shape, "still", [time], budget=budget, width=width)
    return image


def frame_number(shape: Shape, at_s: float) -> int:
    """Number of the frame shown at a time, from 0; the last one for times after the end.

    A time that was rounded to milliseconds still gives its frame.
    """
    last = max(0, math.ceil(shape.duration_s * shape.fps - 0.01) - 1)
    return min(last, int((max(0.0, at_s) + 0.0006) * shape.fps))


async def exact_frame(pool: StillsPool, source: StillSource, shape: Shape, at: FramePlace) -> bytes:
    """PNG of the very first or last frame that a video shows, in its full size.

    All frames from the last keyframe on are decoded, however many there are.

    Raises:
        NoStill: it could not be decoded, or not in time.
    """
    at_s = 0.0 if at == "first" else shape.duration_s + _BEYOND_S
    _, image = await _request(
        pool,
        source,
        shape,
        "exact",
        [StillTime(at_s, at_s)],
        budget=_ANY_NUMBER,
        exact=True,
        most_bytes=EXACT_FRAME_BYTES,
    )
    return image


async def storyboard(pool: StillsPool, source: StillSource, shape: Shape) -> tuple[Storyboard, bytes]:
    """JPEG of up to 100 tiles, and the facts that a player needs.

    Raises:
        NoStill: no frame could be decoded.
    """
    times = tile_times(shape.duration_s)
    facts, image = await _request(
        pool,
        source,
        shape,
        "sheet",
        times,
        budget=shape.frame_budget(SHEET_PIXELS),
        width=TILE_SIDE,
        height=TILE_SIDE,
        columns=COLUMNS,
    )
    columns = min(COLUMNS, len(times))
    across, down = (max(1, min(TILE_SIDE, int(side))) for side in facts["tile"])
    return Storyboard(shape.duration_s, interval_of(shape.duration_s), len(times), columns, across, down), image


async def animation(pool: StillsPool, source: StillSource, shape: Shape) -> bytes:
    """Animated WebP of about 3 s from four places of the video, at most 320 pixels in either direction.

    Raises:
        NoStill: no frame could be decoded.
    """
    budget = shape.frame_budget(4 * EXACT_PIXELS)
    times = animation_times(shape.duration_s)
    _, image = await _request(
        pool, source, shape, "animation", times, budget=budget, width=ANIMATION_WIDTH, fps=ANIMATION_FPS
    )
    return image


def animation_times(duration_s: float) -> Sequence[StillTime]:
    """Times of an animation: a short video whole, else four parts that begin with a keyframe where one is near."""
    if duration_s <= ANIMATION_S + 1:
        return [StillTime(0.0, ANY_KEYFRAME, min(duration_s, ANIMATION_S))]
    each = ANIMATION_S / len(_ANIMATION_PLACES)
    times: list[StillTime] = []
    for place in _ANIMATION_PLACES:
        since = times[-1].at_s + each if times else ANY_KEYFRAME
        times.append(StillTime(duration_s * place, since, each))
    return times


async def _request(
    pool: StillsPool,
    source: StillSource,
    shape: Shape,
    operation: str,
    times: Sequence[StillTime],
    *,
    budget: int,
    exact: bool = False,
    most_bytes: int = MAX_ANSWER_BYTES,
    **wanted: Any,
) -> tuple[dict[str, Any], bytes]:
    async with pool.turn(), source.opened(times, budget=budget, exact=exact) as opened:
        request = {
            "operation": operation,
            "demuxer": opened.demuxer,
            "zero_s": 0.0 if opened.from_zero else shape.zero_s,
            "jumps": shape.jumps and not opened.from_zero,
            "times": opened.times,
            "max_pixels": MAX_PIXELS,
            "budget": budget,
            **wanted,
        }
        return await pool.run(opened.descriptor, request, most_bytes=most_bytes)
