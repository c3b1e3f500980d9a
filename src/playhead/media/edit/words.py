"""Reasons in words: what is done to the picture of a segment so that it has to be encoded."""

from collections.abc import Iterator

from playhead.media.edit.model import Title
from playhead.media.edit.segments import CaptionLayer, Shown, VideoEffects


def reasons_of(video: VideoEffects) -> tuple[str, ...]:
    """Why a segment is encoded whatever its source is; empty where only its framing is said, which may do nothing."""
    return tuple(dict.fromkeys(_reasons(video)))


def _reasons(video: VideoEffects) -> Iterator[str]:
    yield from _of_source(video.shown)
    if video.before is not None:
        yield f"crossfade of {video.mix_s:g} s"
    for fade in video.fades:
        yield f"dip to {_colour(fade.colour)} of {2 * fade.duration_s:g} s" if fade.dip else f"fade {fade.kind}"
    contents = [layer.content for layer in video.layers]
    if any(isinstance(content, Title) for content in contents):
        yield "title"
    if any(isinstance(content, CaptionLayer) for content in contents):
        yield "captions"
    if any(not isinstance(content, Title | CaptionLayer) for content in contents):
        yield "watermark"


def _colour(colour: str) -> str:
    return {"#000000": "black", "#ffffff": "white"}.get(colour.lower(), colour)


def _of_source(shown: Shown) -> Iterator[str]:
    if shown.card is not None:
        yield "title card"
    elif shown.still:
        yield "still image"
    if shown.speed != 1:
        yield f"{shown.speed:g} times the speed"
    if shown.framing.crop is not None:
        yield "cropped"
