"""Why an edit cannot be stitched: problems of clips, transitions, music and watermark. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from playhead.catalog.images.tables import ImageRow
from playhead.catalog.tables import VideoRow
from playhead.reels.clips import Problem, duration_of, problem_of
from playhead.reels.edit_shapes import Transition
from playhead.reels.edits import edit_of, effects_of, track_of
from playhead.reels.prompt_shapes import TakeState
from playhead.reels.shapes import ReelProblem
from playhead.reels.tables import ClipRow, ProjectRow

if TYPE_CHECKING:
    from playhead.media.probe import Probe

SLACK_S = 0.001
"""How much longer a transition may be than half of a clip: lengths are rounded where they are shown."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a project refers to.

    Attributes:
        videos, images: By id.
        tracks: Versions of caption tracks that exist, by id.
        takes: State of each clip's active take, else of its newest.
        probes: Of videos with a clip that names an audio track.
    """

    videos: Mapping[str, VideoRow]
    images: Mapping[str, ImageRow]
    tracks: Mapping[str, int] = field(default_factory=dict)
    takes: Mapping[str, TakeState] = field(default_factory=dict)
    probes: "Mapping[str, Probe]" = field(default_factory=dict)


def clip_problems(clips: Sequence[ClipRow], around: Around) -> dict[str, Problem]:
    """The problem of each clip that has one, by the clip's id."""
    found = {clip.id: problem for clip in clips if (problem := _of_clip(clip, around)) is not None}
    for clip_id, problem in transition_problems(clips, around.videos).items():
        found.setdefault(clip_id, problem)
    return found


def transition_problems(clips: Sequence[ClipRow], videos: Mapping[str, VideoRow]) -> dict[str, Problem]:
    """Transitions that are longer than half of a clip beside them; that of the first clip has no effect."""
    found = {}
    for number, (before, clip) in enumerate(pairwise(clips), start=2):
        transition = effects_of(clip).get("transition_in")
        if transition is None or transition["kind"] == "cut":
            continue
        wanted = Transition.model_validate(transition)
        for neighbour, place in ((before, number - 1), (clip, number)):
            length_s = duration_of(neighbour, videos.get(neighbour.video_id or ""))
            if length_s is not None and wanted.duration_s > length_s / 2 + SLACK_S:
                found[clip.id] = _too_long(wanted, place, length_s)
                break
    return found


def reel_problems(project: ProjectRow, around: Around) -> list[ReelProblem]:
    """Problems of what lies over and under all clips."""
    edit, found = edit_of(project), list[ReelProblem]()
    if edit.music is not None:
        video = around.videos.get(edit.music.video_id)
        if video is None:
            found.append(ReelProblem(code="music_deleted", message="the video of the music was deleted"))
        elif video.state != "ready":
            found.append(ReelProblem(code="music_not_ready", message=f"“{video.title}”, the music, is not ready"))
        elif video.audio_codec is None:
            found.append(ReelProblem(code="music_silent", message=f"“{video.title}”, the music, has no audio"))
    if edit.watermark is not None and edit.watermark.image_id not in around.images:
        found.append(ReelProblem(code="watermark_deleted", message="the image of the watermark was deleted"))
    return found


def _of_clip(clip: ClipRow, around: Around) -> Problem | None:
    if clip.image_id is not None and clip.image_id not in around.images:
        return Problem("image_deleted", "its image was deleted")
    video = around.videos.get(clip.video_id or "")
    if (problem := problem_of(clip, video, around.takes.get(clip.id))) is not None:
        return problem
    track = track_of(clip)
    if track is not None and track not in around.tracks:
        return Problem("captions_deleted", "its caption track was deleted")
    return None if video is None else _audio_track_problem(clip, video, around.probes)


def _audio_track_problem(clip: ClipRow, video: VideoRow, probes: "Mapping[str, Probe]") -> Problem | None:
    wanted = effects_of(clip).get("audio_track")
    if wanted is None or video.id not in probes:
        return None
    tracks = [audio.track for audio in probes[video.id].audio_tracks]
    if wanted in tracks:
        return None
    has = f"has audio tracks {', '.join(map(str, tracks))}" if tracks else "has none to choose"
    return Problem("audio_track_missing", f"it uses audio track {wanted}, but “{video.title}” {has}")


def _too_long(wanted: Transition, place: int, length_s: float) -> Problem:
    return Problem(
        "transition_too_long",
        f"its {wanted.kind} of {wanted.duration_s:g} s is longer than half of clip {place}, "
        f"which lasts {length_s:.2f} s; {int(length_s * 50) / 100:g} s fit",
    )
