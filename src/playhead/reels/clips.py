"""Clips against their videos: how long each is, and why one cannot be stitched. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playhead.catalog.tables import VideoRow
from playhead.kit.units import format_duration
from playhead.reels.edits import decisive_edit, overlap_of, speed_of
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
    if is_still(clip):
        return None
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


def is_still(clip: ClipRow) -> bool:
    """Whether a clip shows an image or a card."""
    return clip.image_id is not None or clip.card is not None


def duration_of(clip: ClipRow, video: VideoRow | None) -> float | None:
    """Seconds that a clip is shown in the reel; None while that is not known."""
    span_s = _span_s(clip, video)
    return None if span_s is None else span_s / speed_of(clip)


def _span_s(clip: ClipRow, video: VideoRow | None) -> float | None:
    known = video.duration_s if video is not None else None
    if clip.end_s is None:
        return None if known is None else max(0.0, known - clip.start_s)
    end = clip.end_s if known is None else min(clip.end_s, max(known, clip.start_s))
    return max(0.0, end - clip.start_s)


def total_duration(clips: Sequence[ClipRow], videos: Mapping[str, VideoRow]) -> float:
    """Seconds of all clips whose length is known, less what they overlap."""
    lengths = (duration_of(clip, videos.get(clip.video_id or "")) or 0.0 for clip in clips)
    return round(max(0.0, sum(lengths) - sum(overlap_of(clip) for clip in clips[1:])), 3)


def fingerprint(project: ProjectRow) -> str:
    """A hash of all that decides what the reel is; the title does not.

    An edit that is undone gives the old fingerprint again, so the reel is current again. Prompts do not count: the
    reel shows videos.
    """
    content: dict[str, Any] = {
        "settings": decisive(project),
        "clips": [
            [
                *[clip.video_id, round(clip.start_s, 6), None if clip.end_s is None else round(clip.end_s, 6)],
                *[shown for shown in (clip.image_id, clip.card, clip.effects) if shown],
            ]
            for clip in project.clips
        ],
    }
    if edit := decisive_edit(project):
        content["edit"] = edit
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def content_of(project: ProjectRow) -> tuple[str, str, list[Any]]:
    """What a person edits: a change of it is another version."""
    prompts = [clip.prompt for clip in project.clips]
    return project.title, fingerprint(project), [*prompts, (project.edit or {}).get("markers")]


def _exact(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 60 else format_duration(seconds)
