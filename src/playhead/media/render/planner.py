"""Plan a reel: for each clip which packets are kept, what is encoded, and why. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from playhead.media.edit.segments import VideoEffects
from playhead.media.render.audio_plan import AudioLine
from playhead.media.render.costs import CLIP_S, REEL_S, audio_s, effects_s, video_s
from playhead.media.render.format import MAX_FPS, ReelSettings, resolve, snap_rate
from playhead.media.render.grid import Grid
from playhead.media.render.music import MusicSource, plan_music
from playhead.media.render.pieces import CopyRun, FrameRun, by_index, by_time, copy_run, natural_run, of_run, placed
from playhead.media.render.plan import (
    AAC_FRAME,
    Action,
    AudioPiece,
    ClipPlan,
    ReelFormat,
    SoftCaptions,
    StitchPlan,
    VideoPiece,
)
from playhead.media.render.reasons import FORCED, clip_reason, differences, shortage, summary
from playhead.media.render.settling import settled
from playhead.media.render.survey import Survey, micros, span_of
from playhead.media.render.surveyed import ClipSurvey, encoded_together, for_format

__all__ = ["ClipSurvey", "plan_stitch"]


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the source of the latest clip goes on.

    Attributes:
        source_s: Time of the next frame.
        frame: Its number, where the reel has the frames of the source one by one.
    """

    clip_id: str
    source_s: Fraction
    frame: int | None = None


@dataclass(slots=True)
class _Timeline:
    """The reel as far as it is planned.

    Attributes:
        asked_s: Total length of the clips.
        ticks, frames: Length of the reel.
        tail: Of its latest clip.
    """

    form: ReelFormat
    requested_s: Fraction = Fraction(0)
    ticks: int = 0
    frames: int = 0
    tail: _Tail | None = None

    def owed(self, clip: ClipSurvey) -> Fraction:
        """Frames that would make the reel as long as its clips, this one included."""
        return (self.requested_s + clip.length_s) * self.form.fps - self.frames

    def ticks_for(self, clip: ClipSurvey) -> int:
        """The same in ticks, rounded."""
        return max(1, round((self.requested_s + clip.length_s) * self.form.timescale) - self.ticks)

    def tail_of(self, clip: ClipSurvey) -> _Tail | None:
        """Where an earlier segment of the same clip ended."""
        return self.tail if self.tail is not None and self.tail.clip_id == clip.clip_id else None

    @property
    def late_s(self) -> Fraction:
        """How much later the next segment begins than it should."""
        return self.ticks * Fraction(1, self.form.timescale) - self.requested_s


@dataclass(frozen=True, slots=True)
class _VideoPlan:
    """Video of one clip: its frame runs, their length, what is copied, and why the rest is not."""

    runs: list[FrameRun]
    ticks: int
    run: CopyRun | None
    why: tuple[str, ...] = ()
    tail: _Tail | None = None


def plan_stitch(
    clips: Sequence[ClipSurvey],
    settings: ReelSettings,
    *,
    forced: frozenset[str] = frozenset(),
    speed: float = 1.0,
    music: MusicSource | None = None,
    captions: SoftCaptions | None = None,
) -> StitchPlan:
    """Plan a reel that is as long as its clips together, within one frame, however many there are.

    A copied clip keeps its own whole frames as long as that holds; else it has one more or one less. Only clips
    shorter than a frame add to a reel, as each shows at least one. Of a clip that is cut into segments every frame is
    shown once: each segment goes on where the one before ended.

    Args:
        clips: Or the segments of clips, in order.
        forced: Identities of clips that are to be encoded whatever the survey says.
        speed: How much faster this machine encodes than the one that was measured.
        captions: Caption track of the reel.

    Raises:
        InvalidSpan: a span that is empty or not within its video.
        FormatOutOfBounds: settings that no reel can have.
        MusicUnfit: music that cannot be heard.
        ValueError: a survey of another span than the clip's.
    """
    for clip in clips:
        _check(clip)
    heard = None if music is None else music.checked()
    timeline = _Timeline(resolve(for_format(clips), settings, None if heard is None else heard.audio))
    line = AudioLine(timeline.form, [(clip.clip_id, clip.video_id, clip.survey) for clip in clips])
    planned: list[ClipPlan] = []
    reasons: list[str] = []
    for clip in encoded_together(clips, timeline.form, forced):
        video = _video(clip, timeline, forced=clip.clip_id in forced)
        if video.runs:
            planned.append(_plan_clip(clip, timeline, video, line, planned, forced=clip.clip_id in forced, speed=speed))
            reasons.append(", ".join(video.why))
            timeline.ticks, timeline.frames = timeline.ticks + video.ticks, timeline.frames + planned[-1].frames
            timeline.tail = video.tail
        timeline.requested_s += clip.length_s
    return StitchPlan(
        format=timeline.form,
        clips=tuple(planned),
        ticks=timeline.ticks,
        frames=timeline.frames,
        summary=summary(planned, reasons, timeline.form, music=music is not None) if planned else "There are no clips",
        estimate_s=round(REEL_S + sum(CLIP_S + plan.estimate_s for plan in planned), 2),
        music=None if music is None or heard is None else plan_music(music.music, heard, timeline.form, planned),
        captions=captions,
    )


def _check(clip: ClipSurvey) -> None:
    survey = clip.survey
    span = span_of(clip.start_s, clip.end_s, survey.duration_s, f"Clip {clip.clip_id}")
    if max(abs(span[0] - survey.start_s), abs(span[1] - survey.end_s)) > 1e-6:
        raise ValueError(f"the survey of clip {clip.clip_id} is of another span")


def _plan_clip(
    clip: ClipSurvey,
    timeline: _Timeline,
    video: _VideoPlan,
    line: AudioLine,
    planned: Sequence[ClipPlan],
    *,
    forced: bool,
    speed: float,
) -> ClipPlan:
    survey, form = clip.survey, timeline.form
    pieces = placed(video.runs, form, video.ticks, clip.speed)
    audio, audio_words = line.piece(
        clip.clip_id,
        survey,
        begin_s=Fraction(timeline.ticks, form.timescale),
        end_s=Fraction(timeline.ticks + video.ticks, form.timescale),
        source_s=video.runs[0].start_s,
        forced=forced,
        effects=None if clip.segment is None else clip.segment.audio,
    )
    encoded_s = sum(piece.ticks for piece in pieces if piece.kind == "encode") / form.timescale
    run = video.run
    action: Action = "encode" if run is None else "copy" if run.whole else "boundary"
    effects = _effects(clip, timeline, video)
    before = planned[-1] if effects is not None and effects.before is not None else None
    return ClipPlan(
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
        estimate_s=round(_estimate_s(clip, form, pieces, audio) / speed, 2),
        colour=survey.tagged,
        height=survey.coded_height or survey.height,
        tracks=survey.tracks,
        effects=effects,
        before=before.source if before is not None and effects and _of_video(effects) else None,
        as_tagged=clip.part and not forced and not clip.still and not differences(survey, form),
    )


def _of_video(effects: VideoEffects) -> bool:
    return effects.before is not None and not effects.before.still


def _effects(clip: ClipSurvey, timeline: _Timeline, video: _VideoPlan) -> VideoEffects | None:
    """What is done to a segment, from the very frames on that it begins with; None where only its framing is said."""
    effects, form = clip.effects, timeline.form
    if effects is None or (not clip.reasons and not video.why):
        return None
    shown = effects.shown if effects.shown.still else replace(effects.shown, start_s=float(video.runs[0].start_s))
    before = effects.before
    if before is not None and not before.still and timeline.tail is not None:
        before = replace(before, start_s=float(timeline.tail.source_s))
    return settled(replace(effects, shown=shown, before=before), form.fps, timeline.late_s)


def _video(clip: ClipSurvey, timeline: _Timeline, *, forced: bool) -> _VideoPlan:
    survey, form, grid = clip.survey, timeline.form, clip.survey.grid
    why = [FORCED] if forced else [] if clip.still else differences(survey, form)
    why += clip.reasons
    if clip.part and form.timing == "constant":
        return _segment(clip, timeline, why)
    if clip.part and why:
        return _at_own_rate(clip, timeline, why)
    if why or grid is None:
        return _encoded(clip, timeline, why)
    run = natural_run(grid, form.timing)
    if run is not None and form.timing == "constant":
        run = _fitted(grid, run, timeline.owed(clip))
    if run is None:
        return _encoded(clip, timeline, [shortage(survey, form)])
    runs = of_run(grid, run, grid.rate if form.timing == "variable" else form.fps)
    ticks = timeline.ticks_for(clip) if form.timing == "variable" else (run.end - run.first.frame) * form.frame_ticks
    return _VideoPlan(runs, ticks, run, (), _tail(clip, grid, run.end))


def _segment(clip: ClipSurvey, timeline: _Timeline, why: Sequence[str]) -> _VideoPlan:
    """Exactly the frames between the edges of a segment; none where both are in one frame."""
    form, grid, tail = timeline.form, clip.survey.grid, timeline.tail_of(clip)
    frames = max(0, math.floor(timeline.owed(clip) + Fraction(1, 2)))
    ticks = frames * form.frame_ticks
    if not frames:
        return _VideoPlan([], 0, None)
    if grid is None or grid.rate != form.fps or clip.speed != 1:
        start_s = _start_s(clip) if tail is None else tail.source_s
        runs = by_time(start_s, frames, form.fps, grid, clip.speed)
        end = _Tail(clip.clip_id, start_s + frames / form.fps * clip.speed)
        return _VideoPlan(runs, ticks, None, tuple(why), end)
    first = grid.first if tail is None or tail.frame is None else grid.at(tail.frame)
    end = _tail(clip, grid, first.frame + frames)
    run = None if why else copy_run(grid, first, first.frame + frames)
    if run is None:
        runs = by_time(grid.time(first), frames, form.fps, grid)
        return _VideoPlan(runs, ticks, None, tuple(why or [shortage(clip.survey, form)]), end)
    return _VideoPlan(of_run(grid, run, form.fps), ticks, run, (), end)


def _start_s(clip: ClipSurvey) -> Fraction:
    return Fraction(0) if clip.still else clip.survey.begin_s


def _tail(clip: ClipSurvey, grid: Grid, frame: int) -> _Tail:
    mark = grid.at(frame) if grid.rate is not None else None
    return _Tail(clip.clip_id, grid.time(mark) if mark else micros(clip.survey.end_s), frame if mark else None)


def _at_own_rate(clip: ClipSurvey, timeline: _Timeline, why: Sequence[str]) -> _VideoPlan:
    """A segment with effects where the timing is variable: frames at the reel's nominal rate."""
    form, tail = timeline.form, timeline.tail_of(clip)
    start_s = _start_s(clip) if tail is None else tail.source_s
    frames = max(1, math.ceil(clip.length_s * form.fps - Fraction(1, 4)))
    end = _Tail(clip.clip_id, start_s + clip.length_s * clip.speed)
    runs = by_time(start_s, frames, form.fps, clip.survey.grid, clip.speed)
    return _VideoPlan(runs, timeline.ticks_for(clip), None, tuple(why), end)


def _fitted(grid: Grid, run: CopyRun, owed: Fraction) -> CopyRun | None:
    """Give a run one frame more or less where the reel would else be off by more than a frame."""
    frames = run.end - run.first.frame
    if abs(owed - frames) <= 1 or (frames == 1 and owed < 1):
        return run
    if owed < frames:
        return copy_run(grid, run.first, run.end - 1)
    if run.end + 1 <= grid.frames or grid.late:
        return copy_run(grid, run.first, run.end + 1)
    return copy_run(grid, grid.at(run.first.frame - 1), run.end)


def _encoded(clip: ClipSurvey, timeline: _Timeline, why: Sequence[str]) -> _VideoPlan:
    survey, form, start_s = clip.survey, timeline.form, clip.survey.begin_s
    if form.timing == "constant":
        frames = max(1, math.floor(timeline.owed(clip) + Fraction(1, 2)))
        tail = _Tail(clip.clip_id, start_s + frames / form.fps)
        runs = by_time(start_s, frames, form.fps, survey.grid)
        return _VideoPlan(runs, frames * form.frame_ticks, None, tuple(why), tail)
    tail = _Tail(clip.clip_id, start_s + survey.length_s)
    return _VideoPlan(_own_times(survey), timeline.ticks_for(clip), None, tuple(why), tail)


def _own_times(survey: Survey) -> list[FrameRun]:
    grid = survey.grid
    if grid is not None and grid.rate is None and not (grid.early or grid.late):
        return by_index(grid, grid.first, grid.shown)
    rate = grid.rate if grid is not None and grid.rate is not None and grid.rate <= MAX_FPS else None
    rate = rate or snap_rate(survey.fps)
    frames = max(1, math.ceil(survey.length_s * rate - Fraction(1, 4)))  # one shown for less is left out
    return by_time(survey.begin_s, frames, rate, grid)


def _estimate_s(clip: ClipSurvey, form: ReelFormat, pieces: Iterable[VideoPiece], audio: AudioPiece | None) -> float:
    survey, pixels = clip.survey, form.width * form.height
    encoded = [piece for piece in pieces if piece.kind == "encode"]
    total = sum(
        video_s(
            form.codec,
            pixels=pixels,
            frames=piece.frames,
            source_pixels=survey.width * survey.height,
            seconds=piece.ticks / form.timescale * float(clip.speed),
            fps=survey.fps,
            hdr=survey.hdr,
        )
        for piece in encoded
    )
    total += effects_s(clip.effects, pixels * sum(piece.frames for piece in encoded))
    if audio is None or form.audio is None:
        return total
    made = audio.kind == "encode" or form.audio.mode == "encode"
    return total + (audio_s(audio.slots * AAC_FRAME / form.audio.sample_rate) if made else 0.0)
