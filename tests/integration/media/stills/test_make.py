"""What comes out is what the video shows then, whether libav reads the file or is handed the samples."""

import io
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageStat

from playhead.media.errors import NoVideoTrack, UnreadableVideo
from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import probe
from playhead.media.stills.errors import NoStill
from playhead.media.stills.make import Shape, animation, poster, storyboard, thumbnail
from playhead.media.stills.pool import StillsPool, one_process
from playhead.media.stills.source import FileSource
from tests.fixtures import clips
from tests.fixtures.edits import init_and_fragments, with_edits
from tests.fixtures.still_sources import by_samples
from tests.fixtures.sync import read_number

SHAPE = Shape(duration_s=3.0, fps=30.0, pixels=320 * 180)


@pytest.fixture
async def pool() -> AsyncIterator[StillsPool]:
    async with one_process() as opened:
        yield opened


both = pytest.mark.parametrize("source_of", [FileSource, by_samples], ids=["file", "samples"])


def opened(image: bytes) -> Any:
    return Image.open(io.BytesIO(image))


def video(path: Path, source: str, *encode: str) -> Path:
    """A video of one of ffmpeg's own sources."""
    command = [str(find_ffmpeg().binary), "-v", "error", "-y", "-f", "lavfi", "-i", source, *encode, str(path)]
    subprocess.run(command, check=True)
    return path


@both
@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_a_thumbnail_is_the_very_frame(tmp_path: Path, pool: StillsPool, source_of: Any, codec: str) -> None:
    """Whatever lies between it and its keyframe; times after the end give the last."""
    source = source_of(clips.make_clip(tmp_path, seconds=3, gop=45, codec=codec, mark=7))
    times = [0.0, 0.0334, 0.5, 1.0, 1.49, 1.5, 1.7, 2.98, 50.0]

    shown = [read_number(opened(await thumbnail(pool, source, SHAPE, at_s=at, width=320)), 7) for at in times]

    assert shown == [0, 1, 15, 30, 44, 45, 51, 89, 89]


EDITED = [
    # name, in fragments, edits of the video, edits of the audio, times, frames
    ("cut amid GOPs", False, [(1000, 1024 + 10_240)], [(1000, 1024)], [0, 0.5, 0.99, 9], [20, 35, 49, 49]),
    ("the same in fragments", True, [(1000, 1024 + 10_240)], [(1000, 1024)], [0, 0.5, 0.99, 9], [20, 35, 49, 49]),
    ("later than its sound", False, [(500, -1), (1000, 1024 + 10_240)], [(2000, 1024)], [0, 0.6, 9], [20, 23, 49]),
]  # fmt: skip


@both
@pytest.mark.parametrize("row", EDITED, ids=[row[0] for row in EDITED])
async def test_nothing_is_shown_of_what_an_edit_list_hides(
    tmp_path: Path, pool: StillsPool, source_of: Any, row: tuple[Any, ...]
) -> None:
    _, fragmented, video, audio, times, numbers = row
    clip = clips.make_clip(tmp_path, seconds=3, gop=15, mark=7)
    path = in_fragments(clip) if fragmented else clip
    path.write_bytes(with_edits(path.read_bytes(), video=video, audio=audio))
    shape = Shape((await probe(path)).duration_s, 30.0, 320 * 180)

    shown = [await thumbnail(pool, source_of(path), shape, at_s=at, width=320) for at in times]

    assert [read_number(opened(image), 7) for image in shown] == numbers
    assert 20 <= (read_number(opened(await poster(pool, source_of(path), shape)), 7) or 0) < 50


@both
async def test_fragments_whose_clock_begins_again_have_stills_to_their_end(
    tmp_path: Path, pool: StillsPool, source_of: Any
) -> None:
    path = in_fragments(clips.make_clip(tmp_path, seconds=3, gop=45, mark=7, audio=False))
    init, fragments = init_and_fragments(path.read_bytes())
    path.write_bytes(init + fragments + fragments)

    shape, times = Shape(6.0, 30.0, 320 * 180), (1.0, 2.99, 3.0, 4.51, 9)
    shown = [await thumbnail(pool, source_of(path), shape, at_s=at, width=320) for at in times]

    assert [read_number(opened(image), 7) for image in shown] == [30, 89, 0, 45, 89]


def in_fragments(clip: Path) -> Path:
    path = clip.with_name("fragments.mp4")
    command = [find_ffmpeg().binary, "-v", "error", "-y", "-i", clip, "-c", "copy"]
    flags = ["-movflags", "+frag_keyframe+delay_moov+default_base_moof"]
    subprocess.run([*map(str, command), *flags, str(path)], check=True)
    return path


@both
async def test_a_frame_too_far_from_its_keyframe_is_approached(
    tmp_path: Path, pool: StillsPool, source_of: Any
) -> None:
    """Of frames so large only thirty may be decoded; the last of them is the nearest."""
    source = source_of(clips.make_clip(tmp_path, seconds=3, gop=90, mark=7))
    large = Shape(duration_s=3.0, fps=30.0, pixels=40_000_000)

    shown = read_number(opened(await thumbnail(pool, source, large, at_s=2.5, width=320)), 7)

    assert shown is not None
    assert 25 <= shown <= 30


@both
@pytest.mark.parametrize(("gop", "shown"), [(15, [0, 15, 30, 45, 60, 75]), (90, [0, 22, 37, 52, 67, 82])])
async def test_each_tile_shows_its_part_of_the_video(
    tmp_path: Path, pool: StillsPool, source_of: Any, gop: int, shown: list[int]
) -> None:
    """A keyframe in its half second if there is one, else the frame in the middle of it."""
    source = source_of(clips.make_clip(tmp_path, seconds=3, gop=gop, mark=7))

    board, sheet = await storyboard(pool, source, SHAPE)

    assert (board.count, board.columns, board.interval_s) == (6, 6, 0.5)
    assert opened(sheet).size == (6 * 160, 90) == (board.columns * board.tile_width, board.tile_height)
    tiles = [opened(sheet).crop((left, 0, left + 160, 90)) for left in range(0, 960, 160)]
    assert [read_number(tile, 7) for tile in tiles] == shown


async def test_a_tall_video_has_tall_tiles_in_rows_of_ten(tmp_path: Path, pool: StillsPool) -> None:
    path = clips.make_clip(tmp_path, seconds=6, fps=10, size=(160, 90), rotate=90, audio=False)

    board, sheet = await storyboard(pool, FileSource(path), Shape(duration_s=6.0, fps=10))

    assert (board.count, board.columns, board.tile_width, board.tile_height) == (12, 10, 90, 160)
    assert opened(sheet).size == (900, 320)


@both
async def test_a_animation_moves_and_is_small(tmp_path: Path, pool: StillsPool, source_of: Any) -> None:
    """Three seconds at twelve frames a second, from four places."""
    source = source_of(clips.make_clip(tmp_path, seconds=10, fps=25, size=(640, 360), mark=7, gop=50))

    moving = await animation(pool, source, Shape(duration_s=10.0, fps=25.0))

    image = opened(moving)
    assert (image.format, image.size, image.is_animated) == ("WEBP", (320, 180), True)
    assert 34 <= image.n_frames <= 37
    assert len(moving) < 400_000
    numbers = []
    for frame in range(image.n_frames):
        image.seek(frame)
        numbers.append(read_number(image, 7))
    assert numbers[0] == 0  # the keyframe before the first place
    assert numbers == sorted(numbers, key=lambda number: number or 0)
    assert numbers[-1] is not None
    assert numbers[-1] > 200


async def test_a_animation_of_noise_is_small_too(tmp_path: Path, pool: StillsPool) -> None:
    path = video(tmp_path / "noise.mp4", "nullsrc=s=320x320:r=25:d=3,geq=random(1)*255:128:128", "-preset", "ultrafast")

    assert len(await animation(pool, FileSource(path), Shape(duration_s=3.0))) < 1_000_000


@both
async def test_a_poster_is_not_the_black_intro(tmp_path: Path, pool: StillsPool, source_of: Any) -> None:
    """Its keyframes at a tenth and at three tenths are black."""
    black = "testsrc2=s=320x180:r=10:d=10,drawbox=t=fill:c=black:enable='lt(t,4)'"
    path = video(tmp_path / "intro.mp4", black, "-g", "10", "-preset", "ultrafast", "-pix_fmt", "yuv420p")

    found = opened(await poster(pool, source_of(path), Shape(10.0)))

    assert ImageStat.Stat(found.convert("L")).mean[0] > 60


@both
@pytest.mark.parametrize("rotate", [90, 180, 270])
async def test_stills_are_upright(tmp_path: Path, pool: StillsPool, source_of: Any, rotate: int) -> None:
    """As a player turns the video; read in the stored frame's own direction the number is there."""
    path = clips.make_clip(tmp_path, seconds=3, size=(320, 180), rotate=rotate, mark=7)

    found = opened(await thumbnail(pool, source_of(path), SHAPE, at_s=1.0, width=320))

    assert found.size == ((180, 320) if rotate % 180 else (320, 180))
    assert read_number(found.rotate(rotate, expand=True), 7) == 30


async def test_a_transport_stream_with_one_keyframe_has_stills(tmp_path: Path, pool: StillsPool) -> None:
    """A seek lands behind that keyframe, which is the first frame."""
    path = video(
        tmp_path / "one.ts", "testsrc2=s=160x90:r=10:d=3", "-c:v", "libx264", "-g", "250", "-pix_fmt", "yuv420p"
    )

    assert opened(await poster(pool, FileSource(path), Shape(3.0, 10.0, 160 * 90))).size == (160, 90)


@both
async def test_wide_pixels_are_drawn_wide(tmp_path: Path, pool: StillsPool, source_of: Any) -> None:
    path = video(
        tmp_path / "wide.mp4", "testsrc2=s=360x288:r=25:d=1,setsar=64/45", "-preset", "ultrafast", "-pix_fmt", "yuv420p"
    )

    found = opened(await thumbnail(pool, source_of(path), Shape(1.0), at_s=0.5, width=1280))

    assert found.size == (512, 288)


@both
async def test_the_codec_is_asked_for_the_shape_of_pixels_too(tmp_path: Path, pool: StillsPool, source_of: Any) -> None:
    """A file whose own header does not tell."""
    plain = clips.make_clip(tmp_path, seconds=1, size=(360, 288), audio=False)
    path = tmp_path / "wide.mp4"
    shaped = ["-i", str(plain), "-c", "copy", "-bsf:v", "h264_metadata=sample_aspect_ratio=64/45", str(path)]
    subprocess.run([str(find_ffmpeg().binary), "-v", "error", *shaped], check=True)
    with FileBytes(path) as file:
        video = read_movie(file).video
    assert video is not None
    assert video.entry.pixel_aspect == (1, 1)

    found = opened(await thumbnail(pool, source_of(path), Shape(1.0), at_s=0.5, width=1280))

    assert found.size == (512, 288)


@pytest.mark.parametrize(
    ("transfer", "name"), [("smpte2084", "smpte2084"), ("arib-std-b67", "arib-std-b67")], ids=["pq", "hlg"]
)
async def test_high_dynamic_range_is_neither_grey_nor_burnt(
    tmp_path: Path, pool: StillsPool, transfer: str, name: str
) -> None:
    """The colours of a known picture come back within a tenth or so of what they were."""
    made = (
        "color=c=0xc04020:s=160x90:r=10:d=1,setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=pc,"
        "format=gbrp,zscale=t=linear:npl=203,format=gbrpf32le,"
        f"zscale=p=bt2020:t={transfer}:m=bt2020nc:r=tv:npl=203,format=yuv420p10le"
    )
    colours = f"log-level=none:colorprim=bt2020:transfer={name}:colormatrix=bt2020nc"
    path = video(tmp_path / "hdr.mp4", made, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", colours)

    red, green, blue = opened(await poster(pool, FileSource(path), Shape(1.0))).getpixel((80, 45))

    assert 165 <= red <= 225
    assert 45 <= green <= 110
    assert 10 <= blue <= 75


@pytest.mark.parametrize("codec", ["vp9", "mpeg4"])
async def test_other_containers_are_read_by_libav(tmp_path: Path, pool: StillsPool, codec: str) -> None:
    """WebM and AVI."""
    source = FileSource(clips.make_clip(tmp_path, seconds=3, codec=codec, mark=7))

    shown = opened(await thumbnail(pool, source, SHAPE, at_s=1.0, width=320))

    assert read_number(shown, 7) == 30
    assert (await storyboard(pool, source, SHAPE))[0].count == 6


async def test_audio_alone_has_no_stills(tmp_path: Path, pool: StillsPool) -> None:
    path = clips.audio_only(tmp_path)
    with pytest.raises(NoVideoTrack):
        await probe(path)

    for make in (poster, storyboard, animation):
        with pytest.raises(NoStill):
            await make(pool, FileSource(path), SHAPE)


async def test_no_still_is_larger_than_its_video(tmp_path: Path, pool: StillsPool) -> None:
    path = clips.make_clip(tmp_path, seconds=1, size=(96, 54), audio=False)

    assert opened(await thumbnail(pool, FileSource(path), Shape(1.0), at_s=0, width=1280)).size == (96, 54)
    assert opened(await animation(pool, FileSource(path), Shape(1.0))).size == (96, 54)


async def test_text_is_refused_before_a_process_sees_it(tmp_path: Path, pool: StillsPool) -> None:
    with pytest.raises(UnreadableVideo):
        await poster(pool, FileSource(clips.text_as_mp4(tmp_path)), SHAPE)
