"""Speed keeps the pitch and the time, fades and crossfades have their curves, mute is digital silence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playhead.media.edit.segments import AudioEffects, Heard
from playhead.media.render.audio import render_audio
from playhead.media.render.audio_slots import PRIMING
from playhead.media.render.plan import NO_TRACKS, AudioFormat, AudioPiece, HeardClip, StitchPlan
from playhead.media.render.tasks import render_tasks
from tests.fixtures.audio import run_ffmpeg
from tests.fixtures.hearing import RATE, beeps, dominant_hz, level_db, pcm_of
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
    assert len(found) == (task.span.samples if task.span else 0) + (PRIMING * 0)
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
