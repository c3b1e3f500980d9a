"""The music of a reel: its plan, and the samples of one pass after another without a click."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from playhead.errors import InvalidInput, PlayheadError
from playhead.media.audio_tracks import with_audio
from playhead.media.edit.model import Music
from playhead.media.probe import Probe
from playhead.media.render.plan import AAC_FRAME, AudioFormat, ClipPlan, MusicPlan, ReelFormat, SourceTracks

SEAM_S = 0.02
"""How long the end of a pass and the beginning of the next one overlap."""

SAMPLE_BYTES = 2
"""Of one channel: signed 16 bits."""


class MusicUnfit(InvalidInput):
    """A video whose audio cannot be the music."""

    code = "music_unfit"
    title = "The music cannot be used"


class PartMissing(PlayheadError):
    """The rendered samples of a clip are missing, or fewer than planned."""

    code = "part_missing"
    title = "A rendered clip is incomplete"
    retry = "backoff"


@dataclass(frozen=True, slots=True)
class MusicSource:
    """The music as the edit has it, with the probe of its video."""

    music: Music
    probe: Probe

    def checked(self) -> Probe:
        """The probe with the track that is asked for.

        Raises:
            MusicUnfit: it has no audio, not this track, or none after the start.
        """
        probe = _with_track(self.music, self.probe)
        if probe.audio is None:
            raise MusicUnfit("The video of the music has no audio.", hint="Choose another video, or remove the music.")
        start_s, end_s = self.music.start_s, _end_s(probe)
        if start_s >= end_s - 2 * SEAM_S:
            raise MusicUnfit(
                f"The music is to start at {start_s:g} s, but its audio ends at {end_s:g} s.", hint="Start it earlier."
            )
        return probe


def _with_track(music: Music, probe: Probe) -> Probe:
    if music.audio_track is None:
        return probe
    try:
        return with_audio(probe, music.audio_track)
    except LookupError:
        known = ", ".join(str(track.track) for track in probe.audio_tracks) or "none"
        raise MusicUnfit(
            f"The video of the music has no audio track {music.audio_track}; its audio tracks: {known}.",
            hint="Choose one of them, or leave the choice out.",
        ) from None


def plan_music(music: Music, probe: Probe, form: ReelFormat, clips: Sequence[ClipPlan]) -> MusicPlan:
    """Plan the music under clips; no more of it is decoded than the reel is long.

    Args:
        probe: As of `MusicSource.checked`.
    """
    assert form.audio is not None
    around = round((music.before_s + music.after_s) * form.audio.sample_rate)
    samples = AAC_FRAME * sum(clip.audio.slots for clip in clips if clip.audio is not None) + around
    pass_s = Fraction(_end_s(probe)) - Fraction(music.start_s)
    return MusicPlan(
        video_id=music.video_id,
        tracks=SourceTracks.of(probe),
        start_s=music.start_s,
        samples=max(1, min(samples, int(pass_s * form.audio.sample_rate))),
        loop=music.loop,
        volume=music.volume,
        fade_in_s=music.fade_in_s,
        fade_out_s=music.fade_out_s,
        ducking_db=music.ducking_db,
        before_s=music.before_s,
        after_s=music.after_s,
    )


def _end_s(probe: Probe) -> float:
    return probe.audio.end_s if probe.audio is not None and probe.audio.end_s > 0 else probe.duration_s


class MusicReader:
    """Reads music in blocks, one pass after another; the next one fades in over the end of the last one.

    Args:
        path: Samples of one pass.
        total: Samples of the reel.
    """

    def __init__(self, path: Path, music: MusicPlan, form: AudioFormat, total: int) -> None:
        self._file = path.open("rb")
        self._channels = form.channels
        self._seam = min(round(SEAM_S * form.sample_rate), music.samples // 4)
        before, after = (round(seconds * form.sample_rate) for seconds in (music.before_s, music.after_s))
        self._loops = music.loop and music.samples < before + total + after
        self._period = music.samples - self._seam if self._loops else music.samples
        self._patch = self._mixed() if self._loops else array("h")
        self._passes, self._at = divmod(before, self._period) if self._loops else (0, min(before, self._period))

    def read(self, count: int) -> "array[int]":
        """The next samples, interleaved; silence after the end.

        Raises:
            PartMissing: the file is shorter than planned.
        """
        found = array("h")
        while count:
            if self._at == self._period:
                if not self._loops:
                    return found + array("h", [0]) * (count * self._channels)
                self._at, self._passes = 0, self._passes + 1
            some = self._some(count)
            found += some
            self._at += len(some) // self._channels
            count -= len(some) // self._channels
        return found

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _some(self, count: int) -> "array[int]":
        if self._passes and self._at < self._seam:
            end = min(self._seam, self._at + count)
            return self._patch[self._at * self._channels : end * self._channels]
        return self._read(self._at, min(count, self._period - self._at))

    def _mixed(self) -> "array[int]":
        """The seam: the end of one pass going, the beginning of the next one coming."""
        head, tail = self._read(0, self._seam), self._read(self._period, self._seam)
        seam = self._seam * self._channels
        return array("h", [round((tail[at] * (seam - at) + head[at] * at) / seam) for at in range(seam)])

    def _read(self, at: int, count: int) -> "array[int]":
        frame = SAMPLE_BYTES * self._channels
        self._file.seek(at * frame)
        block = self._file.read(count * frame)
        if len(block) < count * frame:
            raise PartMissing(f"The rendered music is {count * frame - len(block)} bytes short.")
        return array("h", block)
