"""Layers over a clip's frames: titles, captions that are burned in, and the watermark on top of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from playhead.media.edit.model import Cue, Edit
from playhead.media.edit.placing import Placed
from playhead.media.edit.segments import CaptionLayer, Layer


def layers_of(edit: Edit, one: Placed, near: Sequence[Placed]) -> tuple[Layer, ...]:
    """Layers over a clip, on its clock, the lowest first; those of clips that it overlaps with are among them.

    Args:
        near: The clip with those beside it.
    """
    end_s = one.at_s + one.own_s
    found = [*_titles(near)]
    if edit.captions.mode in ("burned", "both"):
        cues = [cue for cue in edit.captions.cues if cue.start_s < end_s and cue.end_s > one.at_s]
        found += [*_captions(edit, near, cues)]
    if edit.watermark is not None:
        found.append(Layer(content=edit.watermark, start_s=one.at_s, end_s=end_s))
    return tuple(
        replace(layer, start_s=layer.start_s - one.at_s, end_s=layer.end_s - one.at_s)
        for layer in found
        if layer.start_s < end_s and layer.end_s > one.at_s
    )


def reel_cues(edit: Edit, placed: Sequence[Placed]) -> tuple[Cue, ...]:
    """All captions of an edit on the reel's clock, those of its clips and its own, in the order of their times."""
    found = []
    for layer in _captions(edit, placed, edit.captions.cues):
        assert isinstance(layer.content, CaptionLayer)
        cue, at_s = layer.content.cue, layer.start_s
        words = tuple(replace(word, start_s=at_s + word.start_s, end_s=at_s + word.end_s) for word in cue.words)
        found.append(replace(cue, start_s=at_s, end_s=layer.end_s, words=words))
    return tuple(sorted(found, key=lambda cue: (cue.start_s, cue.end_s)))


def _titles(placed: Sequence[Placed]) -> Iterator[Layer]:
    """On the reel's clock; a title ends with its clip."""
    for one in placed:
        for title in one.clip.titles:
            start_s, end_s = max(0.0, title.start_s), min(title.end_s, one.length_s)
            if start_s < end_s:
                own = replace(title, start_s=0.0, end_s=end_s - start_s)
                yield Layer(content=own, start_s=one.at_s + start_s, end_s=one.at_s + end_s)


def _captions(edit: Edit, placed: Sequence[Placed], cues: Sequence[Cue]) -> Iterator[Layer]:
    """On the reel's clock; in a crossfade captions change over in its middle."""
    for one in placed:
        low_s, high_s = one.overlap_in_s / 2, one.length_s - one.overlap_out_s / 2
        for cue in one.clip.cues:
            start_s, end_s = one.clip_s(cue.start_s), one.clip_s(cue.end_s)
            shown = (max(low_s, start_s), min(high_s, end_s))
            if shown[0] < shown[1]:
                yield _caption(edit, cue, one.at_s + shown[0], one.at_s + shown[1], shown[0] - start_s, one.clip.speed)
    for cue in cues:
        yield _caption(edit, cue, cue.start_s, cue.end_s, 0.0, 1.0)


def _caption(edit: Edit, cue: Cue, start_s: float, end_s: float, late_s: float, speed: float) -> Layer:
    """Args:
    late_s: How much of the cue has passed when it is first shown.
    """
    words = tuple(
        replace(
            word,
            start_s=(word.start_s - cue.start_s) / speed - late_s,
            end_s=(word.end_s - cue.start_s) / speed - late_s,
        )
        for word in cue.words
    )
    own = replace(cue, start_s=0.0, end_s=end_s - start_s, words=words)
    return Layer(content=CaptionLayer(cue=own, style=edit.captions.style), start_s=start_s, end_s=end_s)
