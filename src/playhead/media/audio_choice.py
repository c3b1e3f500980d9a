"""Choice of the audio track that is played. The standard library alone: programs that read files import it too."""

from collections.abc import Mapping, Sequence
from typing import Any

PURPOSES = {
    "commentary": "commentary",
    "hearing_impaired": "for the hard of hearing",
    "audio_description": "audio description",
}
"""Names of the purposes of tracks that are not the normal audio."""


def choose_audio(tracks: Sequence[Mapping[str, Any]]) -> int:
    """The place in *tracks* of the track to play.

    An audible track goes before a silent one, a normal one before a commentary or a description, then the one that
    the file alone marks as its default, then the first. Many writers mark the first track, or every track, whatever
    is on it, so the mark decides last.

    Args:
        tracks: At least one, in file order, each with ``default``, ``silent`` and ``purpose`` as of an `AudioStream`.
    """
    return min(range(len(tracks)), key=lambda place: (*_drawbacks(tracks[place]), not _is_default(tracks, place)))


def _drawbacks(track: Mapping[str, Any]) -> tuple[bool, bool]:
    return track.get("silent") is True, bool(track.get("purpose"))


def _is_default(tracks: Sequence[Mapping[str, Any]], place: int) -> bool:
    return [at for at, track in enumerate(tracks) if track.get("default")] == [place]


def reason_for(tracks: Sequence[Mapping[str, Any]], place: int) -> str:
    """Reason why `choose_audio` plays a track other than the first, such as "the first is silent".

    Empty if the first one is played, or a person chose the track.
    """
    if place != choose_audio(tracks):
        return ""
    if all(track.get("silent") for track in tracks):
        return "all of them are silent"
    if not place:
        return ""
    if _drawbacks(tracks[place]) in map(_drawbacks, tracks[:place]):
        return "the file marks it as its default"
    return _flaws(tracks[:place])


def _flaws(earlier: Sequence[Mapping[str, Any]]) -> str:
    flaws = dict.fromkeys("silent" if track.get("silent") else PURPOSES[track["purpose"]] for track in earlier)
    subject = "the first is" if len(earlier) == 1 else "those before it are"
    return f"{subject} {' or '.join(flaws)}"
