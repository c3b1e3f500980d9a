"""Edits of local files: lowered, and each segment surveyed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from playhead.errors import NotFound
from playhead.media.edit.lowering import lower
from playhead.media.edit.model import Edit
from playhead.media.edit.segments import Segment
from playhead.media.render.files import ClipFile, open_clips
from playhead.media.render.survey import Survey, survey_clip, survey_spans, survey_still
from playhead.media.render.surveyed import ClipSurvey, surveyed


async def survey_edit(edit: Edit, files: Mapping[str, Path]) -> list[ClipSurvey]:
    """Lower an edit and survey its segments.

    Args:
        files: Paths by the ids of videos and images that the edit names.

    Raises:
        NotFound: the edit names a file that is not among them.
        EditUnfit, UnreadableVideo, InvalidSpan: as they say.
    """
    ids = list(dict.fromkeys(clip.video_id for clip in edit.clips if clip.video_id is not None))
    if unknown := [name for name in ids if name not in files]:
        raise NotFound(f"The edit shows {unknown[0]}, which is not among its files.")
    opened = await open_clips([files[name] for name in ids])
    videos = {name: opened[files[name]] for name in ids}
    segments = lower(edit, {name: await length_s(video) for name, video in videos.items()})
    return surveyed(segments, await survey_segments(segments, videos))


async def length_s(video: ClipFile) -> float:
    """Seconds of a whole video as a clip, to the end of its last frame."""
    survey = await survey_clip(video.movie, video.probe, None)
    return float(survey.begin_s + survey.length_s)


async def survey_segments(segments: Sequence[Segment], videos: Mapping[str, ClipFile]) -> list[Survey]:
    """Survey segments, those of one video together."""
    found: dict[int, Survey] = {
        place: survey_still(one.length_s) for place, one in enumerate(segments) if one.source_id not in videos
    }
    for name, video in videos.items():
        places = [place for place, one in enumerate(segments) if one.source_id == name]
        spans = [(segments[place].start_s, segments[place].end_s) for place in places]
        surveys = await survey_spans(video.movie, video.probe, video.read, spans)
        found |= dict(zip(places, surveys, strict=True))
    return [found[place] for place in range(len(segments))]
