"""Music under a reel: it goes down while the clips speak, repeats without a click, and the mix has its loudness."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playhead.media.render.audio_track import render_track
from playhead.media.render.plan import NO_TRACKS, AudioFormat, AudioPiece, MusicPlan, StitchPlan
from playhead.media.render.tasks import track_samples
from tests.fixtures.hearing import RATE, decoded, level_db, levels, loudness
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format, stitch_plan
from tests.fixtures.tiers import thorough

MUSIC = MusicPlan("vid_m", NO_TRACKS, 0.0, 3 * RATE, loop=True, volume=1.0, fade_in_s=0, fade_out_s=0, ducking_db=0)


def tone(hz: float, seconds: float, amplitude: float = 0.25) -> Any:
    at = np.arange(round(seconds * RATE)) / RATE
    return amplitude * np.sin(2 * np.pi * hz * at)


def silence(seconds: float) -> Any:
    return np.zeros(round(seconds * RATE))


def stored(path: Path, samples: Any) -> Path:
    np.repeat(np.round(samples * 32767).astype("<i2"), 2).tofile(path)
    return path


def plan_of(seconds: float, music: MusicPlan | None, lufs: float | None = None, *, heard: bool = True) -> StitchPlan:
    """One clip, with audio or not."""
    form = reel_format(sound=AudioFormat(mode="encode", loudness_lufs=lufs))
    shown = replace(piece(form, round(30 * seconds)), kind="copy")
    audio = AudioPiece("encode" if heard else "silence", round(seconds * RATE / 1024))
    return replace(stitch_plan(form, clip_plan(form, (shown,), sound=audio)), music=music)


async def mixed(
    folder: Path, clip: Any | None, music: Any, facts: MusicPlan, *, seconds: float, lufs: float | None = None
) -> Path:
    plan = plan_of(seconds, replace(facts, samples=len(music)), lufs, heard=clip is not None)
    part = None if clip is None else stored(folder / "clip.pcm", clip)
    out = folder / "track.m4a"
    await render_track(plan, [part], out, music=stored(folder / "music.pcm", music))
    assert len(decoded(out)) == track_samples(plan)
    return out


async def test_music_is_down_while_a_clip_speaks_and_comes_back(tmp_path: Path) -> None:
    """12 dB from 0.3 s after speech begins, none 0.6 s after it ends; a pause of half a second keeps it down."""
    speech = np.concatenate([silence(2), tone(300, 1), silence(0.5), tone(300, 1), silence(3.5)])
    facts = replace(MUSIC, ducking_db=12.0)

    found = decoded(await mixed(tmp_path, speech, tone(2000, 8), facts, seconds=8))

    quiet, before, down, pause, end, after = levels(found, 2000, [1.0, 1.85, 2.3, 3.25, 4.5, 5.15])
    assert before == pytest.approx(quiet, abs=0.3)
    assert [down - quiet, pause - quiet, end - quiet] == pytest.approx([-12, -12, -12], abs=0.5)
    assert after == pytest.approx(quiet, abs=0.3)


async def test_music_fades_repeats_without_a_click_and_ends_with_the_reel(tmp_path: Path) -> None:
    """A tone of another phase at its end: any jump at the seam would be a click far above the tone."""
    music = tone(440.3, 1.0)
    facts = replace(MUSIC, volume=0.5, fade_in_s=1.0, fade_out_s=1.0)

    found = decoded(await mixed(tmp_path, None, music, facts, seconds=5))

    assert levels(found, 440.3, [0.5, 1.5, 4.5]) == pytest.approx([-24, -18, -24], abs=0.7)
    steady = found[round(1.1 * RATE) : round(3.9 * RATE)]
    assert np.abs(np.diff(steady)).max() < 1.15 * 0.125 * 2 * np.pi * 440.3 / RATE
    assert level_db(found[-RATE // 100 :]) < -50


async def test_music_that_is_not_repeated_ends_by_itself(tmp_path: Path) -> None:
    facts = replace(MUSIC, loop=False, fade_out_s=0.5)

    found = decoded(await mixed(tmp_path, tone(300, 3), tone(2000, 2), facts, seconds=3))

    assert levels(found, 2000, [1.0, 1.75]) == pytest.approx([-12, -18], abs=0.7)
    assert levels(found, 2000, [2.3])[0] < -60
    assert levels(found, 300, [2.3]) == pytest.approx([-12], abs=0.2)


@pytest.mark.parametrize("lufs", [-14.0, pytest.param(-23.0, marks=thorough), pytest.param(-9.0, marks=thorough)])
async def test_the_whole_mix_has_its_loudness_and_no_peak_above_1_db_below_full_scale(
    tmp_path: Path, lufs: float
) -> None:
    """Beats ten times as loud as the rest: the limiter takes away from them, and gain makes up for it."""
    beats = tone(300, 6, 0.05)
    beats[:: RATE // 2] = 0
    for at in range(0, 6 * RATE, RATE // 2):
        beats[at : at + RATE // 50] = tone(1000, 0.02, 0.6)
    facts = replace(MUSIC, volume=0.6, ducking_db=9.0)

    found = loudness("-i", str(await mixed(tmp_path, beats, tone(900, 2, 0.1), facts, seconds=6, lufs=lufs)))

    assert found.integrated_lufs == pytest.approx(lufs, abs=0.5)
    assert found.peak_db <= -1.0


async def test_one_channel_is_mixed_as_two_are(tmp_path: Path) -> None:
    form = reel_format(sound=AudioFormat(44_100, 1, mode="encode"))
    shown = replace(piece(form, 60), kind="copy")
    clip = clip_plan(form, (shown,), sound=AudioPiece("encode", round(2 * 44_100 / 1024)))
    plan = replace(stitch_plan(form, clip), music=replace(MUSIC, samples=44_100, volume=0.5))
    for name, hz in (("clip", 300), ("music", 2000)):
        at = np.arange(88_200 if name == "clip" else 44_100) / 44_100
        np.round(8192 * np.sin(2 * np.pi * hz * at)).astype("<i2").tofile(tmp_path / f"{name}.pcm")

    await render_track(plan, [tmp_path / "clip.pcm"], tmp_path / "track.m4a", music=tmp_path / "music.pcm")

    found = decoded(tmp_path / "track.m4a")
    scale = RATE / 44_100
    assert levels(found, 300 * scale, [0.5 / scale]) == pytest.approx([-12], abs=0.3)
    assert levels(found, 2000 * scale, [0.5 / scale]) == pytest.approx([-18], abs=0.3)
