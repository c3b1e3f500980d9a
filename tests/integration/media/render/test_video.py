"""A piece of picture is exactly the frames that were planned, whatever the source is."""

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.mp4.movie import BT709, Colour
from playhead.media.render.plan import ClipPlan, Codec, ReelFormat, VideoPiece
from playhead.media.render.tasks import render_tasks
from playhead.media.render.video import render_video
from tests.fixtures.clips import make_clip
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format, stitch_plan
from tests.fixtures.sync import read_frames

NTSC = Fraction(30000, 1001)
SMALL = (160, 90)
BT601 = Colour(6, 6, 6)
MATRIX_ERROR = 10
"""8 bits and a lossy codec change a colour by so much; the wrong matrix changes this green by 23 and more."""


async def rendered(folder: Path, source: Path, form: ReelFormat, clip: ClipPlan) -> list[Path]:
    """Do the picture tasks of a plan of one clip."""
    plan = stitch_plan(form, clip)
    paths = []
    for task in render_tasks(plan):
        assert task.kind == "video"
        paths.append(folder / task.file_name)
        await render_video(task, plan, source, paths[-1], threads=1)
    return paths


def numbers(path: Path, size: tuple[int, int] = SMALL) -> list[int | None]:
    return [frame.number for frame in read_frames(path, {1: size})]


def made(*arguments: str | Path) -> None:
    subprocess.run([find_ffmpeg().binary, "-v", "error", "-y", *arguments], check=True)


def picture(path: Path, at: int = 0) -> Any:
    """One decoded picture as red, green and blue, converted as its tags say."""
    with av.open(str(path)) as container:
        frames = list(container.decode(container.streams.video[0]))
        return frames[at].reformat(format="rgb24").to_ndarray().astype(np.int16)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "h264"), ("a.mkv", "h264"), ("a.mp4", "hevc"), ("a.webm", "vp9"), ("a.avi", "mpeg4")]
)
async def test_neighbouring_pieces_lose_and_double_no_frame(tmp_path: Path, name: str, codec: str) -> None:
    """Where a trim cuts a GOP, head and tail meet the frames between them exactly."""
    source = make_clip(tmp_path, seconds=2, size=SMALL, gop=20, name=name, codec=codec)
    form = reel_format()
    cuts = [7, 20, 33, 40, 59]
    pieces = tuple(piece(form, end - start, start / 30) for start, end in pairwise(cuts))

    paths = await rendered(tmp_path, source, form, clip_plan(form, pieces))

    assert [number for path in paths for number in numbers(path)] == list(range(7, 59))


@pytest.mark.parametrize("fps", [24, 60, NTSC], ids=str)
async def test_frame_k_is_the_one_shown_at_its_time_to_half_a_frame(tmp_path: Path, fps: Fraction | int) -> None:
    """A reel of another rate repeats and skips frames of the source where they fall."""
    source = make_clip(tmp_path, seconds=1, size=SMALL, fps=30)
    form = reel_format(fps=fps)
    count, start_s = int(0.6 * form.fps), 0.2

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, count, start_s),)))

    half = 0.5 / float(form.fps)
    wanted = [int((start_s + k / float(form.fps) + half) * 30 + 1e-6) for k in range(count)]
    shown = numbers(path)
    assert len(shown) == count
    differs = [(k, is_, should) for k, (is_, should) in enumerate(zip(shown, wanted, strict=True)) if is_ != should]
    assert all(abs((is_ or 0) - should) <= 1 for _, is_, should in differs)
    assert len(differs) <= count // 4, differs


async def test_without_a_rate_the_frames_keep_their_own_times(tmp_path: Path) -> None:
    """Every third frame is missing in the source; the gaps are there in the piece."""
    steady, source = make_clip(tmp_path, seconds=2, size=SMALL), tmp_path / "vfr.mp4"
    made("-i", steady, "-vf", "select='lt(mod(n,3),2)'", "-fps_mode", "passthrough", "-crf", "18", "-g", "9", source)
    form = reel_format(timing="variable")

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, 10, 21 / 30, constant=False),)))

    frames = read_frames(path, {1: SMALL})
    kept = [n for n in range(60) if n % 3 < 2 and n >= 21][:10]
    assert [frame.number for frame in frames] == kept
    assert [frame.at_s for frame in frames] == pytest.approx([(n - 21) / 30 for n in kept], abs=1e-4)


async def test_a_source_that_ends_early_holds_its_last_picture(tmp_path: Path) -> None:
    source = make_clip(tmp_path, seconds=1, size=SMALL)
    form = reel_format()

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, 12, 25 / 30),)))

    assert numbers(path) == [25, 26, 27, 28, *[29] * 8]


@pytest.mark.parametrize(("codec", "name"), [("h264", "h264"), ("hevc", "hevc"), ("av1", "av1")])
async def test_every_codec_has_its_tags_closed_gops_and_a_keyframe_first(
    tmp_path: Path, codec: Codec, name: str
) -> None:
    """A keyframe at least every 2 s, from which alone all that follows decodes; colours as asked."""
    source = make_clip(tmp_path, seconds=2.5, size=SMALL)
    form = reel_format(codec=codec, colour=BT709)

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, 75),)))

    assert [number for number in numbers(path) if number is not None] == list(range(75))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name.removeprefix("lib").replace("dav1d", "av1"), stream.time_base) == (
            name,
            Fraction(1, form.timescale),
        )
        context: Any = stream.codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        packets = [packet for packet in container.demux(stream) if packet.size]
        keys = [index for index, packet in enumerate(packets) if packet.is_keyframe]
        assert keys[0] == 0
        assert all(after - before <= 60 for before, after in zip(keys, [*keys[1:], 75], strict=True))
        shown = [packet.pts or 0 for packet in packets]
        assert len(keys) > 1
        assert all(min(shown[key:]) == shown[key] for key in keys)


async def test_an_av1_keyframe_carries_its_sequence_header(tmp_path: Path) -> None:
    """OBU type 1 (AV1 section 5.3.2) within the sample, so that a sample entry of another encoder does no harm."""
    source = make_clip(tmp_path, seconds=1, size=SMALL)
    form = reel_format(codec="av1")

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, 5),)))

    with av.open(str(path)) as container:
        first = bytes(next(container.demux(video=0)))
    assert first[0] >> 3 & 15 == 1


async def test_shapes_are_kept_upright_and_square_on_the_background(tmp_path: Path) -> None:
    """A turned picture, and one of oblong pixels, stand centred between bars of the asked colour."""
    turned = make_clip(tmp_path, seconds=1, size=SMALL, rotate=90)
    form = reel_format(size=(320, 180), background="#ff0000")

    (path,) = await rendered(tmp_path, turned, form, clip_plan(form, (piece(form, 2),)))

    shown = picture(path)
    bar, middle = shown[:, :100].reshape(-1, 3).mean(axis=0), shown[:, 112:208]
    assert bar == pytest.approx([255, 0, 0], abs=6)
    assert middle.std() > 20

    oblong = tmp_path / "sar.mp4"
    made("-i", make_clip(tmp_path, seconds=1, size=(90, 90), name="s.mp4"), "-vf", "setsar=32/18", "-crf", "18", oblong)
    (path,) = await rendered(tmp_path, oblong, form, clip_plan(form, (piece(form, 2),)))
    assert numbers(path, (320, 180)) == [0, 1]


@pytest.mark.parametrize("target", [BT709, BT601], ids=["to BT.709", "to BT.601"])
@pytest.mark.parametrize("tagged", ["bt709", "smpte170m", None])
async def test_colours_look_the_same_whatever_the_tags(tmp_path: Path, target: Colour, tagged: str | None) -> None:
    """Green is where BT.601 and BT.709 differ most; a source without tags of 90 lines is BT.601."""
    source = tmp_path / "green.mp4"
    matrix = tagged or "smpte170m"
    tags = ["-colorspace", matrix, "-color_primaries", matrix, "-color_trc", matrix] if tagged else []
    colour = f"color=c=0x20c040:s=160x90:r=30:d=0.3,scale=out_color_matrix={matrix}:out_range=tv,format=yuv420p"
    made("-f", "lavfi", "-i", colour, *tags, "-crf", "8", source)
    form = reel_format(colour=target)

    (path,) = await rendered(
        tmp_path, source, form, clip_plan(form, (piece(form, 3),), height=90, colour=BT709 if tagged else Colour())
    )

    assert picture(path)[45, 80] == pytest.approx([0x20, 0xC0, 0x40], abs=MATRIX_ERROR)
    with av.open(str(path)) as container:
        context: Any = container.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (target.primaries,) * 3


async def test_a_piece_beside_a_copied_body_is_not_converted(tmp_path: Path) -> None:
    """The body has no tags and is taken for what the reel is; its head must look like it."""
    source = tmp_path / "green.mp4"
    colour = "color=c=0x20c040:s=160x90:r=30:d=0.3,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    made("-f", "lavfi", "-i", colour, "-crf", "8", source)
    form = reel_format()

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, 3),), action="boundary", height=90))

    assert picture(path)[45, 80] == pytest.approx([0x20, 0xC0, 0x40], abs=MATRIX_ERROR)


async def test_combs_of_an_interlaced_source_are_gone(tmp_path: Path) -> None:
    """Something moves sideways, so the two fields of a frame differ; afterwards neighbouring lines agree."""
    source = tmp_path / "i.mp4"
    moving = (
        "nullsrc=s=160x96:r=50:d=1,geq=lum='if(lt(mod(X+160-N*6\\,160)\\,40)\\,235\\,16)':cb=128:cr=128,"
        "tinterlace=interleave_top,setfield=tff"
    )
    made("-f", "lavfi", "-i", moving, "-flags", "+ildct+ilme", "-x264-params", "tff=1", "-crf", "10", source)
    form = reel_format(size=(160, 96), fps=25)

    def combs(frames: Any) -> float:
        return float(np.abs(frames[1:-1, :, 1] * 2 - frames[:-2, :, 1] - frames[2:, :, 1]).mean())

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, 10),)))

    assert combs(picture(path, 5)) < combs(picture(source, 5)) / 4


async def test_high_dynamic_range_is_brought_to_standard_range(tmp_path: Path) -> None:
    """A PQ source of 10 bits comes out as 8 bits of BT.709, its white far from the 50 % that PQ codes it with."""
    source = tmp_path / "pq.mp4"
    shown = "color=c=0x808080:s=160x90:r=30:d=0.3,format=yuv420p10le"
    colour = "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    made("-f", "lavfi", "-i", shown, "-c:v", "libx265", "-x265-params", colour, source)
    form = reel_format()

    (path,) = await rendered(tmp_path, source, form, clip_plan(form, (piece(form, 3),), hdr=True))

    with av.open(str(path)) as container:
        context: Any = container.streams.video[0].codec_context
        assert (context.pix_fmt, context.color_trc) == ("yuv420p", 1)
    assert picture(path)[45, 80].mean() > 140


def test_pieces_are_named(tmp_path: Path) -> None:
    """Each piece has a file of its own."""
    form = reel_format()
    pieces: Sequence[VideoPiece] = (piece(form, 3), piece(form, 4, 0.1))

    tasks = render_tasks(stitch_plan(form, clip_plan(form, tuple(pieces))))

    assert [task.file_name for task in tasks] == ["clip0-video0.mp4", "clip0-video1.mp4"]
