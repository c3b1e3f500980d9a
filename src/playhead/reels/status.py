"""The status of a project, derived from its clips, their takes and its stitches. Pure."""

from collections.abc import Mapping, Sequence

from playhead.catalog.tables import VideoRow
from playhead.jobs.tables import JobRow
from playhead.reels.clips import fingerprint, problem_of
from playhead.reels.problems import transition_problems
from playhead.reels.prompt_shapes import ACTIVE_TAKES, TakeState
from playhead.reels.shapes import ProjectStatus
from playhead.reels.tables import ProjectRow

ENDED_BADLY = frozenset[TakeState]({"failed", "refused", "unknown"})


def status_of(
    row: ProjectRow, videos: Mapping[str, VideoRow], stitches: Sequence[JobRow], takes: Mapping[str, TakeState]
) -> ProjectStatus:
    """Tell where a project stands.

    Args:
        stitches: Newest first.
        takes: State of each clip's active take, else of its newest.
    """
    if any(job.is_active for job in stitches):
        return "stitching"
    if any(takes.get(clip.id) in ACTIVE_TAKES for clip in row.clips):
        return "generating"
    content = fingerprint(row)
    has_reel = row.reel_video_id in videos
    if has_reel and row.reel_fingerprint == content:
        return "complete"
    if _stitch_failed(stitches, content) or _take_failed(row, takes):
        return "failed"
    if not row.clips or ready_count(row, videos) < len(row.clips):
        return "draft"
    return "stale" if has_reel else "ready"


def _stitch_failed(stitches: Sequence[JobRow], content: str) -> bool:
    """Whether the newest stitch was of this very edit, and failed."""
    return bool(stitches) and stitches[0].state == "failed" and stitches[0].args.get("fingerprint") == content


def _take_failed(row: ProjectRow, takes: Mapping[str, TakeState]) -> bool:
    """Whether the newest take of a clip without a video ended badly."""
    return any(clip.video_id is None and takes.get(clip.id) in ENDED_BADLY for clip in row.clips)


def ready_count(row: ProjectRow, videos: Mapping[str, VideoRow]) -> int:
    """Number of clips that can be stitched."""
    wrong = transition_problems(row.clips, videos)
    return sum(clip.id not in wrong and problem_of(clip, videos.get(clip.video_id or "")) is None for clip in row.clips)
