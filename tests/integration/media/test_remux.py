"""Remux: a file that only its container keeps from playing gets another one, with the same frames."""

import asyncio
from pathlib import Path

import pytest

from playhead.media.playable import can_copy, plays
from playhead.media.probe import probe
from playhead.media.remux import remux
from playhead.media.tools import MediaTools
from tests.fixtures import clips, sync
from tests.fixtures.coloured import ffmpeg

SIZE, MARK = (320, 180), 4


@pytest.mark.parametrize(("name", "audio"), [("clip.mkv", "copy"), ("clip.ts", "ac3")])
async def test_the_frames_are_the_same_in_another_container(tmp_path: Path, name: str, audio: str) -> None:
    """AAC goes along; AC-3 is encoded."""
    clip = clips.make_clip(tmp_path, size=SIZE, seconds=3, fps=15, mark=MARK)
    path, out = tmp_path / name, tmp_path / "out.mp4"
    await asyncio.to_thread(ffmpeg, "-i", str(clip), "-c:v", "copy", "-c:a", audio, str(path))
    found = await probe(path)
    assert can_copy(found)

    facts = await remux(path, out, found, MediaTools())

    made = await probe(out)
    assert plays(made)
    assert (facts["width"], facts["height"], facts["has_audio"], facts["copied"]) == (*SIZE, True, True)
    assert [frame.number for frame in sync.read_frames(out, {MARK: SIZE})] == list(range(45))
