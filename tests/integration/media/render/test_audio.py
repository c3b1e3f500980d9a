"""Sound is cut on the very sample, in whole packets, and brought to a loudness where that is asked for."""

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.render.audio import render_audio
from playhead.media.render.audio_track import render_track
from playhead.media.render.levels import Loudness
from playhead.media.render.music import PartMissing
from playhead.media.render.plan import AudioFormat, AudioPiece, StitchPlan
from playhead.media.render.tasks import render_tasks
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format, stitch_plan

RATE = 48_000
CHIRP = "0.4*sin(2*PI*(300*t+400*t*t))"
"""No span of it is like another, so a shift shows."""


def source_of(
    folder: Path, name: str, *codec: str, expression: str = CHIRP, rate: int = RATE, seconds: float = 3
) -> Path:
    """A clip of 25 frames a second with the sound of an expression in t."""
    path = folder / name
    sound = f"aevalsrc='{expression}':s={rate}:d={seconds}"
    picture = f"color=s=160x90:r=25:d={seconds}"
    command = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-g", "50", *codec, str(path)]
    subprocess.run([str(find_ffmpeg().binary), "-v", "error", "-y", *command], check=True)
    return path


def chirp(start_s: float, samples: int) -> Any:
    at = start_s + np.arange(samples) / RATE
    return np.where(at >= 0, 0.4 * np.sin(2 * np.pi * (300 * at + 400 * at * at)), 0)


def heard(path: Path) -> Any:
    """The first channel after the priming packet."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


def packets_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for packet in container.demux(audio=0) if packet.size)


def shift_of(found: Any, wanted: Any) -> int:
    """Samples by which *found* comes later than *wanted*."""
    size = len(found) + len(wanted)
    match = np.fft.irfft(np.fft.rfft(found, size) * np.conj(np.fft.rfft(wanted, size)), size)
    best = int(np.argmax(match))
    return best if best < size // 2 else best - size


async def rendered(folder: Path, source: Path, plan: StitchPlan) -> Path:
    """Do the sound task of a plan of one clip."""
    (task,) = [task for task in render_tasks(plan) if task.kind in ("audio", "samples")]
    out = folder / task.file_name
    await render_audio(task, plan, source, out, threads=1)
    return out


def plan_of(
    sounds: Sequence[AudioPiece], sound: AudioFormat, *, frames: int = 30, picture_at_s: float = 0.0
) -> StitchPlan:
    """Clips of so many frames at 30 a second, one after another, with copied picture of no interest."""
    form = reel_format(sound=sound)
    shown = replace(piece(form, frames, picture_at_s), kind="copy")
    ticks = frames * form.frame_ticks
    clips = [
        clip_plan(form, (shown,), sound=each, first_frame=n * frames, start_tick=n * ticks, clip_id=f"clp_{n}")
        for n, each in enumerate(sounds)
    ]
    return stitch_plan(form, *clips)


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.mp4", ("-c:a", "aac"), 48_000),
        ("a.mkv", ("-c:a", "pcm_s16le"), 44_100),
        ("a.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"), 48_000),
        ("a.ts", ("-c:a", "aac"), 48_000),
    ],
)
@pytest.mark.parametrize("start_s", [0.0, 1.2345678, -0.0131])
async def test_a_piece_has_its_packets_and_its_first_sample_at_its_time(
    tmp_path: Path, name: str, codec: tuple[str, ...], rate: int, start_s: float
) -> None:
    """One packet of priming, then the slots; before the source begins there is silence."""
    source = source_of(tmp_path, name, *codec, rate=rate)
    slots = 40

    out = await rendered(tmp_path, source, plan_of([AudioPiece("encode", slots, start_s=start_s)], AudioFormat()))

    assert packets_of(out) == slots + 1
    found, wanted = heard(out), chirp(start_s, slots * 1024)
    assert len(found) == slots * 1024
    inside = slice(2048, -2048)
    # Matroska tells milliseconds; a transport stream cannot say that AAC begins with a packet of priming.
    late, at_most = {"a.mp4": (0, 1), "a.ts": (1024, 2)}.get(name, (0, 30))
    assert abs(shift_of(found[inside], wanted[inside]) - late) <= at_most
    if start_s < 0:
        assert np.abs(found[: int(-start_s * RATE) - 64]).max() < 0.02


async def test_sound_that_ends_early_goes_on_as_silence(tmp_path: Path) -> None:
    """The slots are all there, also where the source has no sound at all any more."""
    source = source_of(tmp_path, "a.mp4", "-c:a", "aac", seconds=1)

    for start_s in (0.5, 5.0):
        out = await rendered(tmp_path, source, plan_of([AudioPiece("encode", 47, start_s=start_s)], AudioFormat()))

        assert packets_of(out) == 48
        found = heard(out)
        assert len(found) == 47 * 1024
        assert np.abs(found[int(0.55 * RATE) :]).max() < 0.01


@pytest.mark.parametrize(("channels", "rate"), [(1, 44_100), (2, 48_000)])
async def test_rate_and_layout_are_the_reels(tmp_path: Path, channels: int, rate: int) -> None:
    source = source_of(tmp_path, "a.mp4", "-c:a", "aac")
    sound = AudioFormat(rate, channels)

    out = await rendered(tmp_path, source, plan_of([AudioPiece("encode", 10, start_s=0.5)], sound))

    with av.open(str(out)) as container:
        context = container.streams.audio[0].codec_context
        assert (context.name, context.profile, context.sample_rate, context.channels) == ("aac", "LC", rate, channels)


async def test_a_whole_track_is_cut_at_the_frames_and_has_no_seam(tmp_path: Path) -> None:
    """Three clips that follow each other in the source sound like the source, through both cuts."""
    source = source_of(tmp_path, "a.mov", "-c:a", "pcm_s16le")
    # 17 frames are 26.56 packets: the grid is met at 0, 27 and 53 of 80.
    slots, starts = [27, 26, 27], [0, 27 * 1024, 53 * 1024]
    sounds = [AudioPiece("encode", n, start_s=0.5 + start / RATE) for n, start in zip(slots, starts, strict=True)]
    plan = plan_of(sounds, AudioFormat(mode="encode"), frames=17)
    parts: list[Path | None] = []
    for task in render_tasks(plan)[:-1]:
        parts.append(tmp_path / task.file_name)
        await render_audio(task, plan, source, tmp_path / task.file_name, threads=1)
    assert [part.stat().st_size for part in parts if part] == [17 * 1600 * 4] * 3

    await render_track(plan, parts, tmp_path / "track.m4a")

    assert packets_of(tmp_path / "track.m4a") == 81
    found, length = heard(tmp_path / "track.m4a"), 51 * 1600
    assert len(found) == 80 * 1024
    wanted = chirp(0.5, length) * 0.5**0.5  # one channel as two, as loud
    assert shift_of(found[:length], wanted) == 0
    for cut in (17 * 1600, 34 * 1600):
        near = slice(cut - 1500, cut + 1500)
        assert np.abs(found[near] - wanted[near]).max() < 0.05


async def test_a_clip_without_sound_is_silence_in_the_track(tmp_path: Path) -> None:
    source = source_of(tmp_path, "a.mp4", "-c:a", "aac")
    sounds = [AudioPiece("encode", 47, start_s=0.0), AudioPiece("silence", 47)]
    plan = plan_of(sounds, AudioFormat(mode="encode"))
    (task, track) = render_tasks(plan)
    await render_audio(task, plan, source, tmp_path / "one.pcm", threads=1)

    await render_track(plan, [tmp_path / "one.pcm", None], tmp_path / "track.m4a")

    assert (track.kind, packets_of(tmp_path / "track.m4a")) == ("track", 95)
    found = heard(tmp_path / "track.m4a")
    assert np.abs(found[10_000:40_000]).max() > 0.2
    assert np.abs(found[48_000 + 1500 :]).max() < 0.01


@pytest.mark.parametrize("kept", [None, 100])
async def test_samples_that_are_missing_are_named(tmp_path: Path, kept: int | None) -> None:
    """Never a track that is shorter than its picture."""
    plan = plan_of([AudioPiece("encode", 47)], AudioFormat(mode="encode"))
    part = tmp_path / "part.pcm"
    if kept is not None:
        part.write_bytes(bytes(kept))

    with pytest.raises(PartMissing, match="clip clp_0"):
        await render_track(plan, [part], tmp_path / "track.m4a")


@pytest.mark.parametrize(("volume", "wanted"), [(0.05, -16.0), (0.9, -16.0), (0.9, -30.0), (0.002, -37.0)])
async def test_a_clip_is_brought_to_its_loudness(tmp_path: Path, volume: float, wanted: float) -> None:
    """Louder or quieter, within half a unit, without touching the length; what is all but silent gains 20 dB only."""
    source = source_of(tmp_path, "a.mkv", "-c:a", "pcm_s16le", expression=f"{volume}*sin(2*PI*1000*t)")
    sound = AudioFormat(mode="encode", loudness_lufs=wanted if volume > 0.01 else -16.0)

    out = await rendered(tmp_path, source, plan_of([AudioPiece("encode", 94)], sound, frames=60))

    assert out.stat().st_size == 2 * RATE * 4
    assert loudness_of(out) == pytest.approx(wanted, abs=0.5)


async def test_peaks_are_held_below_clipping_and_nothing_moves(tmp_path: Path) -> None:
    """Short loud beats in a quiet hum: the hum comes up, the beats stay where they are and below -1 dB."""
    beats = "0.02*sin(2*PI*400*t)+0.5*sin(2*PI*1000*t)*lt(mod(t,0.5),0.02)"
    source = source_of(tmp_path, "a.mkv", "-c:a", "pcm_s16le", expression=beats)
    plain = await rendered(tmp_path, source, plan_of([AudioPiece("encode", 94)], AudioFormat(mode="encode"), frames=60))
    before = np.fromfile(plain, "<i2")[::2] / 32768

    raised = plan_of([AudioPiece("encode", 94)], AudioFormat(mode="encode", loudness_lufs=-10.0), frames=60)
    after = np.fromfile(await rendered(tmp_path, source, raised), "<i2")[::2] / 32768

    assert np.abs(after).max() <= 10 ** (-0.8 / 20)
    assert np.abs(after[6_000:20_000]).mean() > 2 * np.abs(before[6_000:20_000]).mean()
    assert shift_of(after, before) == 0


def loudness_of(samples: Path) -> float:
    """By ffmpeg's own meter, of s16le stereo."""
    measure = Loudness()
    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", str(samples)]
    command = [str(find_ffmpeg().binary), "-v", "error", *raw, "-af", measure.filters, "-f", "null", "-"]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        measure.read(line)
    return measure.integrated_lufs
