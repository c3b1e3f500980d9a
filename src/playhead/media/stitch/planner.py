"""Plan a reel: for each clip which packets are kept, what is encoded, and why. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from playhead.media.stitch.audio_plan import sound_piece
from playhead.media.stitch.costs import CLIP_S, REEL_S, picture_s, sound_s
from playhead.media.stitch.format import MAX_FPS, ReelSettings, resolve, snap_rate
from playhead.media.stitch.grid import Grid, Mark
from playhead.media.stitch.pieces import CopyRun, Stretch, by_index, by_time, copy_run, natural_run, of_run, placed
from playhead.media.stitch.plan import AAC_FRAME, Action, ClipPlan, PicturePiece, ReelFormat, SoundPiece, StitchPlan
from playhead.media.stitch.reasons import FORCED, clip_reason, differences, shortage, summary
from playhead.media.stitch.survey import Survey, span_of


@dataclass(frozen=True, slots=True)
class ClipSurvey:
    """A clip as the project has it, with the survey of just this span; *end_s* None for the video's end."""

    clip_id: str
    video_id: str
    survey: Survey
    start_s: float = 0.0
    end_s: float | None = None


@dataclass(slots=True)
class _Line:
    """How far the reel has come.

    Attributes:
        asked_s: The clips' lengths together.
        ticks, frames: What the reel has.
    """

    form: ReelFormat
    asked_s: Fraction = Fraction(0)
    ticks: int = 0
    frames: int = 0

    def owed(self, survey: Survey) -> Fraction:
        """Frames that would make the reel as long as its clips, this one included."""
        return (self.asked_s + survey.length_s) * self.form.fps - self.frames

    def ticks_for(self, survey: Survey) -> int:
        """The same in ticks, rounded."""
        return max(1, round((self.asked_s + survey.length_s) * self.form.timescale) - self.ticks)


@dataclass(frozen=True, slots=True)
class _Picture:
    """One clip's pictures: how they are made, how long they take, what is copied, why the rest is not."""

    stretches: list[Stretch]
    ticks: int
    run: CopyRun | None
    why: tuple[str, ...] = ()


def plan_stitch(
    clips: Sequence[ClipSurvey],
    settings: ReelSettings,
    *,
    forced: frozenset[str] = frozenset(),
    speed: float = 1.0,
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
        ValueError: a survey of another span than the clip's.
    """
    for clip in clips:
        _check(clip)
    line = _Line(resolve([clip.survey for clip in clips], settings))
    planned, reasons = [], []
    for clip in clips:
        plan, why = _plan_clip(clip, line, forced=clip.clip_id in forced, speed=speed)
        planned.append(plan)
        reasons.append(why)
        line.asked_s += clip.survey.length_s
        line.ticks, line.frames = plan.start_tick + plan.ticks, plan.first_frame + plan.frames
    return StitchPlan(
        format=line.form,
        clips=tuple(planned),
        ticks=line.ticks,
        frames=line.frames,
        summary=summary(planned, reasons, line.form) if planned else "There are no clips",
        estimate_s=round(REEL_S + sum(CLIP_S + plan.estimate_s for plan in planned), 2),
    )


def _check(clip: ClipSurvey) -> None:
    survey = clip.survey
    span = span_of(clip.start_s, clip.end_s, survey.duration_s, f"Clip {clip.clip_id}")
    if max(abs(span[0] - survey.start_s), abs(span[1] - survey.end_s)) > 1e-6:
        raise ValueError(f"the survey of clip {clip.clip_id} is of another span")


def _plan_clip(clip: ClipSurvey, line: _Line, *, forced: bool, speed: float) -> tuple[ClipPlan, str]:
    survey, form = clip.survey, line.form
    picture = _picture(survey, line, forced=forced)
    pieces = placed(picture.stretches, form, picture.ticks)
    sound, sound_words = sound_piece(
        survey,
        form,
        begin_s=Fraction(line.ticks, form.timescale),
        end_s=Fraction(line.ticks + picture.ticks, form.timescale),
        source_s=picture.stretches[0].start_s,
        forced=forced,
    )
    encoded_s = sum(piece.ticks for piece in pieces if piece.kind == "encode") / form.timescale
    run = picture.run
    action: Action = "encode" if run is None else "copy" if run.whole else "boundary"
    plan = ClipPlan(
        clip_id=clip.clip_id,
        video_id=clip.video_id,
        start_s=survey.start_s,
        end_s=survey.end_s,
        action=action,
        reason=clip_reason(survey, run, picture.why, encoded_s, sound_words),
        start_tick=line.ticks,
        ticks=picture.ticks,
        first_frame=line.frames,
        frames=sum(piece.frames for piece in pieces),
        picture=pieces,
        sound=sound,
        has_audio=survey.audio_codec is not None,
        hdr=survey.hdr,
        interlaced=survey.interlaced,
        pixels=survey.width * survey.height,
        encoded_s=encoded_s,
        estimate_s=round(_estimate_s(survey, form, pieces, sound) / speed, 2),
        colour=survey.tagged,
        height=survey.coded_height or survey.height,
        tracks=survey.tracks,
    )
    return plan, ", ".join(picture.why)


def _picture(survey: Survey, line: _Line, *, forced: bool) -> _Picture:
    form, grid = line.form, survey.grid
    why = [FORCED] if forced else differences(survey, form)
    if why or grid is None:
        return _encoded(survey, line, why)
    run = natural_run(grid, form.timing)
    if run is not None and form.timing == "constant":
        run = _fitted(grid, run, line.owed(survey))
    if run is None:
        return _encoded(survey, line, [shortage(survey, form)])
    stretches = of_run(grid, run, grid.rate if form.timing == "variable" else form.fps)
    ticks = line.ticks_for(survey) if form.timing == "variable" else (run.end - run.first.frame) * form.frame_ticks
    return _Picture(stretches, ticks, run)


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
    return copy_run(grid, Mark(earlier, round(earlier * grid.timescale / grid.nominal)), run.end)


def _encoded(survey: Survey, line: _Line, why: Sequence[str]) -> _Picture:
    form, start_s = line.form, survey.begin_s
    if form.timing == "constant":
        frames = max(1, math.floor(line.owed(survey) + Fraction(1, 2)))
        stretches = by_time(start_s, frames, form.fps, survey.grid)
        return _Picture(stretches, frames * form.frame_ticks, None, tuple(why))
    return _Picture(_own_times(survey), line.ticks_for(survey), None, tuple(why))


def _own_times(survey: Survey) -> list[Stretch]:
    grid = survey.grid
    if grid is not None and grid.rate is None and not (grid.early or grid.late):
        return by_index(grid, grid.first, grid.shown)
    rate = grid.rate if grid is not None and grid.rate is not None and grid.rate <= MAX_FPS else None
    rate = rate or snap_rate(survey.fps)
    frames = max(1, math.ceil(survey.length_s * rate - Fraction(1, 4)))  # one shown for less is left out
    return by_time(survey.begin_s, frames, rate, grid)


def _estimate_s(survey: Survey, form: ReelFormat, pieces: Sequence[PicturePiece], sound: SoundPiece | None) -> float:
    total = sum(
        picture_s(
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
    if sound is None or form.sound is None:
        return total
    made = sound.kind == "encode" or form.sound.mode == "encode"
    return total + (sound_s(sound.slots * AAC_FRAME / form.sound.sample_rate) if made else 0.0)
