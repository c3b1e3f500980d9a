"""Shapes of a reel beside the project's own. Pure."""

from collections.abc import Mapping
from typing import Final

from playhead.catalog.tables import VideoRow
from playhead.reels.shapes import Aspect
from playhead.reels.tables import ProjectRow

RATIOS: Final[Mapping[Aspect, tuple[int, int]]] = {"9:16": (9, 16), "4:5": (4, 5), "1:1": (1, 1), "16:9": (16, 9)}

SHORT_SIDE: Final = 1080
"""Pixels of the shorter side at most, and where no clip has a size."""


def size_in(aspect: Aspect, project: ProjectRow, videos: Mapping[str, VideoRow]) -> tuple[int, int]:
    """Size of a reel in a shape: its shorter side is that of the project, else that of its largest clip."""
    across, down = RATIOS[aspect]
    short = _short_side(project, videos)
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    return (long, short) if across >= down else (short, long)


def _short_side(project: ProjectRow, videos: Mapping[str, VideoRow]) -> int:
    if project.width is not None and project.height is not None:
        return min(project.width, project.height)
    found = [video for clip in project.clips if (video := videos.get(clip.video_id or "")) is not None]
    sides = [min(video.width, video.height) for video in found if video.width and video.height]
    return max(16, min(SHORT_SIDE, max(sides, default=SHORT_SIDE)) // 2 * 2)
