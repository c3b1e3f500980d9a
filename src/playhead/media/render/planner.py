"""Plan a reel: for each clip which packets are kept, what is encoded, and why. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from playhead.media.render.audio_plan import AudioLine
from playhead.media.render.costs import CLIP_S, REEL_S, audio_s, video_s
from playhead.media.render.format import MAX_FPS, ReelSettings, resolve, snap_rate
from playhead.media.render.grid import FrameRef, Grid
from playhead.media.render.music import MusicSource, plan_music
from playhead.media.render.pieces import CopyRun, FrameRun, by_index, by_time, copy_run, natural_run, of_run, placed
from playhead.media.render.plan import AAC_FRAME, Action, AudioPiece, ClipPlan, ReelFormat, StitchPlan, VideoPiece
from playhead.media.render.reasons import FORCED, clip_reason, differences, shortage, summary
from playhead.media.render.survey import Survey, span_of


@dataclass(frozen=True, slots=True)
class ClipSurvey:
    """A clip as the project has it, with the survey of just this span; *end_s* None for the video's end."""

    clip_id: str
    video_id: str
    survey: Survey
    start_s: float = 0.0
    end_s: float | None = None


@dataclass(slots=True)
class _Timeline:
    """The reel as far as it is planned.

    Attributes:
        asked_s: Total length of the clips.
        ticks, frames: Length of the reel.
    """

    form: ReelFormat
    requested_s: Fraction = Fraction(0)
    ticks: int = 0
    frames: int = 0

    def owed(self, survey: Survey) -> Fraction:
        """Frames that would make the reel as long as its clips, this one included."""
        return (self.requested_s + survey.length_s) * self.form.fps - self.frames

    def ticks_for(self, survey: Survey) -> int:
        """The same in ticks, rounded."""
        return max(1, round((self.requested_s + survey.length_s) * self.form.timescale) - self.ticks)


@dataclass(frozen=True, slots=True)
class _VideoPlan:
    """Video of one clip: its frame runs, their length, what is copied, and why the rest is not."""

    runs: list[FrameRun]
    ticks: int
    run: CopyRun | None
    why: tuple[str, ...] = ()


def plan_stitch(
    clips: Sequence[ClipSurvey],
    settings: ReelSettings,
    *,
    forced: frozenset[str] = frozenset(),
    speed: float = 1.0,
    music: MusicSource | None = None,
) -> StitchPlan:
    """Plan a reel that is as long as its clips together, within one frame, however many there are.

    A copied clip keeps its own whole frames as long as that holds; else it has one more or one less. Only clips
    shorter than a frame add to a reel, as each shows at least one.

    Args:
        forced: Identities of clips that are to be encoded whatever the survey says.
        speed: How much faster this machine encodes than the one that was measured.

    Raises:
        InvalidSpan: a span that is empty or not within its video.
        FormatOutOfBounds: settings that no reel can have.
        MusicUnfit: music that cannot be heard.
        ValueError: a survey of another span than the clip's.
    """
    for clip in clips:
        _check(clip)
    heard = None if music is None else music.checked()
    timeline = _Timeline(resolve([clip.survey for clip in clips], settings, None if heard is None else heard.audio))
    line = AudioLine(timeline.form, [(clip.clip_id, clip.video_id, clip.survey) for clip in clips])
    planned, reasons = [], []
    for clip in clips:
        plan, why = _plan_clip(clip, timeline, line, forced=clip.clip_id in forced, speed=speed)
        planned.append(plan)
        reasons.append(why)
        timeline.requested_s += clip.survey.length_s
        timeline.ticks, timeline.frames = plan.start_tick + plan.ticks, plan.first_frame + plan.frames
    return StitchPlan(
        format=timeline.form,
        clips=tuple(planned),
        ticks=timeline.ticks,
        frames=timeline.frames,
        summary=summary(planned, reasons, timeline.form, music=music is not None) if planned else "There are no clips",
        estimate_s=round(REEL_S + sum(CLIP_S + plan.estimate_s for plan in planned), 2),
        music=None if music is None or heard is None else plan_music(music.music, heard, timeline.form, planned),
    )


def _check(clip: ClipSurvey) -> None:
    survey = clip.survey
    span = span_of(clip.start_s, clip.end_s, survey.duration_s, f"Clip {clip.clip_id}")
    if max(abs(span[0] - survey.start_s), abs(span[1] - survey.end_s)) > 1e-6:
        raise ValueError(f"the survey of clip {clip.clip_id} is of another span")


def _plan_clip(
    clip: ClipSurvey, timeline: _Timeline, line: AudioLine, *, forced: bool, speed: float
) -> tuple[ClipPlan, str]:
    survey, form = clip.survey, timeline.form
    video = _video(survey, timeline, forced=forced)
    pieces = placed(video.runs, form, video.ticks)
    audio, audio_words = line.piece(
        clip.clip_id,
        survey,
        begin_s=Fraction(timeline.ticks, form.timescale),
        end_s=Fraction(timeline.ticks + video.ticks, form.timescale),
        source_s=video.runs[0].start_s,
        forced=forced,
    )
    encoded_s = sum(piece.ticks for piece in pieces if piece.kind == "encode") / form.timescale
    run = video.run
    action: Action = "encode" if run is None else "copy" if run.whole else "boundary"
    plan = ClipPlan(
        clip_id=clip.clip_id,
        video_id=clip.video_id,
        start_s=survey.start_s,
        end_s=survey.end_s,
        action=action,
        reason=clip_reason(survey, run, video.why, encoded_s, audio_words),
        start_tick=timeline.ticks,
        ticks=video.ticks,
        first_frame=timeline.frames,
        frames=sum(piece.frames for piece in pieces),
        video=pieces,
        audio=audio,
        has_audio=survey.audio_codec is not None,
        hdr=survey.hdr,
        interlaced=survey.interlaced,
        pixels=survey.width * survey.height,
        encoded_s=encoded_s,
        estimate_s=round(_estimate_s(survey, form, pieces, audio) / speed, 2),
        colour=survey.tagged,
        height=survey.coded_height or survey.height,
        tracks=survey.tracks,
    )
    return plan, ", ".join(video.why)


def _video(survey: Survey, timeline: _Timeline, *, forced: bool) -> _VideoPlan:
    form, grid = timeline.form, survey.grid
    why = [FORCED] if forced else differences(survey, form)
    if why or grid is None:
        return _encoded(survey, timeline, why)
    run = natural_run(grid, form.timing)
    if run is not None and form.timing == "constant":
        run = _fitted(grid, run, timeline.owed(survey))
    if run is None:
        return _encoded(survey, timeline, [shortage(survey, form)])
    runs = of_run(grid, run, grid.rate if form.timing == "variable" else form.fps)
    ticks = timeline.ticks_for(survey) if form.timing == "variable" else (run.end - run.first.frame) * form.frame_ticks
    return _VideoPlan(runs, ticks, run)


def _fitted(grid: Grid, run: CopyRun, owed: Fraction) -> CopyRun | None:
    """Give a run one frame more or less where the reel would else be off by more than a frame."""
    frames = run.end - run.first.frame
    if abs(owed - frames) <= 1 or (frames == 1 and owed < 1):
        return run
    if owed < frames:
        return copy_run(grid, run.first, run.end - 1)
    if run.end + 1 <= grid.frames or grid.late:
        return copy_run(grid, run.first, run.end + 1)
    earlier = run.first.frame - 1
    return copy_run(grid, FrameRef(earlier, round(earlier * grid.timescale / grid.nominal)), run.end)


def _encoded(survey: Survey, timeline: _Timeline, why: Sequence[str]) -> _VideoPlan:
    form, start_s = timeline.form, survey.begin_s
    if form.timing == "constant":
        frames = max(1, math.floor(timeline.owed(survey) + Fraction(1, 2)))
        runs = by_time(start_s, frames, form.fps, survey.grid)
        return _VideoPlan(runs, frames * form.frame_ticks, None, tuple(why))
    return _VideoPlan(_own_times(survey), timeline.ticks_for(survey), None, tuple(why))


def _own_times(survey: Survey) -> list[FrameRun]:
    grid = survey.grid
    if grid is not None and grid.rate is None and not (grid.early or grid.late):
        return by_index(grid, grid.first, grid.shown)
    rate = grid.rate if grid is not None and grid.rate is not None and grid.rate <= MAX_FPS else None
    rate = rate or snap_rate(survey.fps)
    frames = max(1, math.ceil(survey.length_s * rate - Fraction(1, 4)))  # one shown for less is left out
    return by_time(survey.begin_s, frames, rate, grid)


def _estimate_s(survey: Survey, form: ReelFormat, pieces: Sequence[VideoPiece], audio: AudioPiece | None) -> float:
    total = sum(
        video_s(
            form.codec,
            pixels=form.width * form.height,
            frames=piece.frames,
            source_pixels=survey.width * survey.height,
            seconds=piece.ticks / form.timescale,
            fps=survey.fps,
            hdr=survey.hdr,
        )
        for piece in pieces
        if piece.kind == "encode"
    )
    if audio is None or form.audio is None:
        return total
    made = audio.kind == "encode" or form.audio.mode == "encode"
    return total + (audio_s(audio.slots * AAC_FRAME / form.audio.sample_rate) if made else 0.0)
