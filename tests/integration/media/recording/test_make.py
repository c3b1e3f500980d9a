"""Whatever became of the captures, all that they received is in the recording once, in order, and in sync."""

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from playhead.live.finalise import part_files
from playhead.live.parts import Part
from playhead.media.errors import VerifyFailed
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import probe
from playhead.media.recording.errors import NoFrames
from playhead.media.recording.make import Made, make_recording, read_assembly, verify_written
from playhead.media.recording.write import write_pieces
from playhead.media.tools import MediaTools
from tests.fixtures import spliced
from tests.fixtures.clips import make_clip
from tests.fixtures.recorded import cut, record
from tests.fixtures.reels import again, hashes
from tests.fixtures.spliced import run
from tests.fixtures.sync import SeenFrame, flashes, read_beeps, read_frames

FPS = 30
SYNC_S = 0.045
"""A packet of AAC takes 21 ms, and the priming of ffmpeg's encoder as long again."""

JOIN_S = 1 / FPS / 2 + 0.023
"""Half a frame, and a packet of AAC at 44.1 kHz."""

SHAPES = {1: (320, 180), 2: (320, 180)}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for clips that several tests use."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
def clip(clips: Path) -> Path:
    """Six seconds with a keyframe each second."""
    return make_clip(clips, seconds=6, gop=FPS, name="six.mp4")


def made(folder: Path, parts: Iterable[Part]) -> Made:
    """Make the recording of some parts."""
    return asyncio.run(make_recording(part_files(list(parts)), folder / "out.mp4", MediaTools(threads=1)))


def numbers(frames: list[SeenFrame], mark: int = 1) -> list[int | None]:
    return [frame.number for frame in frames if frame.mark == mark]


def assert_in_sync(path: Path, frames: list[SeenFrame]) -> None:
    assert read_beeps(path) == pytest.approx(flashes(frames), abs=SYNC_S)


def gaps(done: Made) -> list[tuple[float, float, str]]:
    return [(round(gap.start_s, 1), round(gap.length_s, 1), gap.cause) for gap in done.assembly.gaps()]


def test_one_part_loses_the_open_fragment_alone(tmp_path: Path, clip: Path) -> None:
    """A killed capture leaves a torn box behind; all before it is in the file, whose index comes first."""
    part = record(tmp_path, clip, tail=b"\0\1\0\0moof\0\0\0\x10mfhd")

    done = made(tmp_path, [part])

    frames = read_frames(done.path, SHAPES)
    assert (numbers(frames), gaps(done), done.sections) == ([*range(6 * FPS)], [], 1)
    with FileBytes(done.path) as source:
        movie = read_movie(source)
    assert (movie.faststart, movie.fragmented) == (True, False)
    assert asyncio.run(probe(done.path)).duration_s == pytest.approx(6.0, abs=0.002)
    assert_in_sync(done.path, frames)


def test_an_overlap_on_one_clock_is_cut_by_timestamp(tmp_path: Path, clip: Path) -> None:
    """A capture that was started again begins in the past: no frame is twice, and none is missing."""
    parts = [record(tmp_path, clip, 0, 3.4, clock="one"), record(tmp_path, clip, 2, clock="one", cause="capture")]

    done = made(tmp_path, parts)

    frames = read_frames(done.path, SHAPES)
    assert (numbers(frames), gaps(done)) == ([*range(6 * FPS)], [])
    assert_in_sync(done.path, frames)


def test_a_hole_on_one_clock_is_measured(tmp_path: Path, clip: Path) -> None:
    """What is missing takes no time in the recording, and is listed with its place, length and cause."""
    parts = [record(tmp_path, clip, 0, 2, clock="one"), record(tmp_path, clip, 4, clock="one", cause="host")]

    done = made(tmp_path, parts)

    frames = read_frames(done.path, SHAPES)
    assert numbers(frames) == [*range(2 * FPS), *range(4 * FPS, 6 * FPS)]
    assert gaps(done) == [(2.0, 2.0, "host")]
    assert asyncio.run(probe(done.path)).duration_s == pytest.approx(4.0, abs=0.03)
    assert_in_sync(done.path, frames)


def test_other_clocks_compare_by_wall_clock(tmp_path: Path, clip: Path) -> None:
    """A source that was started again begins a new clock."""
    parts = [
        record(tmp_path, clip, 0, 2, at_s=1000, clock="one"),
        record(tmp_path, clip, 4, at_s=-4, clock="two", late_s=8, cause="source"),
    ]

    done = made(tmp_path, parts)

    frames = read_frames(done.path, SHAPES)
    assert numbers(frames) == [*range(2 * FPS), *range(4 * FPS, 6 * FPS)]
    assert gaps(done) == [(2.0, 10.0, "source")]
    assert_in_sync(done.path, frames)


def test_redundant_captures_fill_each_other_s_holes(tmp_path: Path, clip: Path) -> None:
    """Equal packets tell how two clocks differ; what one capture lost comes from the other."""
    parts = [
        record(tmp_path, clip, 0, 2.3, clock="one"),
        record(tmp_path, clip, 1, 4.6, at_s=500, late_s=0.7, lane=1, clock="two"),
        record(tmp_path, clip, 4, clock="one", cause="capture"),
    ]

    done = made(tmp_path, parts)

    frames = read_frames(done.path, SHAPES)
    assert (numbers(frames), gaps(done), done.sections) == ([*range(6 * FPS)], [], 1)
    assert_in_sync(done.path, frames)


def test_missing_audio_is_filled_with_silence(tmp_path: Path, clip: Path) -> None:
    """Players ignore gaps in audio: without silence all that follows would be early."""
    mute = tmp_path / "mute.mp4"
    run("-i", str(clip), "-c:v", "copy", "-bsf:a", "noise=drop='between(pts*tb,1.2,3.2)'", "-c:a", "copy", str(mute))
    part = record(tmp_path, mute)

    done = made(tmp_path, [part])

    frames = read_frames(done.path, SHAPES)
    assert numbers(frames) == [*range(6 * FPS)]
    assert read_beeps(done.path) == pytest.approx(
        [at_s for at_s in flashes(frames) if not 1.2 < at_s < 3.2], abs=SYNC_S
    )


@pytest.mark.parametrize("change", ["size", "rate", "channels", "encoder"])
def test_changes_inside_a_recording(tmp_path: Path, clips: Path, change: str) -> None:
    """The source was started again with other parameters: every frame of both is there, in order and in sync."""
    first = make_clip(clips, seconds=3, gop=FPS, name="first.mp4")
    size = (640, 360) if change == "size" else (320, 180)
    rate = 44100 if change == "rate" else 48000
    second = make_clip(clips, seconds=2, gop=FPS, mark=2, size=size, audio_rate=rate, name=f"{change}.mp4")
    if change == "channels":
        mono = tmp_path / "mono.mp4"
        run("-i", str(second), "-c:v", "copy", "-c:a", "aac", "-ac", "1", str(mono))
        second = mono
    if change == "encoder":
        other = tmp_path / "other.mp4"
        run("-i", str(second), *("-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-c:a", "copy"), str(other))
        second = other
    parts = [record(tmp_path, first), record(tmp_path, second, late_s=3, cause="source")]

    done = made(tmp_path, parts)

    frames = read_frames(done.path, SHAPES | {2: size})
    assert done.sections == 2
    assert (numbers(frames), numbers(frames, 2)) == ([*range(3 * FPS)], [*range(2 * FPS)])
    assert_in_sync(done.path, frames)


AUDIO_CHANGES = {"rate": ("-ar", "44100"), "channels": ("-ac", "1"), "silent": ("-an",)}
_CODED = ("-c:v", "copy", "-c:a", "aac")


@pytest.mark.parametrize("change", AUDIO_CHANGES)
@pytest.mark.parametrize("first", [True, False])
def test_video_is_copied_where_the_audio_alone_changes(tmp_path: Path, clips: Path, change: str, first: bool) -> None:
    """Also where a kill tore the part before within a GOP, and the clock has milliseconds: no frame is encoded."""
    sources = [
        make_clip(clips, seconds=3, gop=FPS, name="first.mp4"),
        make_clip(clips, seconds=2, gop=FPS, mark=2, name="second.mp4"),
    ]
    other = 0 if first else 1
    options = [AUDIO_CHANGES[change] if number == other else () for number in range(2)]
    one, two = (
        again(source, tmp_path / f"{source.stem}.mkv", *_CODED, *options[number])
        for number, source in enumerate(sources)
    )
    torn = record(tmp_path, one)
    fragments = [found.start() - 4 for found in re.finditer(b"moof", torn.path.read_bytes())]
    cut(torn, fragments[5])  # each has half a second
    parts = [torn, record(tmp_path, two, late_s=3, cause="source")]

    done = made(tmp_path, parts)

    frames = read_frames(done.path, SHAPES)
    assert numbers(frames) == [*range(74), 75]
    assert (done.sections, done.summary) == (2, "Both clips are copied")
    assert hashes(done.path) == [picture for part in parts for picture in hashes(part.path)]
    silent = 1 + other if change == "silent" else None
    seen = {frame.at_s: frame for frame in frames}
    heard = [at_s for at_s in flashes(frames) if seen[at_s].mark != silent and seen[at_s].number != 75]  # torn, too
    assert read_beeps(done.path) == pytest.approx(heard, abs=JOIN_S)


def test_a_part_cut_anywhere_ends_with_its_last_whole_fragment(tmp_path: Path, clips: Path) -> None:
    """Cut at every byte of the last two seconds: never an error, and never less than what was whole before."""
    clip = make_clip(clips, seconds=4, size=(64, 48), gop=15, name="tiny.mp4")
    part = record(tmp_path, clip)
    files, content = part_files([part]), part.path.read_bytes()
    first = content.index(b"moof", len(content) // 2) - 4
    before = 0

    for size in range(len(content), first, -1):
        cut(part, size)
        if size % 7 and size > first + 200:
            continue
        assembly = read_assembly(files)
        frames = sum(piece.end - piece.first for piece in assembly.pieces)
        assert frames <= (before or frames)
        before = frames
    out = tmp_path / "out.mp4"
    written = write_pieces(assembly.pieces, [part.path], out)
    verify_written(out, written, assembly.pieces, [part.path])
    assert before >= 2 * FPS


def test_nothing_to_show_is_an_error_and_deletes_nothing(tmp_path: Path, clip: Path) -> None:
    part = cut(record(tmp_path, clip), 700)

    with pytest.raises(NoFrames, match="none with a frame"):
        made(tmp_path, [part])
    with pytest.raises(NoFrames, match="no part"):
        made(tmp_path, [])

    assert part.path.stat().st_size == 700


def test_a_file_that_is_not_what_was_planned_is_noticed(tmp_path: Path, clip: Path) -> None:
    """The parts are deleted because of it."""
    part = record(tmp_path, clip, 0, 2)
    assembly = read_assembly(part_files([part]))
    written = write_pieces(assembly.pieces, [part.path], tmp_path / "out.mp4")
    with (tmp_path / "out.mp4").open("r+b") as file:
        file.seek(-written.size_bytes, 2)
        file.write(bytes(64))

    with pytest.raises(VerifyFailed):
        verify_written(tmp_path / "out.mp4", written, assembly.pieces, [part.path])


def test_a_frame_size_that_changed_under_one_header(tmp_path: Path) -> None:
    """What a capture copied that did not notice: the parameter sets among the samples say so."""
    streams = [
        spliced.part(tmp_path, 1),
        spliced.part(tmp_path, 2, at_s=2.1, video=spliced.coded("-vf", "scale=640:360")),
    ]
    source = spliced.written(tmp_path / "size.ts", *streams)
    part = record(tmp_path, source, options=("-bsf:a", "aac_adtstoasc"))

    done = made(tmp_path, [part])

    frames = read_frames(done.path, SHAPES)
    assert done.sections == 2
    assert (numbers(frames), numbers(frames, 2)) == ([*range(2 * FPS)], [*range(2 * FPS)])
    assert_in_sync(done.path, frames)
