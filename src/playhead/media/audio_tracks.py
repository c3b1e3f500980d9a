"""The audio track of a probe that is played: chosen by rule, or by a person, and named in a remark."""

import re
from dataclasses import asdict, replace

from playhead.kit.names import NO_LANGUAGE, channels_name, language_name
from playhead.media.audio_choice import PURPOSES, choose_audio, reason_for
from playhead.media.probe import AudioStream, Probe, duration_s

_REMARK = re.compile(r"\d+ audio tracks; number \d+ ")


def with_audio(probe: Probe, track: int | None = None) -> Probe:
    """A probe with another audio track to play, the duration that follows, and a remark if there are several tracks.

    Args:
        track: libav's index of one of ``audio_tracks``; None chooses by rule.

    Raises:
        LookupError: the file has no such audio track.
    """
    tracks = probe.audio_tracks
    if not tracks and track is None:
        return probe
    facts = [asdict(each) for each in tracks]
    places = {each.track: place for place, each in enumerate(tracks)}
    place = choose_audio(facts) if track is None else places[track]
    others = tuple(remark for remark in probe.remarks if not _REMARK.match(remark))
    said = () if len(tracks) < 2 else (_remark(tracks, place, reason_for(facts, place)),)
    audio = tracks[place]
    length_s = duration_s(probe.video, audio) if probe.video.end_s else probe.duration_s  # older probes lack the end
    return replace(probe, duration_s=length_s, audio=audio, remarks=(*others, *said))


def use_remark(probe: Probe) -> str:
    """Which of several audio tracks is used, such as "audio track 3 is used: the first is silent".

    Empty where it is the first and audible, as anybody expects.
    """
    tracks, audio = probe.audio_tracks, probe.audio
    if audio is None or len(tracks) < 2 or audio not in tracks:
        return ""
    place = tracks.index(audio)
    reason = reason_for([asdict(each) for each in tracks], place)
    if not place and not reason:
        return ""
    return f"audio track {place + 1} is used" + (f": {reason}" if reason else "")


def streaming_order(probe: Probe) -> tuple[int, ...]:
    """Tracks that a stream may play, best first: after the chosen one, its substitutes.

    Substitutes are normal audio of the same language, as far as the file says. Empty for a file with one track, or a
    probe of an older version of Playhead.
    """
    chosen = probe.audio
    if chosen is None or len(probe.audio_tracks) < 2:
        return ()
    known = {chosen.language, *NO_LANGUAGE} if chosen.language not in NO_LANGUAGE else None
    others = [
        each.track
        for each in probe.audio_tracks
        if not (each.silent or each.purpose) and (known is None or each.language in known)
    ]
    return tuple(dict.fromkeys((chosen.track, *others)))


def audible_names(probe: Probe) -> dict[int, tuple[str, str]]:
    """Name and language of each track that is not silent, by index; empty for a file with one track.

    Tracks of the same name are told apart by their place in the file.
    """
    if len(probe.audio_tracks) < 2:
        return {}
    names = [track_name(each) for each in probe.audio_tracks]
    return {
        each.track: (name if name and names.count(name) == 1 else f"{name or 'Audio track'} ({place})", each.language)
        for place, (each, name) in enumerate(zip(probe.audio_tracks, names, strict=True), start=1)
        if not each.silent
    }


def streamed_track(probe: Probe) -> int | None:
    """Index of the played track if it is not the file's first, which browsers play of a file; else None."""
    if probe.audio is None or not probe.audio_tracks or probe.audio.track == probe.audio_tracks[0].track:
        return None
    return probe.audio.track


def track_name(track: AudioStream) -> str:
    """Name of a track, such as ``English, stereo``: title, language, purpose and channels, as far as they are known."""
    words = (track.title, language_name(track.language), PURPOSES.get(track.purpose), channels_name(track.channels))
    return ", ".join(filter(None, words))


def _remark(tracks: tuple[AudioStream, ...], place: int, reason: str) -> str:
    named = f"{len(tracks)} audio tracks; number {place + 1} ({track_name(tracks[place])}) is played"
    return f"{named}: {reason}." if reason else f"{named}."
