"""Surveys of spans of videos from their indexes, read out of any store by ranges, one video in memory at a time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from playhead.catalog.indexes import Indexes
from playhead.catalog.tables import VideoRow
from playhead.reels.errors import ClipVideoGone
from playhead.reels.settings import DEFAULTS
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound

if TYPE_CHECKING:
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.survey import Survey

log = structlog.get_logger(__name__)

Progress = Callable[[float], Awaitable[None]]


class Span(NamedTuple):
    """A half-open span of a video with one of its audio tracks; None: to its end, the track that is played.

    Attributes:
        number: Of the clip, from 1.
    """

    number: int
    video_id: str
    start_s: float
    end_s: float | None
    audio_track: int | None = None


async def survey_videos(
    indexes: Indexes, spans: Sequence[Span], videos: Mapping[str, VideoRow], progress: Progress | None = None
) -> "list[Survey]":
    """Survey spans, in their order.

    Args:
        videos: Ready; all that the spans name.

    Raises:
        InvalidSpan: a span that is not within its video.
        ClipVideoGone: a video's bytes are not there any more.
    """
    places: dict[tuple[str, int | None], list[int]] = {}
    for place, span in enumerate(spans):
        places.setdefault((span.video_id, span.audio_track), []).append(place)
    found: dict[int, Survey] = {}
    for (video_id, track), here in places.items():
        found |= await _survey_video(indexes, videos[video_id], track, {place: spans[place] for place in here})
        if progress is not None:
            await progress(len(found) / len(spans))
    return [found[place] for place in range(len(spans))]


async def _survey_video(
    indexes: Indexes, video: VideoRow, track: int | None, spans: Mapping[int, Span]
) -> "dict[int, Survey]":
    from playhead.media.audio_tracks import with_audio
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
        raise ClipVideoGone(min(span.number for span in spans.values())) from error
    probe = Probe.from_dict(video.probe or {})
    if track is not None:
        probe = with_audio(probe, track)
    wanted = [(span.start_s, span.end_s) for span in spans.values()]
    return dict(zip(spans, await survey_spans(movie, probe, indexes.reader(key), wanted), strict=True))


def reel_settings(settings: Mapping[str, Any]) -> "ReelSettings":
    """The settings of a project, also of one from before the codec was a setting, as the planner takes them."""
    from playhead.media.render.format import ReelSettings

    facts = {**DEFAULTS, **settings}
    return ReelSettings(audio=facts.pop("sound"), **facts)
