"""The picture of whole edits, by numbers: frames, mixes, boxes, and copies that are bit-equal to their source."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from playhead.media.edit.model import Crop, Edit, EditClip, Framing
from playhead.media.errors import UnreadableVideo
from playhead.media.layers.drawing import StillUnreadable
from playhead.media.render.format import ReelSettings
from playhead.media.render.mixing import ZOOM
from tests.fixtures.edited import Edited, plain, stitch_edit
from tests.fixtures.golden_edits import DARK, GOLDENS, LIGHT, golden_files
from tests.fixtures.reels import hashes
from tests.fixtures.sync import read_frames
from tests.fixtures.tiers import thorough

NEAR = 1.6
"""Levels that coding may change of a plain grey."""


def grey(level: float) -> float:
    """Luma of a grey in limited range."""
    return 16 + level * 219 / 255


BLACK, LOW, HIGH = grey(0), grey(DARK), grey(LIGHT)


async def made(name: str, folder: Path) -> Edited:
    """A golden project, with what is true of all of them."""
    golden = GOLDENS[name]
    files = golden_files(folder, golden.edit)
    reel = await stitch_edit(folder, golden.edit, files, golden.settings)
    assert reel.plan.frames == golden.frames
    assert sum(frames for _, _, frames in reel.runs("copy")) == golden.copied
    found = hashes(reel.path)
    assert len(found) == golden.frames
    for clip, first, frames in reel.runs("copy"):
        own = hashes(files[clip.video_id])
        start = round(clip.start_s * float(reel.plan.format.fps))
        assert found[first : first + frames] == own[start : start + frames]
    return reel


def middle(frames: Any) -> list[float]:
    """Level in the middle of each frame."""
    rows, columns = frames.shape[1] // 2, frames.shape[2] // 2
    return [float(level) for level in frames[:, rows - 2 : rows + 2, columns - 2 : columns + 2].mean(axis=(1, 2))]


def changed(frames: Any, level: float) -> list[bool]:
    """Frames in which something stands out from a plain grey."""
    return [bool((np.abs(frame - level) > 25).sum() > 20) for frame in frames]


def mix(first: float, last: float, frames: int) -> list[float]:
    """Frame k of n has k + 0.5 over n of what comes."""
    return [first + (last - first) * (frame + 0.5) / frames for frame in range(frames)]


def box_of(frame: Any, level: float) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what stands out."""
    rows, columns = np.nonzero(np.abs(frame - level) > 25)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


async def test_a_crossfade_mixes_by_the_frame(tmp_path: Path) -> None:
    """30 frames between two copies."""
    reel = await made("a crossfade between copies", tmp_path)

    levels = middle(reel.frames())
    wanted = [*[LOW] * 150, *mix(LOW, HIGH, 30), *[HIGH] * 150]
    assert levels == pytest.approx(wanted, abs=NEAR)


async def test_dips_and_fades_reach_black_at_their_frames(tmp_path: Path) -> None:
    """Half of a dip is of each clip."""
    reel = await made("a dip, a fade in and a fade out", tmp_path)

    levels = middle(reel.frames())
    wanted = [*mix(BLACK, LOW, 15), *[LOW] * 135, *mix(LOW, BLACK, 30)]
    wanted += [*mix(BLACK, HIGH, 30), *[HIGH] * 135, *mix(HIGH, BLACK, 15)]
    assert levels == pytest.approx(wanted, abs=NEAR)


async def test_captions_are_there_exactly_in_their_spans(tmp_path: Path) -> None:
    """And nowhere else; the word that is spoken changes by the frame."""
    reel = await made("captions, with a word that is spoken", tmp_path)

    frames = reel.frames()
    assert [number for number, seen in enumerate(changed(frames, LOW)) if seen] == [*range(15, 45), *range(120, 150)]
    assert box_of(frames[20], LOW)[1] > 45
    spoken = [np.abs(frames[at] - frames[at + 1]).max() > 40 for at in range(120, 149)]
    assert [at for at, different in enumerate(spoken, 121) if different] == [135]


@thorough
async def test_titles_come_go_and_reach_into_a_crossfade(tmp_path: Path) -> None:
    """The first slides up and fades away; the second is cut at the end of its clip."""
    reel = await made("titles that come and go, one into a crossfade", tmp_path)

    frames = reel.frames()
    seen = changed(frames[:150], LOW)
    assert [number for number, there in enumerate(seen) if there and 3 < number < 27] == [*range(4, 27)]
    assert not any(seen[30:135])
    assert all(seen[135:150])
    tops = [box_of(frames[at], LOW)[1] for at in (5, 10, 20)]
    assert tops[0] > tops[1] >= tops[2]
    lower = frames[150:180, 45:, :].max(axis=(1, 2))
    assert all(lower > 200)
    assert not any(changed(frames[180:], HIGH))


@thorough
async def test_stills_are_frames_as_any_other(tmp_path: Path) -> None:
    """A zoom leaves a plain image plain; an upright one lies on a blurred copy of itself; a card mixes in."""
    reel = await made("images, a zoom, a card, a crossfade between stills", tmp_path)

    frames = reel.frames()
    assert not any(changed(frames[:45], HIGH))
    assert all(changed(frames[60:75], HIGH))
    assert middle(frames)[75:] == pytest.approx([LOW] * 60, abs=NEAR)


@thorough
async def test_speed_chooses_frames_by_time(tmp_path: Path) -> None:
    """At twice the speed every second frame is shown, at half of it every frame twice."""
    reel = await made("speed, forwards and slow", tmp_path)

    numbers = [one.number for one in read_frames(reel.path, {1: (160, 90)})]
    assert numbers == [*range(0, 60, 2), *(frame // 2 for frame in range(60)), *range(60)]


@thorough
async def test_framing_fits_fills_and_blurs(tmp_path: Path) -> None:
    """Beside the upright picture is the background, nothing, or the picture itself, softly."""
    reel = await made("framing of an upright video", tmp_path)

    frames = reel.frames()
    assert frames[75, 45, 5] == pytest.approx(grey(0x20), abs=NEAR)
    assert middle(frames) == pytest.approx([HIGH] * 180, abs=NEAR)
    for first in (95, 125, 155):
        assert not changed(frames[first : first + 1], HIGH)[0]


async def test_a_watermark_is_over_everything(tmp_path: Path) -> None:
    """At its place, with its opacity, also in the crossfade; the plan says that nothing is copied."""
    reel = await made("a watermark over copies and a crossfade", tmp_path)

    frames = reel.frames()
    logo = [float(level) for level in frames[:, 12:18, 15:35].mean(axis=(1, 2))]
    wanted = [*[LOW] * 45, *mix(LOW, HIGH, 15), *[HIGH] * 45]
    assert logo == pytest.approx([(HIGH + level) / 2 for level in wanted], abs=NEAR)
    assert "watermark" in reel.plan.summary


@thorough
@pytest.mark.parametrize("name", ["a crossfade from another rate", "a varying rate with effects"])
async def test_rates_do_not_matter_to_a_crossfade(tmp_path: Path, name: str) -> None:
    """It mixes at the reel's rate."""
    reel = await made(name, tmp_path)

    levels = middle(reel.frames())
    first = next(at for at, level in enumerate(levels) if level > LOW + NEAR)
    assert levels[first - 1 : first + 29] == pytest.approx(mix(LOW, HIGH, 30), abs=NEAR + 2)


async def test_an_image_that_is_none_is_told(tmp_path: Path) -> None:
    """Before anything is shown."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")

    with pytest.raises(StillUnreadable, match="Image img cannot be decoded"):
        await stitch_edit(tmp_path, Edit(clips=(EditClip(clip_id="1", image_id="img", end_s=1.0),)), {"img": broken})


def test_the_error_of_an_image_is_one_of_a_file() -> None:
    """So that it is never tried again."""
    assert issubclass(StillUnreadable, UnreadableVideo)
    assert (StillUnreadable.retry, StillUnreadable.fault) == ("never", "caller")


@thorough
async def test_a_zoom_moves_by_parts_of_a_pixel(tmp_path: Path) -> None:
    """An edge passes steadily; whole pixels would make it shake."""
    image = Image.new("L", (160, 90), LIGHT)
    image.paste(DARK, (0, 0, 120, 90))
    image.convert("RGB").save(tmp_path / "edge.png")
    edit = Edit(clips=(EditClip(clip_id="1", image_id="edge", end_s=2.0, zoom="in"),))

    reel = await stitch_edit(tmp_path, edit, {"edge": tmp_path / "edge.png"}, ReelSettings(width=160, height=90))

    rows = reel.frames()[:, 30:60, :].mean(axis=1)
    edges = ((HIGH - rows) / (HIGH - LOW)).sum(axis=1)
    zoom = 1 + ZOOM * (np.arange(60) + 0.5) / 60
    away = edges - (80 + 40 * zoom)
    assert np.abs(away - away.mean()).max() < 0.25


async def test_a_crop_of_less_than_a_pixel_shows_two(tmp_path: Path) -> None:
    source = plain(tmp_path / "small.mp4", 120, seconds=1, size=(64, 48))
    framing = Framing(crop=Crop(x=0.99, y=0.5, width=0.01, height=0.01))
    clip = EditClip(clip_id="a", video_id="a", start_s=0, end_s=1, framing=framing)
    reel = await stitch_edit(tmp_path, Edit(clips=(clip,)), {"a": source})

    assert middle(reel.frames()) == pytest.approx([grey(120)] * 30, abs=2)
