"""Edits of local files: lowered, and each segment surveyed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playhead.errors import NotFound
from playhead.media.audio_tracks import with_audio
from playhead.media.edit.lowering import lower
from playhead.media.edit.model import Edit
from playhead.media.edit.placing import EditUnfit
from playhead.media.edit.segments import Segment
from playhead.media.errors import NoVideoTrack
from playhead.media.probe import Probe
from playhead.media.render.files import ClipFile, open_clip, open_clips
from playhead.media.render.music import MusicSource
from playhead.media.render.plan import SoftCaptions
from playhead.media.render.soft_captions import soft_captions
from playhead.media.render.survey import Survey, survey_clip, survey_spans, survey_still
from playhead.media.render.surveyed import ClipSurvey, surveyed
from playhead.media.songs import song_as_video
from playhead.media.tools import MediaTools


@dataclass(frozen=True, slots=True)
class SurveyedEdit:
    """What `plan_stitch` needs of an edit."""

    clips: Sequence[ClipSurvey]
    music: MusicSource | None = None
    captions: SoftCaptions | None = None


async def survey_edit(edit: Edit, files: Mapping[str, Path]) -> SurveyedEdit:
    """Lower an edit and survey its segments.

    Args:
        files: Paths by the ids of videos and images that the edit names.

    Raises:
        NotFound: the edit names a file that is not among them.
        EditUnfit, UnreadableVideo, InvalidSpan: as they say.
    """
    shown = [clip.video_id for clip in edit.clips if clip.video_id is not None]
    heard = [] if edit.music is None else [edit.music.video_id]
    stills = [clip.image_id for clip in edit.clips if clip.image_id is not None]
    stills += [] if edit.watermark is None else [edit.watermark.image_id]
    if unknown := [name for name in (*shown, *heard, *stills) if name not in files]:
        raise NotFound(f"The edit names {unknown[0]}, which is not among its files.")
    ids = list(dict.fromkeys([*shown, *heard]))
    opened = await open_clips([files[name] for name in ids])
    videos = {name: opened[files[name]] for name in ids}
    lengths = {name: await length_s(videos[name]) for name in dict.fromkeys(shown)}
    segments = lower(edit, lengths)
    tracks = {clip.clip_id: clip.audio_track for clip in edit.clips}
    surveys = await survey_segments(segments, videos, tracks)
    music = None if edit.music is None else MusicSource(edit.music, videos[edit.music.video_id].probe)
    return SurveyedEdit(surveyed(segments, surveys), music, soft_captions(edit, lengths))


async def with_song(edit: Edit, files: Mapping[str, Path], folder: Path) -> Mapping[str, Path]:
    """The files, in which music that is audio alone is a video, written to *folder*."""
    name = None if edit.music is None else edit.music.video_id
    if name is None or name not in files:
        return files
    try:
        await open_clip(files[name])
    except NoVideoTrack as error:
        if not error.audio:
            raise
        await song_as_video(files[name], folder / "music.mp4", MediaTools())
        return {**files, name: folder / "music.mp4"}
    return files


async def length_s(video: ClipFile) -> float:
    """Seconds of a whole video as a clip, to the end of its last frame."""
    survey = await survey_clip(video.movie, video.probe, None)
    return float(survey.begin_s + survey.length_s)


async def survey_segments(
    segments: Sequence[Segment], videos: Mapping[str, ClipFile], tracks: Mapping[str, int | None]
) -> list[Survey]:
    """Survey segments, those of one video and audio track together.

    Args:
        tracks: Chosen audio track of each clip, by its id.
    """
    found: dict[int, Survey] = {}
    groups: dict[tuple[str, int | None], list[int]] = {}
    for place, one in enumerate(segments):
        if one.source_id in videos:
            groups.setdefault((one.source_id, tracks.get(one.clip_id)), []).append(place)
        else:
            found[place] = survey_still(one.length_s)
    for (name, track), places in groups.items():
        video = videos[name]
        spans = [(segments[place].start_s, segments[place].end_s) for place in places]
        probe = _heard(video.probe, track, segments[places[0]].clip_id)
        surveys = await survey_spans(video.movie, probe, video.read, spans)
        found |= dict(zip(places, surveys, strict=True))
    return [found[place] for place in range(len(segments))]


def _heard(probe: Probe, track: int | None, clip_id: str) -> Probe:
    if track is None:
        return probe
    try:
        return with_audio(probe, track)
    except LookupError:
        known = ", ".join(str(one.track) for one in probe.audio_tracks) or "none"
        raise EditUnfit(
            f"Clip {clip_id} is to play audio track {track}, which its video does not have.",
            hint=f"It has: {known}.",
        ) from None
