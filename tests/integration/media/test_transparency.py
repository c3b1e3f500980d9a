"""Where a video is clear, the background is seen; what its encoder left there is not."""

import asyncio
import io
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from playhead.media.probe import probe
from playhead.media.render.files import FileClip, open_clip
from playhead.media.render.format import ReelSettings
from playhead.media.render.ladder import RenditionSpec
from playhead.media.render.renditions import rendition_plan, source_hints
from playhead.media.render.stitch import stitch_files
from playhead.media.render.tasks import render_tasks
from playhead.media.render.video import render_video
from playhead.media.stills.make import Shape, animation, poster, storyboard
from playhead.media.stills.pool import one_process
from playhead.media.stills.source import FileSource
from tests.fixtures.coloured import ffmpeg, seen

SIZE = (160, 90)
SHAPE = Shape(0.3, 10.0, SIZE[0] * SIZE[1])
NEAR = 10

LIBVPX = ["-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "0", "-b:v", "2M"]
CODECS = {
    "vp9.webm": ("yuva420p", ["-c:v", "libvpx-vp9", *LIBVPX]),
    "vp8.webm": ("yuva420p", ["-c:v", "libvpx", *LIBVPX]),
    "prores.mov": ("yuva444p10le", ["-c:v", "prores_ks", "-profile:v", "4444"]),
    "animation.mov": ("argb", ["-c:v", "qtrle"]),
    "png.mov": ("rgba", ["-c:v", "png"]),
    "hlg.mov": ("yuva444p10le", ["-c:v", "prores_ks", "-profile:v", "4444"]),
}
HLG = ",setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A quarter clear over hidden red, a quarter half clear and green, half opaque and blue."""
    folder = tmp_path_factory.mktemp("transparency")
    found = {name: folder / name for name in CODECS}
    for name, (pixels, encode) in CODECS.items():
        boxes = "drawbox=x=40:w=40:h=90:c=lime@0.5:t=fill:replace=1,drawbox=x=80:w=80:h=90:c=blue@1:t=fill:replace=1"
        card = f"color=red@0.0:s=160x90:r=10:d=0.3,format={pixels},{boxes}{HLG if name == 'hlg.mov' else ''}"
        ffmpeg("-f", "lavfi", "-i", card, *encode, "-pix_fmt", pixels, found[name])
    return found


def quarters(picture: Path | bytes) -> list[tuple[int, ...]]:
    """What is seen in the clear, the half clear and the opaque part."""
    return seen(picture, [Fraction(at, 8) for at in (1, 3, 6)])


def near(found: list[tuple[int, ...]], wanted: list[tuple[int, int, int]]) -> bool:
    return all(
        abs(a - b) <= NEAR for one, two in zip(found, wanted, strict=True) for a, b in zip(one, two, strict=True)
    )


@pytest.mark.parametrize("name", CODECS)
async def test_a_reel_lays_what_is_clear_on_its_background(clips: dict[str, Path], tmp_path: Path, name: str) -> None:
    settings = ReelSettings(width=160, height=120, fps=Fraction(10), background="#c08040")

    made = await stitch_files([FileClip(clips[name])], settings, tmp_path / "reel.mp4")

    clear, half, opaque = quarters(made.path)
    assert near([clear, opaque], [(0xC0, 0x80, 0x40), (0, 0, 255)])
    assert half == pytest.approx((0x60, 0xC0, 0x20), abs=20)  # lime of HLG is less bright
    assert "transparency: laid on the background" in made.plan.clips[0].reason


async def test_a_layer_of_hevc_is_transparency_to_a_reel(tmp_path: Path) -> None:
    """As Apple's editors write it; an MP4's index says so, and such a clip is never copied."""
    path = tmp_path / "layers.mp4"
    card = "color=red@0.0:s=160x90:r=10:d=0.3,format=yuva420p,drawbox=x=80:w=80:h=90:c=blue@1:t=fill:replace=1"
    encode = ["-c:v", "libx265", "-x265-params", "log-level=none:alpha=1", "-pix_fmt", "yuva420p", "-tag:v", "hvc1"]
    ffmpeg("-f", "lavfi", "-i", card, *encode, path)
    settings = ReelSettings(width=160, height=90, fps=Fraction(10), background="#c08040", codec="hevc")

    made = await stitch_files([FileClip(path)], settings, tmp_path / "reel.mp4")

    clear, _, opaque = quarters(made.path)
    assert near([clear, opaque], [(0xC0, 0x80, 0x40), (0, 0, 255)])
    assert (await probe(path)).video.alpha


async def test_stills_show_black_where_a_video_is_clear(clips: dict[str, Path]) -> None:
    """Posters, tiles and previews."""
    wanted = [(0, 0, 0), (0, 128, 0), (0, 0, 255)]
    async with one_process() as pool:
        for path in clips.values():
            assert near(quarters(await poster(pool, FileSource(path), SHAPE)), wanted)
        webm = FileSource(clips["vp9.webm"])
        assert near(quarters(await animation(pool, webm, SHAPE)), wanted)
        board, sheet = await storyboard(pool, webm, SHAPE)

    tile = io.BytesIO()
    Image.open(io.BytesIO(sheet)).crop((0, 0, board.tile_width, board.tile_height)).save(tile, "PNG")
    assert near(quarters(tile.getvalue()), wanted)


async def test_a_rendition_shows_black_where_a_video_is_clear(clips: dict[str, Path], tmp_path: Path) -> None:
    path = clips["vp8.webm"]
    found = await probe(path)
    spec = RenditionSpec("90p", "rendition", "h264", *SIZE, Fraction(10), 500_000, has_audio=False)
    plan = rendition_plan(found, source_hints(None, found), spec, "vid")

    await render_video(render_tasks(plan)[0], plan, path, tmp_path / "span.mp4")

    assert near(quarters(tmp_path / "span.mp4"), [(0, 0, 0), (0, 128, 0), (0, 0, 255)])


async def test_a_probe_knows_whether_a_video_has_transparency(clips: dict[str, Path], tmp_path: Path) -> None:
    plain = tmp_path / "plain.mp4"
    ffmpeg("-i", clips["vp9.webm"], "-pix_fmt", "yuv420p", plain)

    found = await asyncio.gather(*map(probe, clips.values()))
    assert [each.video.alpha for each in found] == [True] * len(clips)
    assert not (await probe(plain)).video.alpha
    assert not (await open_clip(plain)).probe.video.alpha


async def test_a_recorder_that_leaves_alpha_at_zero_is_not_transparent(tmp_path: Path) -> None:
    """RGB of 32 bits in AVI. ProRes, or a frame of one colour, that is clear all over may be the start of a title."""
    recording, title, prores = tmp_path / "recording.avi", tmp_path / "title.mov", tmp_path / "prores.mov"
    card = "testsrc2=s=160x90:r=10:d=0.3,format=bgra,lutrgb=a=0"
    ffmpeg("-f", "lavfi", "-i", card, "-c:v", "rawvideo", recording)
    ffmpeg("-f", "lavfi", "-i", card, "-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le", prores)
    ffmpeg("-f", "lavfi", "-i", "color=black@0:s=160x90:r=10:d=0.3,format=argb", "-c:v", "qtrle", title)

    found = await asyncio.gather(*map(probe, (recording, title, prores)))
    assert [each.video.alpha for each in found] == [False, True, True]
    async with one_process() as pool:
        still = Image.open(io.BytesIO(await poster(pool, FileSource(recording), SHAPE)))
    assert max(high for _, high in still.convert("RGB").getextrema()) > 200  # type: ignore[misc]
