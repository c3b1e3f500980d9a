"""Whatever a file's clock does, and wherever its tracks begin or change: all of it comes out, in order and in sync."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image

from playhead.media.probe import Probe, probe
from playhead.media.render.files import FileClip
from playhead.media.render.format import ReelSettings
from playhead.media.render.ladder import RenditionRequest, choose_renditions
from playhead.media.render.plan import SourceTracks
from playhead.media.render.renditions import rendition_plan, source_hints
from playhead.media.render.stitch import StitchOptions, stitch_files
from playhead.media.render.tasks import render_tasks
from playhead.media.render.video import render_video
from playhead.media.stills.make import Shape, poster, storyboard, thumbnail
from playhead.media.stills.pool import one_process
from playhead.media.stills.source import FileSource
from tests.fixtures.spliced import FRAMES, SECONDS, call, coded, part, restarted, run, written
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format, stitch_plan
from tests.fixtures.sync import SeenFrame, flashes, read_beeps, read_frames, read_number
from tests.fixtures.tiers import sample

SHAPES = {1: (320, 180), 2: (320, 180), 3: (320, 180)}
SYNC_S = 0.045
"""A transport stream cannot say that AAC begins with 21 ms of priming, and a join holds a frame of 33 ms or none."""

HALF_RATE = ("-c:a", "aac", "-ar", "44100")
AAC, AC3 = ("-c:a", "aac"), ("-c:a", "ac3")
Make = Callable[[Path], Path]


def kind(name: str, *parts: dict[str, object]) -> Make:
    """A transport stream of parts one behind the other."""

    def make(folder: Path) -> Path:
        made = [part(folder, mark, **options) for mark, options in enumerate(parts, 1)]  # type: ignore[arg-type]
        return written(folder / f"{name}.ts", *made)

    return make


def joined_in_a_gop(folder: Path) -> Path:
    """Cut 0.1 s after its first keyframe, as a tuner begins; the next keyframe is frame 15."""
    whole = part(folder, 1)
    packets = len(whole) // 188
    return written(folder / "tuned.ts", whole[188 * (packets // 10) :])


FILES: dict[str, Make] = {
    "video begins 0.6 s after the audio": kind("video-late", {"video_late_s": 0.6}),
    "audio begins 0.6 s after the video": kind("audio-late", {"audio_late_s": 0.6}),
    "the clock starts again": kind("restart", {}, {}),
    "the clock jumps forward": kind("jump", {}, {"at_s": 5000}),
    "the clock jumps back": kind("back", {"at_s": 5000}, {}),
    "the clock jumps twice": kind("three", {}, {"at_s": 100}, {}),
    "frames become larger": kind("size", {}, {"at_s": SECONDS + 0.1, "video": coded("-vf", "scale=640:360")}),
    "frames get full range": kind(
        "range", {}, {"at_s": SECONDS + 0.1, "video": coded("-vf", "scale=out_range=pc,format=yuvj420p")}
    ),
    "pixels become oblong": kind("aspect", {}, {"at_s": SECONDS + 0.1, "video": coded("-vf", "setsar=4/3")}),
    "chroma gets more samples": kind(
        "chroma", {}, {"at_s": SECONDS + 0.1, "video": coded("-vf", "format=yuv422p", "-bf", "0")}
    ),
    "audio gets another rate": kind("rate", {"audio": HALF_RATE}, {"at_s": SECONDS + 0.1}),
    "audio becomes mono": kind("mono", {}, {"at_s": SECONDS + 0.1, "audio": (*AAC, "-ac", "1")}),
    "AC-3 becomes 5.1": kind("ac3", {"audio": AC3}, {"at_s": SECONDS + 0.1, "audio": (*AC3, "-ac", "6")}),
    "a video call": call,
    "the clock of a WebM starts again": restarted,
}


@pytest.mark.parametrize("name", sample(FILES, each=5))
async def test_all_of_it_is_in_the_reel(tmp_path: Path, name: str) -> None:
    """Every frame of every part, in order; every beep on its flash; as long as the probe says."""
    path = FILES[name](tmp_path)
    settings = ReelSettings(width=320, height=180, fps=30)

    done = await stitch_files([FileClip(path)], settings, tmp_path / "reel.mp4", StitchOptions(threads=1))

    frames = read_frames(done.path, SHAPES | ({2: (427, 180)} if path.stem == "aspect" else {}))
    found = await probe(path)
    assert seen(frames) == [(mark, number) for mark in marks(frames) for number in range(FRAMES)]
    assert len(marks(frames)) == len(list(tmp_path.glob("part?.ts"))) or path.suffix == ".webm"
    assert done.probe.duration_s == pytest.approx(found.duration_s, abs=0.07)
    assert len(frames) <= found.duration_s * 30 + 1
    in_sync(frames, done.path)


def seen(frames: list[SeenFrame]) -> list[tuple[int | None, int | None]]:
    """Marks and numbers; what is held counts once."""
    shown = [(frame.mark, frame.number) for frame in frames]
    return [one for one, before in zip(shown, [None, *shown], strict=False) if one != before]


def marks(frames: list[SeenFrame]) -> list[int]:
    return list(dict.fromkeys(frame.mark for frame in frames if frame.mark is not None))


def in_sync(frames: list[SeenFrame], path: Path) -> None:
    lights = flashes(frames)
    assert len(lights) == 2 * len(marks(frames))
    late_s = {"video-late": -0.6, "audio-late": 0.6}
    shift_s = next((shift for name, shift in late_s.items() if list(path.parent.glob(f"{name}.ts"))), 0.0)
    wanted = [at_s + shift_s for at_s in lights]
    assert read_beeps(path) == pytest.approx(wanted, abs=SYNC_S)


async def test_what_comes_before_the_first_keyframe_is_left_out(tmp_path: Path) -> None:
    """The file begins with its first frame that can be decoded, or with its audio, if that comes earlier."""
    path = joined_in_a_gop(tmp_path)

    done = await stitch_files([FileClip(path)], ReelSettings(), tmp_path / "reel.mp4", StitchOptions(threads=1))

    found = await probe(path)
    frames = read_frames(done.path, SHAPES)
    assert found.video.start_s > found.audio.start_s == 0.0  # type: ignore[union-attr]
    assert seen(frames) == [(1, number) for number in range(15, FRAMES)]
    assert read_beeps(done.path) == pytest.approx([0.52, 1.52], abs=SYNC_S)
    assert flashes(frames)[-1] == pytest.approx(1.52, abs=SYNC_S)


async def test_audio_that_begins_with_the_second_part_is_there(tmp_path: Path) -> None:
    """A broadcast that was silent at first has no audio track in its first table."""
    silent, loud = part(tmp_path, 1, audio=("-an",)), part(tmp_path, 2, at_s=SECONDS + 0.1)
    path = written(tmp_path / "late.ts", silent, loud)

    done = await stitch_files([FileClip(path)], ReelSettings(), tmp_path / "reel.mp4", StitchOptions(threads=1))

    frames = read_frames(done.path, SHAPES)
    assert seen(frames) == [(mark, number) for mark in (1, 2) for number in range(FRAMES)]
    assert read_beeps(done.path) == pytest.approx(flashes(frames)[2:], abs=SYNC_S)


@pytest.mark.parametrize(
    ("name", "jumps"),
    [("the clock starts again", [-2.0]), ("the clock jumps forward", [4998.0]), ("the clock jumps back", [-5002.0])],
)
async def test_jumps_are_found_and_told(tmp_path: Path, name: str, jumps: list[float]) -> None:
    found = await probe(FILES[name](tmp_path))

    assert [jump.by_s for jump in found.jumps] == pytest.approx(jumps, abs=0.2)
    assert [jump.at_s for jump in found.jumps] == pytest.approx([SECONDS], abs=0.1)
    assert found.remarks == ("The clock of this file jumps at 0:02; what follows is joined without a gap.",)
    assert Probe.from_dict(found.to_dict()) == found


async def test_a_gap_in_all_tracks_stays_and_is_told(tmp_path: Path) -> None:
    """Up to 10 s it is what it says: a recording that was interrupted."""
    path = kind("gap", {}, {"at_s": 5})(tmp_path)

    found = await probe(path)

    assert found.jumps == ()
    assert found.duration_s == pytest.approx(7, abs=0.1)
    assert found.remarks == ("Nothing was recorded at 0:02 (2.9 s); the last frame is held there.",)


@pytest.mark.parametrize(
    ("name", "video", "audio"),
    [
        ("frames become larger", ["640×360"], []),
        ("frames get full range", ["full range"], []),
        ("pixels become oblong", ["pixel aspect 4:3"], []),
        ("chroma gets more samples", ["4:2:2"], []),
        ("audio gets another rate", [], ["48000 Hz"]),
        ("audio becomes mono", [], ["mono"]),
        ("AC-3 becomes 5.1", [], ["5 channels"]),
        ("a video call", ["640×360"], []),
    ],
)
async def test_changes_are_found(tmp_path: Path, name: str, video: list[str], audio: list[str]) -> None:
    found = await probe(FILES[name](tmp_path))

    assert found.audio is not None
    assert [change.to for change in found.video.changes] == video
    assert [change.to for change in found.audio.changes] == audio
    at_s = [change.at_s for change in (*found.video.changes, *found.audio.changes)]
    assert at_s == pytest.approx([SECONDS] * len(at_s), abs=0.15)


async def test_pixels_that_become_oblong_are_shown_so(tmp_path: Path) -> None:
    """From there on the frame is as wide as the reel and lower."""
    done = await stitch_files(
        [FileClip(FILES["pixels become oblong"](tmp_path))],
        ReelSettings(width=320, height=180),
        tmp_path / "reel.mp4",
        StitchOptions(threads=1),
    )

    with av.open(str(done.path)) as container:
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    assert [int(frame[4:18].max()) > 60 for frame in (frames[20], frames[-20])] == [True, False]


@pytest.mark.parametrize("name", ["video begins 0.6 s after the audio", "the clock jumps forward"])
async def test_a_rendition_keeps_lip_sync_and_loses_nothing(tmp_path: Path, name: str) -> None:
    """Its time 0 is that of the file."""
    path = FILES[name](tmp_path)
    found = await probe(path)
    (spec,) = choose_renditions(found, RenditionRequest(heights=(180,)))
    plan = rendition_plan(found, source_hints(None, found), spec, "vid")

    await render_video(render_tasks(plan)[0], plan, path, tmp_path / "video.mp4", threads=1)
    frames = read_frames(tmp_path / "video.mp4", SHAPES)
    assert seen(frames) == [(mark, number) for mark in marks(frames) for number in range(FRAMES)]
    first = next(frame for frame, after in pairwise(frames) if after.number == 1)
    assert first.at_s == pytest.approx(found.video.start_s, abs=0.04)


@pytest.mark.parametrize(
    "name", ["the clock jumps twice", "the clock jumps back", "audio begins 0.6 s after the video"]
)
async def test_stills_are_of_their_time(tmp_path: Path, name: str) -> None:
    """Thumbnails in any order, from every part; a poster and a storyboard are made."""
    path = FILES[name](tmp_path)
    found = await probe(path)
    shape = Shape.of(found)
    at_s = [3.5, 0.5, 1.9, 2.5] if found.jumps else [1.9, 0.5]

    async with one_process() as pool:
        stills = [await thumbnail(pool, FileSource(path), shape, at_s=at, width=320) for at in at_s]
        await poster(pool, FileSource(path), shape)
        board, sheet = await storyboard(pool, FileSource(path), shape)

    shown = [read_mark(Image.open(BytesIO(still))) for still in stills]
    for at, (mark, number) in zip(at_s, shown, strict=True):
        assert mark == 1 + int(at // 2.05)
        assert number == pytest.approx(30 * (at % 2.03), abs=2)
    across, down = (board.count - 1) % board.columns * board.tile_width, (board.count - 1) // board.columns
    tile = (across, down * board.tile_height, across + board.tile_width, (down + 1) * board.tile_height)
    assert read_mark(Image.open(BytesIO(sheet)).crop(tile))[0] == 1 + len(found.jumps)


def read_mark(picture: Image.Image) -> tuple[int | None, int | None]:
    """Mark and number of the clip that a picture is from."""
    for mark in SHAPES:
        number = read_number(picture, mark)
        if number is not None:
            return mark, number
    return None, None


@pytest.mark.parametrize("name", ["short.ts", "short.mkv"])
async def test_a_clip_behind_the_end_of_a_track_has_silence_or_the_last_frame(tmp_path: Path, name: str) -> None:
    """Seeks beyond the end of a track find nothing of it."""
    clip, sound = part(tmp_path, 1), tmp_path / "sound.wav"
    run("-f", "lavfi", "-i", "aevalsrc='0.5*sin(2000*t)':d=30", str(sound))
    video = str(written(tmp_path / "clip.ts", clip))
    run(
        "-i", video, "-i", str(sound), "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", str(tmp_path / name)
    )
    long = tmp_path / f"long-{name}"
    run("-stream_loop", "14", "-i", video, "-map", "0:v", "-c:v", "copy", str(tmp_path / "loop.ts"))
    run("-i", str(tmp_path / "loop.ts"), "-i", video, "-map", "0:v", "-map", "1:a", "-c", "copy", str(long))

    clips = [FileClip(tmp_path / name, 27.0, 28.0), FileClip(long, 25.0, 26.0)]
    done = await stitch_files(clips, ReelSettings(fps=30), tmp_path / "reel.mp4", StitchOptions(threads=1))

    frames = read_frames(done.path, SHAPES)
    assert [frame.number for frame in frames[:30]] == [FRAMES - 1] * 30
    assert len({frame.number for frame in frames[30:]}) > 25
    assert [clip.audio.kind for clip in done.plan.clips if clip.audio] == ["encode", "silence"]


@pytest.mark.parametrize("name", ["muted.mkv", "muted.mp4"])
async def test_a_clip_of_a_call_that_was_muted_is_silent_there(tmp_path: Path, name: str) -> None:
    """Packets are missing for seconds in the middle of the audio, and nothing is lost."""
    clip, tone, path = tmp_path / "video.mp4", tmp_path / "tone.m4a", tmp_path / name
    run("-f", "lavfi", "-i", "color=s=160x90:r=10:d=8", "-c:v", "libx264", "-g", "20", str(clip))
    run("-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac", str(tone))
    listed = tmp_path / "list"
    listed.write_text(f"file {tone}\nduration 6\nfile {tone}\n")
    sound = ("-f", "concat", "-safe", "0", "-i", str(listed))
    run("-i", str(clip), *sound, "-map", "0:v", "-map", "1:a", "-c", "copy", str(path))

    spans = [FileClip(path, 1.0, 4.0), FileClip(path, 3.0, 5.0), FileClip(path)]
    done = await stitch_files(spans, ReelSettings(fps=25), tmp_path / "reel.mp4", StitchOptions(threads=1))

    assert done.probe.duration_s == pytest.approx(13.0, abs=0.1)


async def test_a_stream_that_is_left_early_ends_its_reader(tmp_path: Path) -> None:
    """ffmpeg has enough at the end of its piece, and much of a long video is still to come."""
    path = tmp_path / "long.ts"
    run("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30:d=2", "-c:v", "mpeg2video", "-q:v", "1", str(path))
    form = reel_format()
    plan = stitch_plan(form, clip_plan(form, (piece(form, 5),), tracks=SourceTracks(zero_s=0.0, jumps=True, video=0)))

    async with asyncio.timeout(60):
        await render_video(render_tasks(plan)[0], plan, path, tmp_path / "piece.mp4", threads=1)

    assert (await probe(tmp_path / "piece.mp4")).video.frames == 5
