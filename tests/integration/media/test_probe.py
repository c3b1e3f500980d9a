"""Facts come from the packets; what is no video is refused in a sentence, and nothing else is opened meanwhile."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from pathlib import Path

import pytest

from playhead.media.errors import (
    DimensionsTooLarge,
    EmptyFile,
    InputUnreadable,
    NotAVideo,
    NoVideoTrack,
    ProbeTimeout,
    TruncatedVideo,
    UnreadableVideo,
    VideoTooLong,
)
from playhead.media.ffmpeg import Ffmpeg, find_ffmpeg
from playhead.media.probe import Probe, ProbeLimits, probe
from playhead.media.render.plan import StitchPlan
from playhead.media.render.tasks import render_tasks
from playhead.media.render.video import render_video
from playhead.media.stills.make import Shape
from playhead.media.stills.poster import make_poster
from tests.fixtures import clips
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format


@pytest.mark.parametrize(
    ("options", "container", "codec", "size", "fps", "frames"),
    [
        ({}, "mp4", "h264", (320, 180), Fraction(30), 60),
        ({"codec": "hevc", "fps": 25}, "mp4", "hevc", (320, 180), Fraction(25), 50),
        ({"codec": "vp9", "fps": 29.97}, "webm", "vp9", (320, 180), Fraction(30000, 1001), 60),
        ({"codec": "mpeg4"}, "avi", "mpeg4", (320, 180), Fraction(30), 60),
        ({"rotate": 90}, "mp4", "h264", (180, 320), Fraction(30), 60),
        ({"name": "clip.mkv"}, "mkv", "h264", (320, 180), Fraction(30), 60),
        ({"name": "clip.mov"}, "mov", "h264", (320, 180), Fraction(30), 60),
        ({"name": "clip.ts", "audio": False}, "mpegts", "h264", (320, 180), Fraction(30), 60),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
async def test_a_clip_is_described_as_it_is_shown(
    tmp_path: Path,
    options: dict[str, object],
    container: str,
    codec: str,
    size: tuple[int, int],
    fps: Fraction,
    frames: int,
) -> None:
    """Codec, displayed size, exact rate and true length."""
    path = clips.make_clip(tmp_path, **options)  # type: ignore[arg-type]

    found = await probe(path)

    assert (found.container, found.video.codec, found.video.fps) == (container, codec, fps)
    assert (found.video.width, found.video.height) == size
    assert found.video.rotation == options.get("rotate", 0)
    assert found.duration_s == pytest.approx(float(frames / fps), abs=0.002)
    assert found.video.frames in (frames, None)
    assert (found.audio.channels if found.audio else 0) == (2 if options.get("audio", True) else 0)
    assert Probe.from_dict(found.to_dict()) == found
    assert found.video.profile
    assert found.video.constant
    assert 1 <= found.video.keyframes <= frames
    assert found.video.gop_s >= found.duration_s / found.video.keyframes - 0.05
    assert 0.05 < found.video.bitrate * found.duration_s / 8 / path.stat().st_size < 1


async def test_a_dvd_shape_is_told_as_shown(tmp_path: Path) -> None:
    """An MPEG program stream of 720x576 with wide pixels."""
    path = tmp_path / "dvd.mpg"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=720x576:r=25:d=1,setsar=64/45", "-c:v", "mpeg2video"]
    subprocess.run([find_ffmpeg().binary, "-v", "error", *picture, path], check=True)

    found = await probe(path)
    await make_poster(path, tmp_path / "poster.jpg", Shape(1.0))

    assert (found.container, found.video.width, found.video.height) == ("mpeg", 1024, 576)
    assert (tmp_path / "poster.jpg").stat().st_size > 1000


async def test_a_header_that_lies_about_the_length_is_not_believed(tmp_path: Path) -> None:
    """The movie and media headers claim an hour; the packets end after two seconds."""
    path = clips.make_clip(tmp_path, audio=False)
    data = bytearray(path.read_bytes())
    for name in (b"mvhd", b"mdhd"):  # version 0: creation, modification, time scale, duration
        at = data.index(name) + 4
        scale = int.from_bytes(data[at + 12 : at + 16], "big")
        data[at + 16 : at + 20] = (scale * 3600).to_bytes(4, "big")
    path.write_bytes(data)

    assert (await probe(path)).duration_s == pytest.approx(2.0, abs=0.01)


async def test_frames_that_last_for_days_are_too_long(tmp_path: Path) -> None:
    """Each of 60 frames lasts 38 hours in the sample table, while the header says two seconds."""
    path = clips.make_clip(tmp_path, audio=False)
    data = bytearray(path.read_bytes())
    at = data.index(b"stts") + 4  # version and flags, count of entries, then count and duration of each
    assert int.from_bytes(data[at + 4 : at + 8], "big") == 1
    data[at + 12 : at + 16] = (0x7FFFFFFF).to_bytes(4, "big")
    path.write_bytes(data)

    with pytest.raises(VideoTooLong, match="limit is 24:00:00"):
        await probe(path)


async def test_a_recording_without_a_length_in_its_header_is_measured(tmp_path: Path) -> None:
    """What a browser's recorder writes: WebM as a stream, no duration, no index."""
    path = clips.make_clip(tmp_path, codec="vp9")
    live = tmp_path / "live.webm"
    with live.open("wb") as out:
        subprocess.run(
            [find_ffmpeg().binary, "-v", "error", "-i", path, "-c", "copy", "-f", "webm", "-live", "1", "pipe:1"],
            stdout=out,
            check=True,
        )

    assert (await probe(live)).duration_s == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (clips.zero_bytes, EmptyFile, r"^This file is empty \(0 bytes\)\.$"),
        (clips.text_as_mp4, NotAVideo, "^This is not a video: it reads like text"),
        (clips.truncated, TruncatedVideo, r"it ends in the middle \([\d.]+ of [\d.]+ kB\)\.$"),
        (clips.huge_header, DimensionsTooLarge, "20000×20000 pixels; the limit is 40 million"),
        (clips.playlist_as_mp4, NotAVideo, "HLS playlist.*points to other files"),
        (clips.ffconcat_as_mp4, NotAVideo, "list of files"),
        (clips.svg_as_mp4, NotAVideo, "SVG drawing"),
        (clips.sdp_as_mp4, NotAVideo, "session description"),
        (clips.audio_only, NoVideoTrack, "audio, but no video"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_what_is_no_video_is_refused_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], Path], error: type[UnreadableVideo], words: str
) -> None:
    """The class says it to programs, the sentence to people, and the fault is never ours."""
    path = make(tmp_path)

    with pytest.raises(error, match=words) as caught:
        await probe(path)

    assert caught.value.fault == "caller"
    assert str(tmp_path) not in caught.value.detail


async def test_a_cut_file_whose_index_comes_first_is_refused_too(tmp_path: Path) -> None:
    """Its header reads well and would promise three seconds."""
    with pytest.raises(TruncatedVideo):
        await probe(clips.truncated(tmp_path, faststart=True))


async def test_a_cover_picture_is_not_a_video(tmp_path: Path) -> None:
    """An album track with its artwork."""
    song, cover, both = clips.audio_only(tmp_path), tmp_path / "cover.png", tmp_path / "both.m4a"
    ffmpeg = [str(find_ffmpeg().binary), "-v", "error"]
    subprocess.run([*ffmpeg, "-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", str(cover)], check=True)
    disposition = ["-map", "0", "-map", "1", "-c", "copy", "-disposition:v", "attached_pic"]
    subprocess.run([*ffmpeg, "-i", str(song), "-i", str(cover), *disposition, str(both)], check=True)

    with pytest.raises(NoVideoTrack, match="cover image"):
        await probe(both)


async def test_pictures_full_of_noise_are_found_before_a_stitch(tmp_path: Path) -> None:
    """The tables are sound, the packets are not."""
    path = clips.make_clip(tmp_path, audio=False)
    data = bytearray(path.read_bytes())
    start, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    data[start:end] = b"\xa5" * (end - start)
    path.write_bytes(data)

    with pytest.raises(UnreadableVideo, match="Couldn't read this file"):
        await probe(path)


async def test_a_reader_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    """The wall clock ends it, and no process stays behind."""
    path = clips.make_clip(tmp_path)
    before = _children()  # servers of other tests, perhaps

    with pytest.raises(ProbeTimeout):
        await probe(path, limits=ProbeLimits(timeout_s=0.001))

    assert _children() == before


@pytest.fixture
async def canary() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A listener on loopback that notes whatever comes."""
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


@pytest.mark.parametrize("descriptors", [True, False], ids=["descriptor", "file"])
@pytest.mark.parametrize("make", [clips.playlist_as_mp4, clips.ffconcat_as_mp4, clips.svg_as_mp4])
@pytest.mark.parametrize("name", ["video.mp4", "video.m3u8", "video.ffconcat", "video.svg"])
async def test_a_pointer_opens_nothing_even_if_it_came_past_the_first_look(
    tmp_path: Path, canary: tuple[int, list[bytes]], make: Callable[..., Path], name: str, descriptors: bool
) -> None:
    """ffmpeg itself can reach neither a neighbour's file nor an address, an old one without descriptors neither."""
    port, heard = canary
    ffmpeg = Ffmpeg(find_ffmpeg().binary, descriptors)
    secret = clips.make_clip(tmp_path, name="secret.mp4")
    for target in (f"http://127.0.0.1:{port}/x.ts", f"file://{secret}", secret.name):
        path = make(tmp_path, name, target=target)
        with pytest.raises(NotAVideo):
            await probe(path)
        with pytest.raises(InputUnreadable) as caught:
            await _render(path, tmp_path, ffmpeg)
        assert str(tmp_path) not in caught.value.detail + caught.value.command + caught.value.log_tail
    assert heard == []


async def test_a_giant_picture_is_refused_by_ffmpeg_too(tmp_path: Path) -> None:
    """Should one come past the probe, decoding it stops before memory is taken."""
    with pytest.raises(InputUnreadable):
        await _render(clips.huge_header(tmp_path), tmp_path, find_ffmpeg())


@pytest.mark.parametrize("rotate", [0, 90])
async def test_a_poster_is_an_upright_jpeg(tmp_path: Path, rotate: int) -> None:
    """Never wider than asked for, never enlarged."""
    from PIL import Image

    path = clips.make_clip(tmp_path, size=(640, 360), rotate=rotate)

    await make_poster(path, tmp_path / "poster.jpg", Shape(2.0), width=180)

    with Image.open(tmp_path / "poster.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (180, 320) if rotate else (180, 101))
        strip = image.convert("L").crop((150, 0, 160, 320) if rotate else (0, 10, 180, 20))
    assert strip.getextrema()[1] - strip.getextrema()[0] > 150  # type: ignore[operator]


async def test_a_poster_does_not_show_the_black_before_a_fade(tmp_path: Path) -> None:
    """The one key picture is black; the poster comes from later."""
    from PIL import Image, ImageStat

    path = tmp_path / "fade.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=2,fade=in:d=0.5"]
    subprocess.run([find_ffmpeg().binary, "-v", "error", *picture, "-g", "300", path], check=True)

    await make_poster(path, tmp_path / "poster.jpg", Shape(2.0))

    with Image.open(tmp_path / "poster.jpg") as image:
        assert ImageStat.Stat(image.convert("L")).mean[0] > 60


async def test_an_ffmpeg_named_in_the_settings_is_asked_what_it_can() -> None:
    """Whether it reads descriptors is found out once."""
    wheel = find_ffmpeg()

    assert find_ffmpeg(wheel.binary) == wheel


async def _render(source: Path, folder: Path, ffmpeg: Ffmpeg) -> None:
    """A second of it, as a stitch would."""
    form = reel_format(size=(320, 180))
    clip = clip_plan(form, (piece(form, 30),))
    plan = StitchPlan(form, (clip,), clip.ticks, clip.frames, "", 0.0)
    await render_video(render_tasks(plan)[0], plan, source, folder / "piece.mp4", threads=1, ffmpeg=ffmpeg)


def _children() -> list[str]:
    mine = Path(f"/proc/self/task/{os.getpid()}/children")
    return mine.read_text().split()
