"""The audio of whole edits: in step with the picture at every boundary, and as loud as the edit says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playhead.media.edit.model import Card, Edit, EditClip, Music, Transition
from playhead.media.render.format import ReelSettings
from tests.fixtures.audio import Tone, make_tracks, pitches, run_ffmpeg
from tests.fixtures.clips import make_clip
from tests.fixtures.edited import stitch_edit
from tests.fixtures.hearing import RATE, decoded, level_db, loudness
from tests.fixtures.sync import flashes, read_beeps, read_frames
from tests.fixtures.tiers import thorough

SIZE = (160, 90)


async def test_volume_and_mute_touch_the_audio_of_their_clip_alone(tmp_path: Path) -> None:
    """The picture of all three is copied, and the audio of the first."""
    clip = make_clip(tmp_path, seconds=2, size=SIZE)
    plain, quiet, mute = (EditClip(clip_id=f"c{n}", video_id="v", volume=v) for n, v in enumerate((1.0, 0.25, 0.0)))

    made = await stitch_edit(tmp_path, Edit(clips=(plain, quiet, mute)), {"v": clip})

    assert [one.action for one in made.plan.clips] == ["copy"] * 3
    assert [one.audio.kind for one in made.plan.clips if one.audio] == ["copy", "encode", "silence"]
    assert [one.reason for one in made.plan.clips] == ["copied", "copied; sound re-encoded: volume", "copied; muted"]
    found = decoded(made.path)
    beep = [level_db(found[round(at * RATE) : round((at + 0.06) * RATE)]) for at in (0.5, 2.5)]
    assert beep[1] - beep[0] == pytest.approx(-12, abs=0.5)
    assert not np.any(found[round(4.05 * RATE) : round(5.9 * RATE)])


async def test_silent_clips_have_music(tmp_path: Path) -> None:
    """Clips without audio, and a muted one; the music is a file of audio alone."""
    silent = make_clip(tmp_path, seconds=2, size=SIZE, audio=False, name="silent.mp4")
    clip = make_clip(tmp_path, seconds=2, size=SIZE, name="clip.mp4")
    song = tmp_path / "song.mp3"
    run_ffmpeg("-f", "lavfi", "-i", "sine=f=900:r=48000:d=1.5", str(song))
    clips = (EditClip(clip_id="a", video_id="s"), EditClip(clip_id="b", video_id="v", volume=0.0))
    edit = Edit(clips=clips, music=Music(video_id="m", volume=1.0, fade_in_s=0, fade_out_s=0, ducking_db=0))

    made = await stitch_edit(tmp_path, edit, {"s": silent, "v": clip, "m": song})

    assert pitches(made.path) == [900, 900]
    assert made.plan.summary.endswith("music is mixed in: the sound is encoded anew")


@pytest.mark.parametrize("track", [pytest.param(1, marks=thorough), 2])
async def test_a_clip_plays_the_track_that_is_chosen(tmp_path: Path, track: int) -> None:
    """Its packets are copied as those of any other."""
    clip = make_tracks(tmp_path, "two.mp4", Tone(400), Tone(800))

    made = await stitch_edit(
        tmp_path, Edit(clips=(EditClip(clip_id="a", video_id="v", audio_track=track),)), {"v": clip}
    )

    assert pitches(made.path) == [400 * track]
    assert made.plan.clips[0].audio is not None
    assert made.plan.clips[0].audio.kind == "copy"


async def test_a_silent_first_track_is_told(tmp_path: Path) -> None:
    clip = make_tracks(tmp_path, "two.mp4", Tone(0), Tone(0), Tone(800))

    made = await stitch_edit(tmp_path, Edit(clips=(EditClip(clip_id="a", video_id="v"),)), {"v": clip})

    assert made.plan.clips[0].reason == "copied; audio track 3 is used: those before it are silent"


async def test_a_mix_of_everything_is_as_loud_as_the_reel_should_be(tmp_path: Path) -> None:
    """Clips that are brought to it and then made quieter, and music under them."""
    clip = make_tracks(tmp_path, "one.mp4", Tone(300))
    song = make_tracks(tmp_path, "song.mp4", Tone(900))
    clips = tuple(EditClip(clip_id=f"c{n}", video_id="v", volume=volume) for n, volume in enumerate((1.0, 0.4, 0.0)))
    edit = Edit(clips=clips, music=Music(video_id="m", volume=0.3))

    made = await stitch_edit(tmp_path, edit, {"v": clip, "m": song}, ReelSettings(loudness_lufs=-14))

    found = loudness("-i", str(made.path))
    assert found.integrated_lufs == pytest.approx(-14, abs=0.5)
    assert found.peak_db <= -1
    assert made.plan.summary.endswith("the sound is encoded anew and brought to -14 LUFS")


EVERYTHING = (
    EditClip(clip_id="a", video_id="a", end_s=2.5),
    EditClip(clip_id="b", video_id="b", start_s=0.6, transition_in=Transition(kind="crossfade", duration_s=0.5)),
    EditClip(clip_id="k", card=Card(text="x"), end_s=1.0),
    EditClip(clip_id="c", video_id="a", speed=2.0, start_s=1.0),
    EditClip(clip_id="d", video_id="b", fade_in_s=0.2, fade_out_s=0.2),
    EditClip(clip_id="e", video_id="a", speed=0.5, end_s=2.0),
)


@pytest.mark.parametrize("settings", [ReelSettings(), pytest.param(ReelSettings(audio="encode"), marks=thorough)])
async def test_every_beep_is_on_its_flash_after_every_boundary(tmp_path: Path, settings: ReelSettings) -> None:
    """After a crossfade, a card, at twice and at half the speed."""
    files = {name: make_clip(tmp_path, seconds=4, size=SIZE, mark=mark) for mark, name in enumerate("ab", 1)}

    made = await stitch_edit(tmp_path, Edit(clips=EVERYTHING), files, settings)

    seen, heard = flashes(read_frames(made.path, {1: SIZE, 2: SIZE})), read_beeps(made.path)
    assert len(seen) >= 12
    for at in seen:
        assert min(abs(at - beep) for beep in heard) < 0.045, (at, heard)


@pytest.mark.parametrize("start_s", [0.61, pytest.param(0.537, marks=thorough)])
async def test_an_effect_within_a_clip_begins_and_ends_without_a_click(tmp_path: Path, start_s: float) -> None:
    """Encoded packets go on where copied ones end, at any trim: little is left beside the tones, a click is -20 dB."""
    files = {}
    for name, hz in (("a", 440), ("b", 1000)):
        files[name] = tmp_path / f"{name}.mp4"
        picture, sound = "testsrc2=s=64x36:r=30:d=6", f"aevalsrc=0.4*sin(2*PI*{hz}*t):s=48000:d=6"
        coded = [
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "30",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-b:a",
            "160k",
        ]
        run_ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *coded, str(files[name]))
    mixed = Transition(kind="crossfade", duration_s=1)
    clips = (
        EditClip(clip_id="1", video_id="a", start_s=start_s),
        EditClip(clip_id="2", video_id="b", start_s=1.27, transition_in=mixed),
    )

    made = await stitch_edit(tmp_path, Edit(clips=clips), files)

    pieces = [one.audio for one in made.plan.clips if one.audio]
    assert [piece.kind for piece in pieces] == ["copy", "encode", "copy"]
    found = decoded(made.path)
    for seam in (pieces[0].slots, pieces[0].slots + pieces[1].slots):
        assert _beside(found[seam * 1024 - 1440 : seam * 1024 + 1440], 440, 1000) < -40


def _beside(samples: Any, *tones: float) -> float:
    """Level of what is there beside tones that slowly rise or fall, in dB."""
    at = np.arange(len(samples)) / RATE
    parts = [wave(2 * np.pi * hz * at) * at**power for hz in tones for wave in (np.sin, np.cos) for power in range(3)]
    fitted = np.stack(parts, axis=1)
    rest = samples - fitted @ np.linalg.lstsq(fitted, samples, rcond=None)[0]
    return level_db(rest)
