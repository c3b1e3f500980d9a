"""Speed keeps the pitch and the time, fades and crossfades have their curves, mute is digital silence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playhead.media.edit.segments import AudioEffects, Fade, Heard
from playhead.media.render.audio import render_audio
from playhead.media.render.plan import NO_TRACKS, AudioFormat, AudioPiece, HeardClip, StitchPlan
from playhead.media.render.tasks import render_tasks
from tests.fixtures.audio import run_ffmpeg
from tests.fixtures.hearing import RATE, beeps, dominant_hz, level_db, levels, loudness, pcm_of
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format, stitch_plan
from tests.fixtures.tiers import thorough

TONE = "0.4*sin(2*PI*440*t)"
BEEPS = "0.7*sin(2*PI*1000*t)*lt(mod(t,1),0.06)*gte(t,0.9)"
"""60 ms of 1 kHz at every second but the first."""


def source_of(folder: Path, expression: str, seconds: float = 6, name: str = "a.mov") -> Path:
    """A video of the audio of an expression in t, as PCM."""
    path = folder / name
    sound, picture = f"aevalsrc='{expression}':s={RATE}:d={seconds}", f"color=s=64x36:r=5:d={seconds}"
    run_ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-c:a", "pcm_s16le", str(path))
    return path


async def made(
    folder: Path,
    source: Path,
    effects: AudioEffects,
    *,
    seconds: float = 2.0,
    before: Path | None = None,
    sound: AudioFormat | None = None,
) -> Any:
    """Samples of the left channel of a segment with effects."""
    form = reel_format(sound=sound or AudioFormat(mode="encode"))
    shown = replace(piece(form, round(30 * seconds)), kind="copy")
    measured = (0.0, 6.0) if form.audio is not None and form.audio.loudness_lufs is not None else None
    mixed = None if before is None else HeardClip("clp_0", "vid_0", NO_TRACKS, 0.0, 6.0)
    audio = AudioPiece("encode", round(seconds * RATE / 1024), effects=effects, before=mixed, measured_s=measured)
    plan: StitchPlan = stitch_plan(form, clip_plan(form, (shown,), sound=audio))
    (task, *_) = render_tasks(plan)
    out = folder / task.file_name
    await render_audio(task, plan, source, out, before=before, threads=1)
    found = pcm_of(out)
    assert task.span is not None
    assert len(found) == task.span.samples
    return found


@pytest.mark.parametrize("speed", [0.5, 2.0, pytest.param(0.25, marks=thorough), pytest.param(4.0, marks=thorough)])
async def test_another_speed_keeps_the_pitch(tmp_path: Path, speed: float) -> None:
    source = source_of(tmp_path, TONE, seconds=10)

    found = await made(tmp_path, source, AudioEffects(heard=Heard(source_id="v", start_s=0.5, speed=speed)))

    assert dominant_hz(found) == pytest.approx(440, abs=2)
    assert level_db(found) == pytest.approx(20 * np.log10(0.4 / 2**0.5 / 2**0.5), abs=1)


@pytest.mark.parametrize(
    ("speed", "within_s"),
    [
        (0.5, 0.03),
        (2.0, 0.02),
        pytest.param(0.25, 0.05, marks=thorough),
        pytest.param(0.8, 0.02, marks=thorough),
        pytest.param(1.5, 0.02, marks=thorough),
        pytest.param(4.0, 0.02, marks=thorough),
    ],
)
async def test_at_another_speed_every_beep_is_on_time(tmp_path: Path, speed: float, within_s: float) -> None:
    """A window of ``atempo`` is 43 ms, and it begins to play where it likes within."""
    source = source_of(tmp_path, BEEPS, seconds=12)

    found = await made(
        tmp_path, source, AudioEffects(heard=Heard(source_id="v", start_s=0.75, speed=speed)), seconds=6.0
    )

    wanted = [at for second in range(1, 12) if (at := (second - 0.75) / speed) < 5.9]
    assert beeps(found) == pytest.approx(wanted, abs=within_s)


async def test_fades_are_straight_in_amplitude(tmp_path: Path) -> None:
    """A quarter of the way in, it is a quarter; before the fade in and after the fade out there is nothing."""
    source = source_of(tmp_path, TONE)
    fades = (Fade(kind="in", start_s=0.2, duration_s=0.4), Fade(kind="out", start_s=1.2, duration_s=0.4))

    found = await made(tmp_path, source, AudioEffects(heard=Heard(source_id="v"), fades=fades))

    full = levels(found, 440, [0.9])[0]
    assert levels(found, 440, [0.3, 0.4, 0.5, 1.3, 1.4, 1.5]) == pytest.approx(
        [full + 20 * np.log10(share) for share in (0.25, 0.5, 0.75, 0.75, 0.5, 0.25)], abs=0.4
    )
    assert not np.any(found[: round(0.199 * RATE)])
    assert not np.any(found[round(1.601 * RATE) :])


@pytest.mark.parametrize("speed", [1.0, pytest.param(2.0, marks=thorough)])
async def test_a_crossfade_keeps_the_power(tmp_path: Path, speed: float) -> None:
    """One goes as a cosine, the other comes as a sine: the sum of their powers is the same all the time."""
    source = source_of(tmp_path, "0.4*sin(2*PI*1000*t)", name="own.mov")
    other = source_of(tmp_path, TONE, name="other.mov")
    effects = AudioEffects(
        heard=Heard(source_id="v", start_s=1.0, speed=speed),
        before=Heard(source_id="w", start_s=0.5, speed=speed),
        mix_s=1.0,
    )

    found = await made(tmp_path, source, effects, before=other)

    own, before = levels(found, 1000, [0.25, 0.5, 0.75, 1.5]), levels(found, 440, [0.25, 0.5, 0.75])
    shares = [np.sin(np.pi / 2 * share) for share in (0.25, 0.5, 0.75)]
    assert [one - own[3] for one in own[:3]] == pytest.approx([20 * np.log10(one) for one in shares], abs=0.4)
    assert [one - own[3] for one in before] == pytest.approx([20 * np.log10(one) for one in shares[::-1]], abs=0.4)
    assert levels(found, 440, [1.5])[0] < -70


async def test_a_crossfade_from_a_clip_into_silence_is_its_end_alone(tmp_path: Path) -> None:
    """As into a title card."""
    other = source_of(tmp_path, TONE)
    effects = AudioEffects(heard=Heard(source_id=""), before=Heard(source_id="w"), mix_s=1.0)

    found = await made(tmp_path, other, effects, before=other)

    assert levels(found, 440, [0.5])[0] == pytest.approx(20 * np.log10(0.4 * 0.5), abs=0.4)
    assert not np.any(found[round(1.001 * RATE) :])


async def test_volume_comes_after_loudness(tmp_path: Path) -> None:
    """A clip is brought to the loudness of the reel, then made half as loud as the edit has it."""
    source = source_of(tmp_path, TONE)
    sound = AudioFormat(mode="encode", loudness_lufs=-20)

    await made(tmp_path, source, AudioEffects(heard=Heard(source_id="v", volume=0.5)), sound=sound)

    raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", str(tmp_path / "clip0-samples.pcm")]
    assert loudness(*raw).integrated_lufs == pytest.approx(-26, abs=0.3)
