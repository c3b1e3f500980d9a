"""Gaps of a finished recording are filled from another file of the broadcast."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from playhead.live.finalise import part_files
from playhead.media.recording.gaps import Gap
from playhead.media.recording.make import make_recording, write_assembly
from playhead.media.recording.mend import mend
from playhead.media.recording.parts import PartFile
from playhead.media.tools import MediaTools
from tests.fixtures.clips import make_clip
from tests.fixtures.recorded import BEGAN, record
from tests.fixtures.spliced import run
from tests.fixtures.sync import flashes, read_beeps, read_frames

SHAPES = {1: (320, 180)}


@pytest.mark.parametrize("same", [True, False], ids=["the same packets", "another encoding"])
def test_gaps_are_filled_and_the_rest_stays(tmp_path: Path, same: bool) -> None:
    """Equal packets tell the time, however wrong the wall clock is; of another encoding the wall clock is believed."""
    clip = make_clip(tmp_path, seconds=6, gop=30, name="six.mp4")
    parts = [record(tmp_path, clip, 0, 2, clock="one"), record(tmp_path, clip, 4, clock="one", cause="host")]
    tools = MediaTools(threads=1)
    done = asyncio.run(make_recording(part_files(parts), tmp_path / "gap.mp4", tools))
    vod = tmp_path / "vod.mp4"
    smaller = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-vf", "scale=160:90", "-c:a", "copy")
    run("-i", str(clip), *(("-c", "copy") if same else smaller), str(vod))
    video = PartFile(path=done.path, name="recording", began_s=BEGAN.timestamp())
    other = PartFile(path=vod, name="vod", began_s=BEGAN.timestamp() + (3.5 if same else 0))

    assembly = mend(video, [Gap(2.0, 2.0, "host")], other)
    files = [video.path, other.path]
    mended = asyncio.run(write_assembly(assembly, files, tmp_path / "out.mp4", tools))

    frames = read_frames(mended.path, SHAPES)
    assert [frame.number for frame in frames] == [*range(180)]
    assert (assembly.gaps(), mended.sections) == ([], 1 if same else 3)
    assert read_beeps(mended.path) == pytest.approx(flashes(frames), abs=0.045)


def test_a_file_of_another_time_fills_nothing(tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=3, gop=30, name="three.mp4")
    parts = [record(tmp_path, clip, 0, 1, clock="one"), record(tmp_path, clip, 2, clock="one", cause="ad")]
    done = asyncio.run(make_recording(part_files(parts), tmp_path / "gap.mp4", MediaTools()))
    video = PartFile(path=done.path, name="recording", began_s=BEGAN.timestamp())

    assembly = mend(video, [Gap(1.0, 1.0, "ad")], replace(video, path=clip, began_s=video.began_s + 7200))

    assert assembly.gaps() == [Gap(1.0, 1.0, "ad")]


def test_the_programme_takes_the_place_of_an_advertisement_that_is_shown(tmp_path: Path) -> None:
    """One at the beginning stays: nothing before it says when it was."""
    clip = make_clip(tmp_path, seconds=6, gop=30, name="six.mp4")
    video = PartFile(path=clip, name="recording", began_s=BEGAN.timestamp())
    vod = tmp_path / "vod.mp4"
    run("-i", str(clip), "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-c:a", "copy", str(vod))
    first = Gap(0.0, 1.0, "ad", shown=True)

    assembly = mend(video, [first, Gap(2.0, 2.0, "ad", shown=True)], replace(video, path=vod))

    assert [piece.run.tracks.file for piece in assembly.pieces] == [0, 0, 1, 0]
    assert assembly.gaps() == [first]
    assert assembly.length_s == pytest.approx(6, abs=0.1)
