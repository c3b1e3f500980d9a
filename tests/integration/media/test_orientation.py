"""Whatever a file says about how its picture is turned, stills, probes and reels show what a player shows."""

import asyncio
import io
import struct
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.hls.video import SegmentedVideo
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.orientation import Orientation
from playhead.media.probe import Probe, probe
from playhead.media.render.files import FileClip, open_clip, survey_files
from playhead.media.render.format import ReelSettings
from playhead.media.render.planner import plan_stitch
from playhead.media.render.stitch import stitch_files
from playhead.media.render.survey import survey_clip
from playhead.media.stills.make import Shape, storyboard, thumbnail
from playhead.media.stills.pool import one_process
from playhead.media.stills.source import FileSource
from tests.fixtures.mp4_surgery import poke, spans
from tests.fixtures.still_sources import by_samples

ONE, LAST = 0x10000, 0x40000000
SIZE = (160, 90)
SHAPE = Shape(0.4, 10.0, 160 * 90)
SAME = 20
"""Mean distance of two pictures of 255 that are one, compressed apart; turned the wrong way it is above 60."""

MATRICES = {
    "plain": (ONE, 0, 0, 0, ONE, 0, 0, 0, LAST),
    "turned by 90": (0, ONE, 0, -ONE, 0, 0, 90 * ONE, 0, LAST),
    "turned by 180": (-ONE, 0, 0, 0, -ONE, 0, 160 * ONE, 90 * ONE, LAST),
    "turned by 270": (0, -ONE, 0, ONE, 0, 0, 0, 160 * ONE, LAST),
    "mirrored": (-ONE, 0, 0, 0, ONE, 0, 160 * ONE, 0, LAST),
    "upside down": (ONE, 0, 0, 0, -ONE, 0, 0, 90 * ONE, LAST),
    "mirrored and turned by 90": (0, -ONE, 0, -ONE, 0, 0, 0, 0, LAST),
    "mirrored and turned by 270": (0, ONE, 0, ONE, 0, 0, 0, 0, LAST),
    "all zero": (0,) * 9,
    "rounded": (3, 65535, 0, -65535, 3, 0, 7, 9, LAST),
    "of double size": (2 * ONE, 0, 0, 0, 2 * ONE, 0, 0, 0, LAST),
    "turned by 45": (46341, 46341, 0, -46341, 46341, 0, 0, 0, LAST),
}
SEI = "h264_metadata=display_orientation=insert:rotate=90:flip=horizontal"


def ffmpeg(*arguments: str | Path) -> bytes:
    command = [str(find_ffmpeg().binary), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One picture, no half of which is like another, under every matrix and in containers that say it otherwise."""
    folder = tmp_path_factory.mktemp("orientation")
    plain = folder / "plain.mp4"
    card = "color=c=navy:s=160x90:r=10:d=0.4,drawbox=w=80:h=45:c=red:t=fill,drawbox=x=80:w=80:h=20:c=white:t=fill"
    ffmpeg("-f", "lavfi", "-i", card, "-c:v", "libx264", "-pix_fmt", "yuv420p", plain)
    found = {}
    for name, matrix in MATRICES.items():
        found[name] = folder / f"{name}.mp4"
        found[name].write_bytes(poke(plain.read_bytes(), "moov/trak/tkhd", 40, *matrix, width="i"))
    found["of a movie that turns"] = folder / "movie.mp4"
    mirrored = found["mirrored"].read_bytes()
    found["of a movie that turns"].write_bytes(poke(mirrored, "moov/mvhd", 36, *MATRICES["turned by 90"], width="i"))
    found["in Matroska"] = folder / "roll.mkv"
    ffmpeg("-display_rotation", "90", "-display_hflip", "-i", plain, "-c", "copy", found["in Matroska"])
    found["in the stream itself"] = folder / "sei.ts"
    ffmpeg("-i", plain, "-c", "copy", "-bsf:v", SEI, found["in the stream itself"])
    return found


def shown_by_ffmpeg(path: Path) -> Image.Image:
    """The first frame, turned as ffmpeg turns it by itself."""
    return Image.open(io.BytesIO(ffmpeg("-i", path, "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "-")))


def distance(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return sum(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


async def test_stills_are_turned_as_players_turn_the_video(files: dict[str, Path]) -> None:
    """Of the whole file, and of an excerpt where there is an index."""
    wrong = []
    async with one_process() as pool:
        for name, path in files.items():
            true = shown_by_ffmpeg(path)
            sources = [FileSource(path), *([by_samples(path)] if path.suffix == ".mp4" else [])]
            for source in sources:
                still = await thumbnail(pool, source, SHAPE, at_s=0.0, width=160)
                image = Image.open(io.BytesIO(still))
                if image.size != true.size or distance(image, true) > SAME:
                    wrong.append((name, source))

    assert wrong == []


async def test_tiles_of_a_storyboard_are_mirrored_too(files: dict[str, Path]) -> None:
    path = files["mirrored and turned by 90"]

    async with one_process() as pool:
        board, sheet = await storyboard(pool, FileSource(path), SHAPE)

    tile = Image.open(io.BytesIO(sheet)).crop((0, 0, board.tile_width, board.tile_height))
    assert distance(tile, shown_by_ffmpeg(path).resize(tile.size)) < SAME


def shape_of(found: Probe) -> tuple[Orientation, tuple[int, int]]:
    video = found.video
    return Orientation(video.rotation, video.mirrored), (video.width, video.height)


async def test_index_and_libav_agree_on_how_a_file_is_turned(files: dict[str, Path]) -> None:
    """And on the size that follows, which is that of the picture on the screen."""
    examined = await asyncio.gather(*map(probe, files.values()))
    for (name, path), found in zip(files.items(), examined, strict=True):
        opened = (await open_clip(path)).probe if path.suffix == ".mp4" else found
        assert (name, shape_of(opened)) == (name, shape_of(found))
        assert (name, shape_of(found)[1]) == (name, shown_by_ffmpeg(path).size)


async def test_a_reel_shows_each_clip_upright_whatever_it_said(files: dict[str, Path], tmp_path: Path) -> None:
    names = ["mirrored", "mirrored and turned by 90", "all zero", "of a movie that turns", "in Matroska"]
    settings = ReelSettings(width=160, height=160, fps=Fraction(10))

    made = await stitch_files([FileClip(files[name]) for name in names], settings, tmp_path / "reel.mp4")

    for name, clip in zip(names, made.plan.clips, strict=True):
        at = f"select=eq(n\\,{clip.first_frame + 1})"
        picture = ffmpeg("-i", made.path, "-vf", at, "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "-")
        true = shown_by_ffmpeg(files[name])
        left, top = (160 - true.width) // 2, (160 - true.height) // 2
        seen = Image.open(io.BytesIO(picture)).crop((left, top, left + true.width, top + true.height))
        assert (name, distance(seen, true) < SAME) == (name, True)


async def test_only_pictures_that_stand_upright_are_copied(files: dict[str, Path]) -> None:
    """Mirrored is not upright; a matrix that says nothing, or only a size, is."""
    names = ["plain", "all zero", "of double size", "mirrored", "turned by 180", "turned by 45"]
    surveys = await survey_files([FileClip(files[name]) for name in names])

    actions = [plan_stitch([survey], ReelSettings()).clips[0].action for survey in surveys]

    assert actions == ["copy", "copy", "copy", "encode", "encode", "encode"]


async def test_a_stream_that_turns_in_an_upright_track_is_turned(files: dict[str, Path], tmp_path: Path) -> None:
    """As ffmpeg does, and so not copied; only who decodes can know."""
    path = tmp_path / "sei.mp4"
    ffmpeg("-i", files["plain"], "-c", "copy", "-bsf:v", SEI, path)

    clip = await open_clip(path, examine=True)
    survey = await survey_clip(clip.movie, clip.probe, clip.read)

    assert shape_of(clip.probe) == (Orientation(270, mirrored=True), (90, 160))
    assert "is rotated or mirrored" in survey.copy_blockers


def test_an_hls_stream_keeps_the_matrix_and_has_the_size_that_is_shown(files: dict[str, Path]) -> None:
    for name in ("mirrored and turned by 90", "of a movie that turns", "upside down"):
        with FileBytes(files[name]) as file:
            movie = read_movie(file)
        assert movie.video is not None
        stream = SegmentedVideo(movie, movie.video)
        init = stream.init()
        start = spans(init, "moov/trak/tkhd")[-1][0] + 8 + 40
        turned = struct.unpack(">9i", init[start : start + 36])[:5]

        assert stream.shown_size == shown_by_ffmpeg(files[name]).size
        assert turned == struct.unpack(">9i", movie.video.matrix)[:5]
