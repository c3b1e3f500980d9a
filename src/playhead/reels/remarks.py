"""What else to know of a reel before it is stitched: nothing that prevents it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from playhead.reels.sources import Sources

if TYPE_CHECKING:
    from playhead.media.edit.model import Cue, Edit

MOST = 20
"""Remarks of one plan."""


def remarks_on(edit: "Edit", sources: Sources) -> list[str]:
    """Sentences about what has no effect or is never seen, letters that no font has, and silent audio tracks."""
    shown = (*_first_transition(edit), *_fades(edit), *_never_shown(edit))
    found = [*shown, *_words(edit, sources), *_audio(edit, sources)]
    more = len(found) - MOST
    return found if more <= 0 else [*found[:MOST], f"And {more} more."]


def _first_transition(edit: "Edit") -> Iterator[str]:
    first = edit.clips[0].transition_in
    if first is not None and first.kind != "cut":
        yield f"Nothing comes before clip 1, so its {first.kind} has no effect."


def _never_shown(edit: "Edit") -> Iterator[str]:
    """Titles and captions whose times show nothing: a typing mistake that the reel would keep silent about."""
    for number, clip in enumerate(edit.clips, start=1):
        length_s = None if clip.end_s is None else (clip.end_s - clip.start_s) / clip.speed
        for title in clip.titles:
            if title.end_s <= title.start_s:
                yield f"Title “{title.text}” of clip {number} ends before it begins, so it is not shown."
            elif length_s is not None and title.start_s >= length_s:
                yield f"Title “{title.text}” of clip {number} begins after the clip's end, so it is not shown."
        yield from _backward(f"of clip {number}", clip.cues)
    yield from _backward("of the reel", edit.captions.cues)


def _backward(whose: str, cues: "Sequence[Cue]") -> Iterator[str]:
    for cue in cues:
        if cue.end_s <= cue.start_s:
            yield f"Caption “{cue.text}” {whose} ends before it begins, so it is not shown."


def _fades(edit: "Edit") -> Iterator[str]:
    """A crossfade takes the place of what the clips beside it have."""
    mixed = [clip.transition_in is not None and clip.transition_in.kind == "crossfade" for clip in edit.clips]
    for number, clip in enumerate(edit.clips, start=1):
        if number > 1 and mixed[number - 1] and clip.fade_in_s > 0:
            yield f"Clip {number} begins in a crossfade, so its own fade in has no effect."
        if number < len(mixed) and mixed[number] and clip.fade_out_s > 0:
            yield f"Clip {number} ends in a crossfade, so its own fade out has no effect."


def _words(edit: "Edit", sources: Sources) -> Iterator[str]:
    """What is not drawn as it is written."""
    from playhead.media.text.faces import faces_in
    from playhead.media.text.problems import text_problems

    texts = list(_drawn(edit))
    if texts:
        yield from (problem.detail for problem in text_problems(texts, faces_in(sources.fonts)))


def _drawn(edit: "Edit") -> Iterator[tuple[str, str]]:
    burned = edit.captions.mode in ("burned", "both")
    for number, clip in enumerate(edit.clips, start=1):
        if clip.card is not None:
            yield f"the card of clip {number}", f"{clip.card.text}\n{clip.card.subtitle}"
        for title in clip.titles:
            yield f"a title of clip {number}", title.text
        if burned and clip.cues:
            yield f"the captions of clip {number}", "\n".join(cue.text for cue in clip.cues)
    if burned and edit.captions.cues:
        yield "the captions of the reel", "\n".join(cue.text for cue in edit.captions.cues)


def _audio(edit: "Edit", sources: Sources) -> Iterator[str]:
    """Tracks that are played instead of a silent first one, and silent ones that were chosen."""
    from playhead.media.probe import Probe

    for number, clip in enumerate(edit.clips, start=1):
        video = sources.videos.get(clip.video_id or "")
        if video is None or video.probe is None:
            continue
        if len(video.probe.get("audio_tracks") or ()) < 2:
            continue
        probe = Probe.from_dict(video.probe)
        tracks, played = probe.audio_tracks, clip.audio_track
        played = probe.audio.track if played is None and probe.audio else played
        if tracks[0].silent and played != tracks[0].track:
            yield f"Clip {number}: its first audio track is silent, track {played} is used."
        elif any(track.silent and track.track == played for track in tracks):
            yield f"Clip {number}: audio track {played}, which it uses, is silent."
