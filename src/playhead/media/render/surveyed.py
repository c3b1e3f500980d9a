"""Clips with the surveys of their spans, and segments that are made in one go since all of them are encoded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from playhead.media.edit.cutting import segment_part
from playhead.media.edit.segments import Segment, VideoEffects
from playhead.media.render.plan import ReelFormat
from playhead.media.render.reasons import differences
from playhead.media.render.survey import STILL, Survey, micros


@dataclass(frozen=True, slots=True)
class ClipSurvey:
    """A clip as the project has it, or a segment of it, with the survey of just this span.

    Attributes:
        video_id: Its source: a video or an image; empty for a card.
        end_s: None for the video's end.
        segment: What is done to it; None: nothing.
    """

    clip_id: str
    video_id: str
    survey: Survey
    start_s: float = 0.0
    end_s: float | None = None
    segment: Segment | None = None

    @property
    def effects(self) -> VideoEffects | None:
        """What is done to its video."""
        return None if self.segment is None else self.segment.video

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why its video is encoded whatever the source is."""
        return () if self.segment is None else self.segment.reasons

    @property
    def still(self) -> bool:
        """It is an image or a card."""
        return self.survey.container == STILL

    @property
    def part(self) -> bool:
        """Its clip has more segments, or something is done to its video."""
        segment = self.segment
        if segment is None or segment.whole is None:
            return False
        return segment.video is not None or segment.length_s != segment.whole.length_s

    @property
    def speed(self) -> Fraction:
        """Seconds of the source for each second of the reel."""
        return Fraction(1) if self.effects is None else Fraction(self.effects.shown.speed)

    @property
    def length_s(self) -> Fraction:
        """How long it is shown."""
        return micros(self.segment.length_s) if self.part and self.segment is not None else self.survey.length_s


def surveyed(segments: Sequence[Segment], surveys: Sequence[Survey]) -> list[ClipSurvey]:
    """Segments with their surveys, as `plan_stitch` takes them.

    Args:
        surveys: Of ``[start_s, end_s)`` of each segment's source; `survey_still` of images and cards.
    """
    return [
        ClipSurvey(one.clip_id, one.source_id, survey, survey.start_s, survey.end_s, one)
        for one, survey in zip(segments, surveys, strict=True)
    ]


def for_format(clips: Iterable[ClipSurvey]) -> list[Survey]:
    """Surveys that decide about the reel's format: of videos, those that are encoded anyway without a copy."""
    return [
        replace(clip.survey, copy_blockers=(*clip.survey.copy_blockers, "has effects")) if clip.reasons else clip.survey
        for clip in clips
        if not clip.still
    ]


def encoded_together(clips: Iterable[ClipSurvey], form: ReelFormat, forced: frozenset[str]) -> Iterator[ClipSurvey]:
    """Segments, where neighbours of one clip are one if nothing of them is copied."""

    def encoded(clip: ClipSurvey) -> bool:
        return clip.clip_id in forced or bool(clip.reasons) or bool(differences(clip.survey, form))

    for _, own in groupby(enumerate(clips), key=_clip_of):
        for together, run in groupby((clip for _, clip in own), key=encoded):
            found = list(run)
            yield from [_one(found)] if together and len(found) > 1 else found


def _clip_of(place: tuple[int, ClipSurvey]) -> int:
    """Clips without segments stand alone."""
    number, clip = place
    return -1 - number if clip.segment is None or clip.segment.whole is None else id(clip.segment.whole)


def _one(parts: Sequence[ClipSurvey]) -> ClipSurvey:
    first, last = parts[0], parts[-1]
    assert first.segment is not None
    whole = first.segment.whole
    assert whole is not None
    start_s = (first.segment.start_s - whole.start_s) / float(first.speed)
    end_s = start_s + sum(part.segment.length_s for part in parts if part.segment is not None)
    survey = replace(first.survey, end_s=last.survey.end_s)
    if survey.grid is not None:
        keys = [key for part in parts if part.survey.grid is not None for key in part.survey.grid.keys]
        survey = replace(survey, grid=replace(survey.grid, keys=tuple(dict.fromkeys(keys))))
    segment = segment_part(whole, start_s, end_s)
    return ClipSurvey(first.clip_id, first.video_id, survey, survey.start_s, survey.end_s, segment)
