"""Clips against their videos: how long each is, and why one cannot be stitched. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playhead.catalog.tables import VideoRow
from playhead.kit.units import format_duration
from playhead.reels.prompt_shapes import ACTIVE_TAKES, TakeState
from playhead.reels.settings import decisive
from playhead.reels.shapes import ClipProblemCode
from playhead.reels.tables import ClipRow, ProjectRow

SLACK_S = 0.05
"""A clip may end this far past its video: what an editor shows is rounded."""

SHORTEST_S = 0.01

_WITHOUT_VIDEO: Mapping[TakeState | None, str] = {
    None: "it is not generated yet",
    "succeeded": "none of its takes is chosen",
    "failed": "its latest take failed",
    "refused": "the provider refused its latest take",
    "unknown": "nobody knows yet whether its latest take was submitted",
    "canceled": "its latest take was canceled",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a clip cannot be stitched."""

    code: ClipProblemCode
    message: str


def problem_of(clip: ClipRow, video: VideoRow | None, take: TakeState | None = None) -> Problem | None:
    """What stands in the way of a clip; None if nothing does.

    Args:
        take: State of its take that is active, else of the newest.
    """
    if clip.video_id is None:
        return _without_video(take)
    if video is None:
        return Problem("video_deleted", "its video was deleted")
    if video.state != "ready" or video.duration_s is None:
        words = "could not be read" if video.state == "errored" else "is still being prepared"
        return Problem("video_not_ready", f"“{video.title}” {words}")
    end = video.duration_s if clip.end_s is None else clip.end_s
    if clip.start_s >= video.duration_s or end > video.duration_s + SLACK_S:
        return Problem(
            "outside_video",
            f"it ends at {_exact(end)}, but “{video.title}” has {_exact(video.duration_s)}"
            if clip.start_s < video.duration_s
            else f"it begins at {_exact(clip.start_s)}, but “{video.title}” has {_exact(video.duration_s)}",
        )
    return None


def _without_video(take: TakeState | None) -> Problem:
    if take in ACTIVE_TAKES:
        return Problem("generating", "it is being generated")
    return Problem("not_generated", _WITHOUT_VIDEO[take])


def first_of(problems: Sequence[Mapping[str, Any]]) -> str:
    """The first problem of some clips, and the number of the others."""
    first = problems[0]
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"Clip {first['position']}: {first['message']}{more}."


def duration_of(clip: ClipRow, video: VideoRow | None) -> float | None:
    """Seconds that a clip adds to the reel; None while that is not known."""
    known = video.duration_s if video is not None else None
    if clip.end_s is None:
        return None if known is None else max(0.0, known - clip.start_s)
    end = clip.end_s if known is None else min(clip.end_s, max(known, clip.start_s))
    return max(0.0, end - clip.start_s)


def total_duration(clips: Sequence[ClipRow], videos: Mapping[str, VideoRow]) -> float:
    """Seconds of all clips whose length is known."""
    return round(sum(duration_of(clip, videos.get(clip.video_id or "")) or 0.0 for clip in clips), 3)


def fingerprint(project: ProjectRow) -> str:
    """A hash of all that decides what the reel is; the title does not.

    An edit that is undone gives the old fingerprint again, so the reel is current again. Prompts do not count: the
    reel shows videos.
    """
    content = {
        "settings": decisive(project),
        "clips": [
            [clip.video_id, round(clip.start_s, 6), None if clip.end_s is None else round(clip.end_s, 6)]
            for clip in project.clips
        ],
    }
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def content_of(project: ProjectRow) -> tuple[str, str, list[Any]]:
    """What a person edits: a change of it is another version."""
    return project.title, fingerprint(project), [clip.prompt for clip in project.clips]


def _exact(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 60 else format_duration(seconds)
