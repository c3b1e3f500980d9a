"""Places of an edit's clips in the reel: how long each is shown, and where it overlaps its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from playhead.errors import InvalidInput
from playhead.media.edit.model import Edit, EditClip, Transition

_CUT = Transition()
_SHORTEST_S = 0.001
_SLACK_S = 0.002  # lengths are rounded where they are shown


class EditUnfit(InvalidInput):
    """A transition that its clips are too short for, or a clip without a length."""

    code = "edit_unfit"
    title = "This edit cannot be rendered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A clip in the reel.

    Attributes:
        number: Counted from 1.
        at_s: When its first frame is shown, on the reel's clock.
        length_s: How long it is shown, with what overlaps.
        overlap_in_s, overlap_out_s: Length of the crossfades with the clip before and the one after.
        dip_in, dip_out: Dips to a colour before and after it.
    """

    number: int
    clip: EditClip
    at_s: float
    length_s: float
    overlap_in_s: float = 0.0
    overlap_out_s: float = 0.0
    dip_in: Transition | None = None
    dip_out: Transition | None = None

    @property
    def own_s(self) -> float:
        """How long it is until the crossfade to the clip after it, which is that clip's."""
        return self.length_s - self.overlap_out_s

    def source_s(self, clip_s: float) -> float:
        """Time in its video at a time of its own clock."""
        return self.clip.start_s + clip_s * self.clip.speed

    def clip_s(self, source_s: float) -> float:
        """The inverse of `source_s`."""
        return (source_s - self.clip.start_s) / self.clip.speed


def place(edit: Edit, lengths: Mapping[str, float]) -> list[Placed]:
    """Place all clips.

    Args:
        lengths: Seconds of each video, by its id.

    Raises:
        EditUnfit: a transition longer than half of a clip beside it, or an empty clip.
    """
    seconds = [_length_s(number, clip, lengths) for number, clip in enumerate(edit.clips, 1)]
    # What comes before the first clip is nothing: its transition has no effect.
    transitions = [_CUT, *(clip.transition_in or _CUT for clip in edit.clips[1:]), _CUT]
    placed, at_s = [], 0.0
    for number, clip in enumerate(edit.clips, 1):
        before, after = transitions[number - 1], transitions[number]
        _check(number, before, seconds)
        overlap_s = _overlap_s(before)
        at_s -= overlap_s
        one = Placed(
            number=number,
            clip=clip,
            at_s=at_s,
            length_s=seconds[number - 1],
            overlap_in_s=overlap_s,
            overlap_out_s=_overlap_s(after),
            dip_in=before if before.kind == "dip" else None,
            dip_out=after if after.kind == "dip" else None,
        )
        placed.append(one)
        at_s += one.length_s
    return placed


def reel_length_s(placed: list[Placed]) -> float:
    """Length of the reel."""
    return placed[-1].at_s + placed[-1].length_s if placed else 0.0


def _length_s(number: int, clip: EditClip, lengths: Mapping[str, float]) -> float:
    end_s = clip.end_s
    if end_s is None and clip.video_id is not None:
        end_s = lengths[clip.video_id]
    if end_s is None or end_s <= clip.start_s:
        raise EditUnfit(f"Clip {number} has no length.", hint="Give it an end after its start.")
    return (end_s - clip.start_s) / clip.speed


def _overlap_s(transition: Transition) -> float:
    return transition.duration_s if transition.kind == "crossfade" else 0.0


def _check(number: int, transition: Transition, seconds: list[float]) -> None:
    if transition.kind == "cut":
        return
    for neighbour in (number - 1, number):
        half_s = seconds[neighbour - 1] / 2
        if transition.duration_s > half_s + _SLACK_S:
            raise EditUnfit(
                f"The {transition.kind} of {transition.duration_s:g} s before clip {number} is longer than half of "
                f"clip {neighbour}, which lasts {seconds[neighbour - 1]:.2f} s.",
                hint=f"Make it {int(half_s * 100) / 100:g} s or shorter, or clip {neighbour} longer.",
            )


def touched(spans: list[tuple[float, float]], end_s: float, least_s: float) -> list[tuple[float, float]]:
    """Union of half-open spans within ``[0, end_s)``; what is left between them is at least *least_s* long.

    A span that is far shorter than any frame is left out.
    """
    clipped = ((max(0.0, start), min(end_s, end)) for start, end in spans)
    inside = sorted((start, end) for start, end in clipped if end - start >= _SHORTEST_S)
    merged: list[tuple[float, float]] = []
    for start_s, stop_s in inside:
        start, stop = (0.0 if start_s < least_s else start_s), (end_s if end_s - stop_s < least_s else stop_s)
        if merged and start - merged[-1][1] < least_s:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def runs(spans: list[tuple[float, float]], end_s: float) -> list[tuple[float, float]]:
    """Consecutive spans that cover ``[0, end_s)``: those given, and what is between them."""
    edges = sorted({0.0, end_s, *(edge for span in spans for edge in span)})
    return list(pairwise(edges))
