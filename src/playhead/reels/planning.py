"""Plans of edits: lowered to segments, each surveyed, then planned; the same for the shown plan and the stitch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from playhead.catalog.indexes import Indexes
from playhead.reels.sources import Sources
from playhead.reels.surveys import Progress, Span, reel_settings, survey_videos

if TYPE_CHECKING:
    from playhead.media.edit.model import Edit, EditClip
    from playhead.media.edit.segments import Segment
    from playhead.media.render.format import ReelSettings
    from playhead.media.render.plan import SoftCaptions, StitchPlan
    from playhead.media.render.survey import Survey


SAME_S = 1e-6


@dataclass(frozen=True, slots=True)
class LoweredEdit:
    """An edit with its segments, as planned from a snapshot."""

    edit: "Edit"
    segments: "Sequence[Segment]"
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, snapshot: Mapping[str, Any], sources: Sources) -> "LoweredEdit":
        """Lower the edit of a snapshot.

        Raises:
            EditUnfit: a transition that is too long for its clips.
        """
        from playhead.media.edit.lowering import lower
        from playhead.reels.engine_edits import engine_edit

        edit = _within(engine_edit(snapshot), sources.lengths)
        return cls(edit, lower(edit, sources.lengths), snapshot["settings"])

    async def survey(self, indexes: Indexes, sources: Sources, progress: Progress | None = None) -> "list[Survey]":
        """Survey the segments, in their order.

        Raises:
            InvalidSpan: a span that is not within its video.
            ClipVideoGone: a video's bytes are not there any more.
        """
        spans = {place: span for place, span in enumerate(self._spans(sources.lengths)) if span is not None}
        found = await survey_videos(indexes, list(spans.values()), sources.videos, progress)
        of_videos = dict(zip(spans, found, strict=True))
        return [
            of_videos[place] if place in of_videos else _survey_still(segment, sources)
            for place, segment in enumerate(self.segments)
        ]

    def plan(
        self,
        surveys: "Sequence[Survey]",
        sources: Sources,
        forced: frozenset[str] = frozenset(),
        settings: "ReelSettings | None" = None,
    ) -> "StitchPlan":
        """Plan the reel.

        Args:
            sources: With the video of the music.
            forced: Ids of clips that are encoded in any case.
            settings: Instead of its own.
        """
        from playhead.media.probe import Probe
        from playhead.media.render.music import MusicSource
        from playhead.media.render.planner import plan_stitch
        from playhead.media.render.surveyed import surveyed

        music = self.edit.music
        probe = None if music is None else Probe.from_dict(sources.videos[music.video_id].probe or {})
        return plan_stitch(
            surveyed(self.segments, surveys),
            settings or reel_settings(self.settings),
            forced=forced,
            music=None if music is None or probe is None else MusicSource(music, probe),
            captions=self.soft_captions(sources),
        )

    def soft_captions(self, sources: Sources) -> "SoftCaptions | None":
        """The caption track that a player can hide; None where none is wanted, or nothing is said."""
        from playhead.media.render.soft_captions import soft_captions

        return soft_captions(self.edit, sources.lengths)

    def _spans(self, lengths: Mapping[str, float]) -> "list[Span | None]":
        """Of each segment of a video; its clip's own end where the segment ends with it."""
        numbers = {clip.clip_id: number for number, clip in enumerate(self.edit.clips, start=1)}
        found: list[Span | None] = []
        for segment in self.segments:
            clip = self.edit.clips[numbers[segment.clip_id] - 1]
            if clip.video_id is None:
                found.append(None)
                continue
            end_s = clip.end_s if _is_untouched(segment, clip, lengths) else segment.end_s
            found.append(Span(numbers[segment.clip_id], segment.source_id, segment.start_s, end_s, clip.audio_track))
        return found


def _is_untouched(segment: "Segment", clip: "EditClip", lengths: Mapping[str, float]) -> bool:
    """Whether a segment is all of its clip as it is: without effects, and with nothing left to a crossfade after it."""
    end_s = lengths[segment.source_id] if clip.end_s is None else clip.end_s
    ends = abs(end_s - segment.end_s) < SAME_S
    return ends and segment.start_s == clip.start_s and segment.video is None and segment.audio is None


def _survey_still(segment: "Segment", sources: Sources) -> "Survey":
    from playhead.media.render.survey import survey_still

    image = sources.images.get(segment.source_id)
    size = (image.width, image.height) if image is not None else (0, 0)
    return survey_still(segment.length_s, *size)


def _within(edit: "Edit", lengths: Mapping[str, float]) -> "Edit":
    """The edit without what its clips go past the ends of their videos, which is less than a frame or two."""
    clips = tuple(
        replace(clip, end_s=None) if _is_past(clip.video_id, clip.end_s, lengths) else clip for clip in edit.clips
    )
    return replace(edit, clips=clips)


def _is_past(video_id: str | None, end_s: float | None, lengths: Mapping[str, float]) -> bool:
    return video_id is not None and end_s is not None and end_s > lengths.get(video_id, end_s)
