"""Surveys of clips from the indexes of their videos, read out of any store by ranges, one video in memory at a time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

from playhead.catalog.indexes import Indexes
from playhead.catalog.tables import VideoRow
from playhead.reels.errors import ClipVideoGone
from playhead.reels.settings import DEFAULTS
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.planner import ClipSurvey
    from playhead.media.render.survey import Survey

log = structlog.get_logger(__name__)

Progress = Callable[[float], Awaitable[None]]


async def survey_clips(
    indexes: Indexes,
    clips: Sequence[Mapping[str, Any]],
    videos: Mapping[str, VideoRow],
    progress: Progress | None = None,
) -> "list[ClipSurvey]":
    """Survey clips, in their order.

    Args:
        clips: As a stitch keeps them: ``clip_id``, ``video_id``, ``start_s``, ``end_s``.
        videos: Ready; all that the clips name.

    Raises:
        InvalidSpan: a span that is not within its video.
        ClipVideoGone: a video's bytes are not there any more.
    """
    from playhead.media.render.planner import ClipSurvey

    spans: dict[str, list[int]] = {}
    for place, clip in enumerate(clips):
        spans.setdefault(clip["video_id"], []).append(place)
    found: dict[int, Survey] = {}
    for video_id, places in spans.items():
        found |= await _survey_video(indexes, videos[video_id], {place: clips[place] for place in places})
        if progress is not None:
            await progress(len(found) / len(clips))
    return [
        ClipSurvey(clip["clip_id"], clip["video_id"], found[place], found[place].start_s, found[place].end_s)
        for place, clip in enumerate(clips)
    ]


async def _survey_video(
    indexes: Indexes, video: VideoRow, clips: Mapping[int, Mapping[str, Any]]
) -> "dict[int, Survey]":
    from playhead.media.mp4.boxes import Mp4Unreadable
    from playhead.media.probe import Probe
    from playhead.media.render.survey import survey_spans

    key = keys.original(video.id)
    try:
        movie = await indexes.movie(key, video.sha256, video.size_bytes)
    except Mp4Unreadable as error:
        log.debug("mp4_survey_failed", video_id=video.id, detail=str(error))
        movie = None
    except ObjectNotFound as error:
        raise ClipVideoGone(min(clips) + 1) from error
    probe = Probe.from_dict(video.probe or {})
    spans = [(clip["start_s"], clip["end_s"]) for clip in clips.values()]
    return dict(zip(clips, await survey_spans(movie, probe, indexes.reader(key), spans), strict=True))


def reel_settings(settings: Mapping[str, Any]) -> "ReelSettings":
    """The settings of a project, also of one from before the codec was a setting, as the planner takes them."""
    from playhead.media.render.format import ReelSettings

    facts = {**DEFAULTS, **settings}
    return ReelSettings(audio=facts.pop("sound"), **facts)
