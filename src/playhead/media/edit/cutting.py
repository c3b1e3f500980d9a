"""Parts of a segment: what is done to some of its frames, on the clock of the part."""

from collections.abc import Iterator
from dataclasses import replace

from playhead.media.edit.model import WHOLE, Watermark
from playhead.media.edit.segments import AudioEffects, Fade, Heard, Segment, Shown, VideoEffects
from playhead.media.edit.words import reasons_of


def segment_part(whole: Segment, start_s: float, end_s: float) -> Segment:
    """A part of a clip, with what is done there alone.

    Args:
        whole: All of the clip as one segment, with its video and audio.
        start_s, end_s: Half-open span on its clock.
    """
    assert whole.video is not None
    assert whole.audio is not None
    speed = whole.video.shown.speed
    video = video_part(whole.video, start_s, end_s, whole.length_s)
    audio = _audio_part(whole.audio, start_s, end_s)
    reasons = reasons_of(video)
    return Segment(
        clip_id=whole.clip_id,
        source_id=whole.source_id,
        start_s=whole.start_s + start_s * speed,
        end_s=whole.start_s + end_s * speed,
        length_s=end_s - start_s,
        video=video if reasons or video.shown.framing != WHOLE else None,
        audio=None if _does_nothing(audio) else audio,
        reasons=reasons,
        whole=whole,
    )


def video_part(effects: VideoEffects, start_s: float, end_s: float, of_s: float) -> VideoEffects:
    """What is done to a part of a segment.

    Args:
        start_s, end_s: Half-open span on the segment's clock.
        of_s: Length of the segment.
    """
    mixes = effects.before is not None and start_s < effects.mix_start_s + effects.mix_s
    return replace(
        effects,
        shown=_shown(effects.shown, start_s, end_s, of_s),
        before=_shown(effects.before, start_s, end_s, of_s) if effects.before is not None and mixes else None,
        mix_start_s=_since(effects.mix_start_s, start_s) if mixes else 0.0,
        mix_s=effects.mix_s if mixes else 0.0,
        fades=_fades(effects.fades, start_s, end_s),
        layers=tuple(
            replace(layer, start_s=_since(layer.start_s, start_s), end_s=_since(layer.end_s, start_s))
            for layer in effects.layers
            if layer.start_s < end_s and layer.end_s > start_s
        ),
    )


def _audio_part(effects: AudioEffects, start_s: float, end_s: float) -> AudioEffects:
    mixes = effects.before is not None and start_s < effects.mix_start_s + effects.mix_s
    return replace(
        effects,
        heard=_heard(effects.heard, start_s),
        before=_heard(effects.before, start_s) if effects.before is not None and mixes else None,
        mix_start_s=_since(effects.mix_start_s, start_s) if mixes else 0.0,
        mix_s=effects.mix_s if mixes else 0.0,
        fades=_fades(effects.fades, start_s, end_s),
    )


def _heard(heard: Heard, start_s: float) -> Heard:
    return replace(heard, start_s=round(heard.start_s + start_s * heard.speed, 9))


def _does_nothing(audio: AudioEffects) -> bool:
    heard = audio.heard
    plain = heard == Heard(source_id=heard.source_id, start_s=heard.start_s)
    return plain and audio.before is None and not audio.fades


def _fades(fades: tuple[Fade, ...], start_s: float, end_s: float) -> tuple[Fade, ...]:
    return tuple(
        replace(fade, start_s=_since(fade.start_s, start_s))
        for fade in fades
        if fade.start_s < end_s and fade.start_s + fade.duration_s > start_s
    )


def _shown(shown: Shown, start_s: float, end_s: float, of_s: float) -> Shown:
    passing = (shown.zoom_to - shown.zoom_from) / of_s if of_s > 0 else 0.0
    return replace(
        shown,
        start_s=round(shown.start_s + start_s * shown.speed, 9),
        zoom_from=round(shown.zoom_from + passing * start_s, 9),
        zoom_to=round(shown.zoom_from + passing * end_s, 9),
    )


def _since(at_s: float, start_s: float) -> float:
    return round(at_s - start_s, 9)


def sources_of(effects: VideoEffects) -> tuple[str, ...]:
    """Ids of the videos and images that are seen, each once; the segment's own source comes first."""
    shown = [effects.shown, *([effects.before] if effects.before is not None else [])]
    marks = [layer.content.image_id for layer in effects.layers if isinstance(layer.content, Watermark)]
    return tuple(dict.fromkeys(filter(None, [*(one.source_id for one in shown), *marks])))


def has_words(effects: VideoEffects) -> bool:
    """Whether text is drawn."""
    return any(_words(effects))


def _words(effects: VideoEffects) -> Iterator[bool]:
    yield effects.shown.card is not None
    yield effects.before is not None and effects.before.card is not None
    yield from (not isinstance(layer.content, Watermark) for layer in effects.layers)
