"""Audio tracks of a file: the silent ones, and the one that is played."""

import math
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import av

from playhead.media.audio_choice import choose_audio

_TRIES = 100
"""Packets of a late track that may fail to decode before it is given up."""

SILENCE = 10 ** (-70 / 20)
"""Peak below which a track is silent, where full scale is 1: -70 dBFS, under the noise of any microphone."""

WHOLE_S = 8.0
"""A file up to this length is listened to from beginning to end; of one whose length is not known, the beginning is,
then the start of every further piece of this length."""

PLACES = 64
"""Places in a longer one, besides its end: a voice that speaks now and then must not be missed. Takes 0.2 s of CPU for
ten minutes of three tracks, 0.6 s in Matroska (November 2026)."""

LISTEN_S = 0.5
"""At each of them."""

MOST_CPU_S = 1.0
MOST_S = 8.0
"""For all tracks together; on a slow disk the places take longer than the decoding."""

_Disposition = av.stream.Disposition
_PURPOSES = {
    _Disposition.comment: "commentary",
    _Disposition.hearing_impaired: "hearing_impaired",
    _Disposition.visual_impaired: "audio_description",
    _Disposition.descriptions: "audio_description",
}
_SAMPLES: dict[str, tuple[Any, int]] = {
    "u8": ("B", 1 << 7),
    "s16": ("h", 1 << 15),
    "s32": ("i", 1 << 31),
    "s64": ("q", 1 << 63),
    "flt": ("f", 1),
    "dbl": ("d", 1),
}
"""For each sample format, without the ``p`` of planar ones: its code in `struct`, and full scale."""

_MOST_CHARS = 100

TEXT_CODECS = frozenset(("mov_text", "subrip", "webvtt", "text", "ass", "ssa"))
"""Others are pictures, such as those of DVDs and Blu-ray discs."""


def audio_tracks(container: Any) -> list[dict[str, Any]]:
    """Facts of every track that can be decoded, as of ``media.probe.AudioStream``; times and changes are left out."""
    found = []
    for stream in container.streams.audio:
        codec = stream.codec_context
        if codec is not None and codec.sample_rate and codec.layout.nb_channels:
            found.append(
                {
                    "codec": codec.codec.canonical_name,
                    "sample_rate": codec.sample_rate,
                    "channels": codec.layout.nb_channels,
                    "track": stream.index,
                    "profile": codec.profile or "",
                    **_labels(stream),
                }
            )
    return found


def text_tracks(container: Any) -> list[dict[str, Any]]:
    """Facts of every subtitle track that is text, as of ``media.probe.TextStream``."""
    found = []
    for stream in container.streams.subtitles:
        codec = stream.codec_context
        if codec is not None and codec.codec.canonical_name in TEXT_CODECS:
            found.append({"codec": codec.codec.canonical_name, "track": stream.index, **_labels(stream)})
    return found


def unknown_audio(container: Any) -> bool:
    """Whether libav has not found out how an audio track is coded: it begins late, as in a broadcast."""
    return any(
        stream.codec_context is not None and not stream.codec_context.sample_rate for stream in container.streams.audio
    )


def decode_first(container: Any) -> None:
    """Decode of every audio track until its codec is known; the container is left somewhere else."""
    deaf = {each.index: each for each in container.streams.audio if each.codec_context is not None}
    tries = dict.fromkeys(deaf, 0)
    with suppress(av.error.FFmpegError):
        for packet in container.demux(list(deaf.values())):
            if not deaf:
                return
            _try(packet, deaf, tries)


def _try(packet: Any, deaf: dict[int, Any], tries: dict[int, int]) -> None:
    stream = deaf.get(packet.stream_index)
    if stream is None:
        return
    tries[stream.index] += 1
    with suppress(av.error.FFmpegError):
        stream.codec_context.decode(packet)
    if stream.codec_context.sample_rate or tries[stream.index] > _TRIES:
        del deaf[stream.index]


def chosen(tracks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The track that is played; None without any."""
    return tracks[choose_audio(tracks)] if tracks else None


def listen(container: Any, tracks: list[dict[str, Any]]) -> None:
    """Note of each track whether it is silent; those that cannot be decoded are taken out.

    Args:
        container: Not read yet; it is left somewhere else.
    """
    ears = {track["track"]: _Ear(container.streams[track["track"]]) for track in tracks}
    budget = _Budget()
    for start_s, length_s in _places(container):
        deaf = [ear for ear in ears.values() if not ear.heard]
        if not deaf or budget.spent:
            break
        _listen_at(container, deaf, start_s, length_s, budget)
    for track in tracks:
        heard = ears[track["track"]].heard
        track["silent"] = None if budget.spent and not heard else not heard
    tracks[:] = [track for track in tracks if ears[track["track"]].decodes] or tracks


class _Budget:
    """The time that listening may take."""

    def __init__(self) -> None:
        self._cpu_s, self._s = time.process_time() + MOST_CPU_S, time.monotonic() + MOST_S

    @property
    def spent(self) -> bool:
        """Nothing of it is left."""
        return time.process_time() > self._cpu_s or time.monotonic() > self._s


class _Ear:
    """What has been heard of one track."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.heard = False
        self._packets = self._frames = 0

    @property
    def decodes(self) -> bool:
        """Some of what was tried could be decoded, or nothing was there to try."""
        return bool(self._frames) or not self._packets

    def take(self, packet: Any) -> None:
        """Decode a packet and look at its peak."""
        self._packets += bool(packet.size)
        try:
            frames = self.stream.codec_context.decode(packet)
        except av.error.FFmpegError:
            return
        self._frames += len(frames)
        self.heard = self.heard or any(_peak(frame) > SILENCE for frame in frames)


def _places(container: Any) -> Iterator[tuple[float | None, float]]:
    """Start and length in seconds: first the beginning, the middle and the end, then between them.

    A start of None is where the container is.
    """
    length_s = (container.duration or 0) / 1_000_000
    if length_s <= WHOLE_S:  # 0: not known, as in a WebM that was written to a pipe
        yield None, math.inf
        return
    zero_s = (container.start_time or 0) / 1_000_000
    yield None, LISTEN_S
    yield zero_s + length_s / 2, LISTEN_S
    yield zero_s + length_s - LISTEN_S, LISTEN_S
    step = PLACES // 2
    while step > 1:
        step //= 2
        for place in range(step, PLACES, 2 * step):
            yield zero_s + length_s * place / PLACES, LISTEN_S


def _listen_at(container: Any, ears: list[_Ear], start_s: float | None, length_s: float, budget: _Budget) -> None:
    """Listen for a while, until all was heard that is deaf now."""
    by_track = {ear.stream.index: ear for ear in ears}
    try:
        if start_s is not None:
            _seek(container, ears, start_s)
        for packet in container.demux([ear.stream for ear in ears]):
            if budget.spent:
                return
            if packet.stream_index not in by_track:  # the end is said of every track
                continue
            at_s = float((packet.pts or 0) * packet.time_base)
            start_s = at_s if start_s is None else start_s
            since_s = at_s - start_s
            if since_s >= 0 and (since_s < WHOLE_S or since_s % WHOLE_S < LISTEN_S):
                by_track[packet.stream_index].take(packet)
            if since_s > length_s or all(each.heard for each in ears):
                return
    except av.error.FFmpegError:
        return  # beyond the end, or it cannot be sought: the other places may do


def _seek(container: Any, ears: list[_Ear], at_s: float) -> None:
    """Go to a place, or to the keyframe of the video before it where audio has no index: all would be read up to it."""
    if "matroska" in container.format.name:
        container.seek(int(at_s * 1_000_000))
    else:
        container.seek(int(at_s / ears[0].stream.time_base), stream=ears[0].stream)
    for ear in ears:
        ear.stream.codec_context.flush_buffers()


def _peak(frame: Any) -> float:
    """The largest sample of a frame, where full scale is 1."""
    code, full = _SAMPLES[frame.format.name.removesuffix("p")]
    count = frame.samples * (1 if frame.format.is_planar else frame.layout.nb_channels)
    middle = full if code == "B" else 0
    peak = 0.0
    for plane in frame.planes:
        samples = memoryview(plane).cast("B")[: count * frame.format.bytes].cast(code)
        peak = max(peak, max(samples) - middle, middle - min(samples)) if count else peak
    return peak / full


def _labels(stream: Any) -> dict[str, Any]:
    """What the file says of a track."""
    tags = stream.metadata
    purposes = (name for flag, name in _PURPOSES.items() if stream.disposition & flag)
    return {
        "language": _line(tags.get("language")),
        "title": _line(tags.get("title") or tags.get("name")),
        "default": bool(stream.disposition & _Disposition.default),
        "purpose": next(purposes, ""),
    }


def _line(text: object) -> str:
    """One line of bounded length; files may hold anything."""
    return " ".join(str(text or "").split())[:_MOST_CHARS]
