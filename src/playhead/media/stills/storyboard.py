"""Storyboards: the interval of the tiles, and the WebVTT that finds each in the sheet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from playhead.media.stills.times import StillTime

TILES, COLUMNS, TILE_SIDE = 100, 10, 160
"""Most tiles of a sheet, tiles in a row, and the longer side of one in pixels."""

_INTERVALS_S = (0.5, 1, 2, 3, 4, 5, 6, 10, 12, 15, 18, 20, 24, 30, 36, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900)


@dataclass(frozen=True, slots=True)
class Storyboard:
    """Facts that a player needs besides the image of the sheet; all JSON-safe.

    Attributes:
        interval_s: Length of a tile's span: tile n stands for ``[n * interval_s, (n + 1) * interval_s)``.
        tile_width, tile_height: Size of a tile in pixels.
    """

    duration_s: float
    interval_s: float
    count: int
    columns: int
    tile_width: int
    tile_height: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe facts."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> "Storyboard":
        """The inverse of `to_dict`."""
        return cls(**facts)

    def web_vtt(self, sheet_url: str) -> str:
        """Cues that point to parts of the sheet by spatial media fragments (W3C Media Fragments URI 1.0)."""
        lines = ["WEBVTT", ""]
        for number in range(self.count):
            start, end = number * self.interval_s, min((number + 1) * self.interval_s, self.duration_s)
            left, top = number % self.columns * self.tile_width, number // self.columns * self.tile_height
            lines += [
                f"{_clock(start)} --> {_clock(end)}",
                f"{sheet_url}#xywh={left},{top},{self.tile_width},{self.tile_height}",
                "",
            ]
        return "\n".join(lines)


def interval_of(duration_s: float) -> float:
    """Seconds from one tile to the next: the least of a row of round ones that needs no more than ``TILES``."""
    return next((each for each in _INTERVALS_S if duration_s <= each * TILES), duration_s / TILES)


def tile_times(duration_s: float) -> Sequence[StillTime]:
    """Times of the tiles: the middle of each span; any keyframe within the span will do."""
    interval = interval_of(duration_s)
    count = max(1, -int(-duration_s // interval))
    starts = [number * interval for number in range(min(count, TILES))]
    return [StillTime((start + min(start + interval, duration_s)) / 2, start) for start in starts]


def _clock(seconds: float) -> str:
    whole, millis = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{millis:03}"
