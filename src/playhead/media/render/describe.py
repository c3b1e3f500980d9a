"""Facts of a file that are known without decoding it, for people and for JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from itertools import pairwise
from typing import Any

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.configuration import codec_string
from playhead.media.mp4.movie import Movie, Track
from playhead.media.mp4.parameter_sets import video_facts
from playhead.media.mp4.presentation import shown, zero_s
from playhead.media.probe import AudioStream, Probe, VideoStream
from playhead.media.render.files import ClipFile
from playhead.media.render.grid import Times


def describe(file: ClipFile) -> dict[str, Any]:
    """JSON-safe facts; facts of an index are None where there is none that we read.

    ``duration_s`` of a track is how long it is presented, from ``start_s`` on; ``header_duration_s`` is what the
    header claims, for a track only where that is not the length of its samples.
    """
    movie, probe = file.movie, file.probe
    return {
        "container": probe.container,
        "size_bytes": probe.size_bytes,
        "duration_s": probe.duration_s,
        "header_duration_s": None if movie is None else _header_s(movie),
        "faststart": None if movie is None else movie.faststart,
        "fragmented": None if movie is None else movie.fragmented,
        "jumps": [asdict(jump) for jump in probe.jumps],
        "remarks": list(probe.remarks),
        "tracks": _of_probe(probe) if movie is None else [*_of_movie(movie, probe), *_unread(movie, probe)],
    }


def _header_s(movie: Movie) -> float | None:
    # Fragments have no length in the header.
    return round(movie.header_duration / movie.timescale, 6) if movie.timescale and movie.header_duration else None


def _of_movie(movie: Movie, probe: Probe) -> Iterator[dict[str, Any]]:
    audio = {one.track: one for one in probe.audio_tracks}
    for track in movie.tracks:
        header_s, span = Fraction(track.header_duration, track.timescale), shown(movie, track)
        common: dict[str, Any] = {
            "kind": track.kind,
            "codec_string": _codec_string(track),
            "duration_s": round(float(span.end_s - span.start_s), 6),
            "header_duration_s": round(float(header_s), 6) if header_s not in (0, track.duration) else None,
            "samples": len(track.samples),
            "language": track.language,
            "start_s": round(float(span.start_s - zero_s(movie)), 6),
            "changes": [],
        }
        if track.kind == "video":
            yield {**common, **_video(movie, track, probe)}
        else:
            yield {**common, **_audio(audio.get(track.index) or _undecoded(track), probe)}


def _undecoded(track: Track) -> AudioStream:
    """An audio track that libav has no decoder for."""
    entry = track.entry
    return AudioStream(entry.fourcc, entry.sample_rate, entry.channels, track.index, default=track.enabled)


def _unread(movie: Movie, probe: Probe) -> list[dict[str, Any]]:
    """Audio tracks that only libav can read."""
    return [
        {**_UNKNOWN, **_covered(one), "kind": "audio", **_audio(one, probe)}
        for one in probe.audio_tracks
        if one.track in movie.unread
    ]


def _covered(stream: VideoStream | AudioStream) -> dict[str, Any]:
    """What a scan of the packets found; a duration of None is not known."""
    duration_s = round(stream.end_s - stream.start_s, 6) if stream.end_s else None
    changes = [asdict(change) for change in stream.changes]
    return {"start_s": stream.start_s, "duration_s": duration_s, "changes": changes}


def _audio(audio: AudioStream, probe: Probe) -> dict[str, Any]:
    return {
        "codec": audio.codec,
        "sample_rate": audio.sample_rate,
        "channels": audio.channels,
        "track": audio.track,
        "title": audio.title,
        "default": audio.default,
        "purpose": audio.purpose,
        "silent": audio.silent,
        "played": probe.audio is not None and audio.track == probe.audio.track,
    }


def _video(movie: Movie, track: Track, probe: Probe) -> dict[str, Any]:
    try:
        facts = video_facts(track.entry)
    except Mp4Unreadable:
        facts = None
    times = Times(movie, track) if len(track.samples) else None
    if times is not None and times.end <= times.begin:
        times = None  # an edit list that shows nothing
    rate = times.rate if times is not None else None
    shown_s = track.duration if times is None else Fraction(times.end_tick, track.timescale)
    return {
        "duration_s": round(float(shown_s), 6),
        "codec": facts.codec if facts is not None else track.entry.fourcc,
        "width": probe.video.width,
        "height": probe.video.height,
        "fps": str(rate or probe.video.fps),
        "constant_rate": rate is not None,
        "pix_fmt": probe.video.pix_fmt,
        "colour": asdict(facts.colour) if facts is not None else None,
        "hdr": probe.video.hdr,
        "alpha": probe.video.alpha,
        "rotation": track.orientation.rotation,
        "mirrored": track.orientation.mirrored,
        "interlaced": facts.interlaced if facts is not None else None,
        "keyframes": len(track.samples) if track.samples.sync is None else len(track.samples.sync),
        "keyframe_interval_s": None if times is None else _keyframe_interval(times),
    }


def _keyframe_interval(times: Times) -> float:
    """Longest keyframe interval in seconds, to the end of the last frame."""
    samples = times.track.samples
    sync = range(len(samples)) if samples.sync is None else samples.sync
    shown = [*(samples.pts(index) for index in sync), times.shown[times.begin] + times.end_tick]
    longest = max((after - before for before, after in pairwise(shown)), default=0)
    return round(longest / times.track.timescale, 6)


def _codec_string(track: Track) -> str | None:
    try:
        return codec_string(track.entry)
    except Mp4Unreadable:
        return None


def _of_probe(probe: Probe) -> list[dict[str, Any]]:
    video = probe.video
    tracks: list[dict[str, Any]] = [
        {
            **_UNKNOWN,
            **_covered(video),
            "kind": "video",
            "codec": video.codec,
            "width": video.width,
            "height": video.height,
            "fps": str(video.fps),
            "constant_rate": None,
            "pix_fmt": video.pix_fmt,
            "colour": None if video.colour is None else asdict(video.colour),
            "hdr": video.hdr,
            "alpha": video.alpha,
            "rotation": video.rotation,
            "mirrored": video.mirrored,
            "interlaced": None,
            "keyframes": None,
            "keyframe_interval_s": None,
        }
    ]
    heard = (
        {**_UNKNOWN, **_covered(one), "kind": "audio", "language": one.language, **_audio(one, probe)}
        for one in probe.audio_tracks
    )
    return [*tracks, *heard]


_UNKNOWN = dict.fromkeys(("codec_string", "header_duration_s", "samples", "language"))
