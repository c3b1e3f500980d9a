"""Files in, one file out: every frame in its place, every beep on its flash, nothing left behind."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from playhead.errors import Conflict, InvalidInput, NotFound, PlayheadError
from playhead.media.errors import InvalidSpan, UnreadableVideo, VerifyFailed
from playhead.media.ffmpeg import Ffmpeg, find_ffmpeg
from playhead.media.render.files import FileClip
from playhead.media.render.format import ReelSettings
from playhead.media.render.make import ROUNDS
from playhead.media.render.parts import BadJoin
from playhead.media.render.stitch import Stitched, StitchOptions, stitch_files
from playhead.media.render.verify import verify_reel
from tests.fixtures.clips import make_clip, text_as_mp4
from tests.fixtures.sync import SeenFrame, flashes, read_beeps, read_frames

SIZE = (160, 90)
BEEP_TOLERANCE_S = 0.004
"""AAC smears an onset by some samples; a drift of one priming packet would be 0.021 s."""

HALF_PACKET_S = 512 / 48_000
"""Copied packets stand on a grid of 1024 samples, so a clip's sound may be off by half of them."""


async def stitched(
    folder: Path, *clips: FileClip, settings: ReelSettings | None = None, options: StitchOptions | None = None
) -> tuple[Stitched, list[SeenFrame]]:
    shapes = dict.fromkeys(range(1, 9), SIZE)
    done = await stitch_files(
        clips, settings or ReelSettings(), folder / "reel.mp4", options or StitchOptions(threads=1)
    )
    return done, read_frames(done.path, shapes)


def shown(frames: Sequence[SeenFrame]) -> list[tuple[int | None, int | None]]:
    return [(frame.mark, frame.number) for frame in frames]


async def test_trims_of_clips_that_fit_show_exactly_their_frames(tmp_path: Path) -> None:
    """Heads and tails are encoded where a trim cuts a GOP, bodies are copied, no frame is lost or doubled."""
    one = make_clip(tmp_path, seconds=3, size=SIZE, mark=1, gop=15)
    two = make_clip(tmp_path, seconds=3, size=SIZE, mark=2, gop=15)

    done, frames = await stitched(tmp_path, FileClip(one, 7 / 30, 71 / 30), FileClip(two), FileClip(one, 1.0, 2.5))

    assert [clip.action for clip in done.plan.clips] == ["boundary", "copy", "copy"]
    assert shown(frames) == [(1, n) for n in range(7, 71)] + [(2, n) for n in range(90)] + [
        (1, n) for n in range(30, 75)
    ]
    assert [frame.at_s for frame in frames] == pytest.approx([n / 30 for n in range(len(frames))], abs=1e-4)
    beeps, lights = read_beeps(done.path), flashes(frames)
    assert len(beeps) == len(lights)
    assert beeps == pytest.approx(lights, abs=HALF_PACKET_S + BEEP_TOLERANCE_S)
    assert list(tmp_path.glob(".reel*")) == []


async def test_unlike_clips_keep_order_length_and_lip_sync(tmp_path: Path) -> None:
    """Sizes, rates, codecs, containers and missing sound differ."""
    clips = [
        FileClip(make_clip(tmp_path, mark=1, size=SIZE)),
        FileClip(make_clip(tmp_path, mark=2, size=SIZE, codec="vp9", fps=29.97), 0.3, 1.7),
        FileClip(make_clip(tmp_path, mark=3, size=SIZE, fps=25, audio=False)),
        FileClip(make_clip(tmp_path, mark=4, size=SIZE, codec="hevc", audio_rate=44_100), 0.25),
    ]

    done, frames = await stitched(tmp_path, *clips, options=StitchOptions(jobs=2, threads=1))

    assert len(frames) == done.plan.frames
    assert done.probe.duration_s == pytest.approx(2 + 1.4 + 2 + 1.75, abs=0.02)
    assert [mark for mark, _ in dict.fromkeys((frame.mark, 0) for frame in frames)] == [1, 2, 3, 4]
    silent = done.plan.clips[2]
    begin_s, end_s = silent.first_frame / 30, (silent.first_frame + silent.frames) / 30
    lights = [at for at in flashes(frames) if not begin_s <= at < end_s]
    assert read_beeps(done.path) == pytest.approx(lights, abs=1 / 60 + HALF_PACKET_S + BEEP_TOLERANCE_S)


async def test_sound_encoded_at_once_is_on_its_flash_to_a_few_samples(tmp_path: Path) -> None:
    one = make_clip(tmp_path, seconds=2, size=SIZE, mark=1)
    two = make_clip(tmp_path, seconds=2, size=SIZE, mark=2, audio_rate=44_100)

    done, frames = await stitched(
        tmp_path, FileClip(one, 0.1, 1.8), FileClip(two), settings=ReelSettings(audio="encode", loudness_lufs=-23)
    )

    assert read_beeps(done.path) == pytest.approx(flashes(frames), abs=BEEP_TOLERANCE_S)


@pytest.mark.parametrize("codec", ["hevc", "av1"])
async def test_other_codecs_are_made_and_copied(tmp_path: Path, codec: str) -> None:
    """A first reel is encoded; a second one copies it."""
    source = make_clip(tmp_path, seconds=1, size=SIZE)
    settings = ReelSettings(codec=codec)  # type: ignore[arg-type]

    first, _ = await stitched(tmp_path, FileClip(source), settings=settings)
    first.path.rename(tmp_path / "first.mp4")
    again, frames = await stitched(
        tmp_path, FileClip(tmp_path / "first.mp4"), FileClip(tmp_path / "first.mp4"), settings=settings
    )

    assert [clip.action for clip in again.plan.clips] == ["copy", "copy"]
    assert [frame.number for frame in frames] == [*range(30), *range(30)]


async def test_the_times_of_a_variable_source_are_kept(tmp_path: Path) -> None:
    one = make_clip(tmp_path, seconds=2, size=SIZE, mark=1, gop=10)
    two = make_clip(tmp_path, seconds=1, size=SIZE, mark=2, fps=24)

    done, frames = await stitched(tmp_path, FileClip(one, 0.5), FileClip(two), settings=ReelSettings(timing="variable"))

    assert shown(frames) == [(1, n) for n in range(15, 60)] + [(2, n) for n in range(24)]
    times = [n / 30 for n in range(45)] + [1.5 + n / 24 for n in range(24)]
    assert [frame.at_s for frame in frames] == pytest.approx(times, abs=0.002)
    assert {clip.action for clip in done.plan.clips} <= {"copy", "boundary"}


async def test_a_copy_that_does_not_join_is_encoded_in_a_second_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was rendered before is kept, and the result says so."""
    one = make_clip(tmp_path, seconds=1, size=SIZE, mark=1)
    two = make_clip(tmp_path, seconds=1, size=SIZE, mark=2)
    calls = []

    async def strict(*args: object, **options: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise BadJoin("clip 2 does not decode", frozenset(["2"]))
        return await verify_reel(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("playhead.media.render.make.verify_reel", strict)

    done, frames = await stitched(tmp_path, FileClip(one), FileClip(two))

    assert done.forced == {"2"}
    assert [clip.action for clip in done.plan.clips] == ["copy", "encode"]
    assert shown(frames) == [(1, n) for n in range(30)] + [(2, n) for n in range(30)]


async def test_a_join_that_stays_bad_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried three times."""

    calls = []

    async def never(*args: object, **options: object) -> object:
        calls.append(args)
        raise BadJoin("clip 1 does not decode", frozenset(["1"]))

    monkeypatch.setattr("playhead.media.render.make.verify_reel", never)

    with pytest.raises(VerifyFailed, match="clip 1 does not decode"):
        await stitched(tmp_path, FileClip(make_clip(tmp_path, seconds=1, size=SIZE)))

    assert len(calls) == ROUNDS
    assert not (tmp_path / "reel.mp4").exists()


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("missing.mp4", NotFound, "There is no file .*missing.mp4"),
        ("notes.mp4", UnreadableVideo, "notes.mp4: This is not a video"),
        ("folder", InvalidInput, "folder is a folder"),
        ("short.mp4", InvalidSpan, "short.mp4: .* ends at 1 s"),
    ],
)
async def test_a_source_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, error: type[PlayheadError], words: str
) -> None:
    text_as_mp4(tmp_path)
    (tmp_path / "folder").mkdir()
    make_clip(tmp_path, seconds=1, size=SIZE, name="short.mp4")

    with pytest.raises(error, match=words):
        await stitched(tmp_path, FileClip(tmp_path / name, 3.0, 4.0))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "notes.mp4", "short.mp4"]


async def test_a_file_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    """And never when it is one of the clips, by whatever name."""
    clip = make_clip(tmp_path, seconds=1, size=SIZE, name="clip.mp4")
    out = tmp_path / "reel.mp4"
    out.write_bytes(b"precious")
    (tmp_path / "link.mp4").symlink_to(clip)

    with pytest.raises(Conflict, match="is there already"):
        await stitch_files([FileClip(clip)], ReelSettings(), out)
    with pytest.raises(Conflict, match="would be overwritten"):
        await stitch_files([FileClip(clip)], ReelSettings(), tmp_path / "link.mp4", StitchOptions(force=True))
    assert out.read_bytes() == b"precious"

    await stitch_files([FileClip(clip)], ReelSettings(), out, StitchOptions(force=True))
    assert out.stat().st_size > 1000


@pytest.mark.parametrize("name", ["none/reel.mp4", "folder"])
async def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(InvalidInput, match="folder"):
        await stitch_files([FileClip(tmp_path / "missing.mp4")], ReelSettings(), tmp_path / name)


async def test_a_canceled_stitch_leaves_nothing(tmp_path: Path) -> None:
    """Neither a part of a file nor a process; canceled while a piece is being encoded."""
    clip = make_clip(tmp_path, seconds=3, size=(640, 360), name="clip.mp4")
    begun = asyncio.Event()
    pids = tmp_path / "pids"
    pids.mkdir()
    slow = tmp_path / "ffmpeg"
    slow.write_text(f'#!/bin/sh\n: > {pids}/$$\nexec {find_ffmpeg().binary} "$@" -readrate 0.1\n')
    slow.chmod(0o755)

    def tell(_part: float, step: str) -> None:
        if step.startswith("Rendering"):
            begun.set()

    options = StitchOptions(threads=1, ffmpeg=Ffmpeg(slow, reads_descriptors=True))
    settings = ReelSettings(width=160, height=90)
    running = asyncio.create_task(
        stitch_files([FileClip(clip)], settings, tmp_path / "reel.mp4", options, progress=tell)
    )
    await asyncio.wait_for(begun.wait(), 120)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "ffmpeg", "pids"]
    for path in pids.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


async def test_progress_never_runs_backwards_and_ends_at_one(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=1, size=SIZE, codec="vp9")
    told: list[tuple[float, str]] = []

    await stitch_files(
        [FileClip(clip), FileClip(clip, 0.2)],
        ReelSettings(),
        tmp_path / "reel.mp4",
        progress=lambda part, step: told.append((part, step)),
    )

    parts = [part for part, _ in told]
    assert parts == sorted(parts)
    assert parts[-1] == pytest.approx(1.0)
    assert list(dict.fromkeys(step for _, step in told))[-2:] == ["Joining 2 clips", "Verifying the reel"]
