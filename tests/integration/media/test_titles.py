"""Title clips are real videos that join by copy with their likes."""

import asyncio
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.probe import probe
from playhead.media.render.files import FileClip
from playhead.media.render.format import ReelSettings
from playhead.media.render.stitch import stitch_files
from playhead.media.titles.design import TitleClip
from playhead.media.titles.render import ImageUnreadable, render_titles


async def render(folder: Path, name: str, clip: TitleClip) -> Path:
    work = folder / f"{name}-layers"
    work.mkdir()
    await render_titles(find_ffmpeg(), clip, work=work, out=folder / f"{name}.mp4")
    return folder / f"{name}.mp4"


async def test_title_clips_are_exact_and_join_by_copy(tmp_path: Path) -> None:
    """Two prompts of one form: frames to the last one, stereo AAC, and a reel without a single encoded frame."""
    made = [
        await render(
            tmp_path, text, TitleClip(text=text, width=360, height=640, fps=25, duration_s=1.2, seed=7, audio=True)
        )
        for text in ("red", "sea")
    ]

    facts = await probe(made[0])
    assert (facts.video.codec, facts.video.width, facts.video.height) == ("h264", 360, 640)
    assert facts.video.fps == Fraction(25)
    assert facts.duration_s == pytest.approx(1.2, abs=0.001)
    assert facts.audio is not None
    assert (facts.audio.codec, facts.audio.channels, facts.audio.sample_rate) == ("aac", 2, 48_000)
    stitched = await stitch_files([FileClip(path, 0, None) for path in made], ReelSettings(), tmp_path / "reel.mp4")
    assert [clip.action for clip in stitched.plan.clips] == ["copy", "copy"]


async def test_a_picture_lies_behind_the_words_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    """A red image makes a red clip without sound; a text file that calls itself an image is named as the cause."""
    image, broken = tmp_path / "image.png", tmp_path / "broken.png"
    Image.new("RGB", (90, 40), (250, 10, 10)).save(image)
    broken.write_text("no image")
    form = TitleClip(text="Behind", width=320, height=180, fps=24, duration_s=0.5, audio=False)

    made = await render(tmp_path, "good", replace(form, image=image))

    assert (await probe(made)).audio is None
    red, green, blue = await corner_of(made)
    assert red > 120 > 40 > max(green, blue)
    with pytest.raises(ImageUnreadable):
        await render(tmp_path, "bad", replace(form, image=broken))


async def corner_of(path: Path) -> tuple[int, int, int]:
    """The colour of the upper left pixel of the first frame."""
    arguments = ["-v", "error", "-i", str(path), "-frames:v", "1", "-vf", "crop=2:2:0:0,format=rgb24", "-f", "rawvideo"]
    process = await asyncio.create_subprocess_exec(
        str(find_ffmpeg().binary), *arguments, "-", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output[0], output[1], output[2]
