"""A reel that is damaged anywhere is found out, and who is to blame is named."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from playhead.media.errors import VerifyFailed
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from playhead.media.render.merge import merge
from playhead.media.render.verify import BadJoin, verify_reel
from tests.fixtures.clips import make_clip
from tests.fixtures.reels import Reel, make_reel


def clip(folder: Path, mark: int, seconds: float = 1) -> Path:
    return make_clip(folder, seconds=seconds, size=(160, 90), name=f"{mark}.mp4", mark=mark, gop=15)


def scribble(path: Path, sample: int, *, track: int = 0, after: int = 60, size: int = 40) -> None:
    """Overwrite a part of one sample, its lengths left alone."""
    with FileBytes(path) as source:
        samples = read_movie(source).tracks[track].samples
    at = samples.offsets[sample] + after
    assert after + size < samples.sizes[sample]
    data = bytearray(path.read_bytes())
    data[at : at + size] = bytes(byte ^ 0x5A for byte in data[at : at + size])
    path.write_bytes(data)


@pytest.fixture
async def reel(tmp_path: Path) -> Reel:
    """Four copied clips."""
    return await make_reel(tmp_path, [clip(tmp_path, mark) for mark in (1, 2, 3, 4)])


async def test_a_copy_that_does_not_decode_is_named(tmp_path: Path, reel: Reel) -> None:
    """The source of the third clip is broken in its first GOP: every byte is copied rightly, and yet."""
    source = reel.parts.source(2)
    with FileBytes(source) as file:
        first = read_movie(file).tracks[0].samples.sizes[0]
    scribble(source, 0, after=first // 2, size=first // 3)
    await asyncio.to_thread(merge, reel.plan, reel.parts, reel.path)

    with pytest.raises(BadJoin) as caught:
        await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert "c2" in caught.value.clip_ids
    assert "c0" not in caught.value.clip_ids


async def test_broken_framing_is_found_without_decoding(tmp_path: Path, reel: Reel) -> None:
    """A NAL unit that is longer than its frame; the sources are not at hand."""
    scribble(reel.path, 40, after=0, size=3)

    with pytest.raises(BadJoin) as caught:
        await verify_reel(reel.path, reel.plan, decode=False)

    assert caught.value.clip_ids == {"c1"}


@pytest.mark.parametrize("track", [0, 1], ids=["picture", "sound"])
async def test_a_packet_that_is_not_the_source_s_own_is_found(reel: Reel, track: int) -> None:
    scribble(reel.path, 70, track=track, after=6, size=3)

    with pytest.raises(VerifyFailed, match="differs at byte"):
        await verify_reel(reel.path, reel.plan, parts=reel.parts, decode=False)


async def test_a_reel_of_another_plan_is_refused(reel: Reel) -> None:
    """One frame more, and the numbers are told."""
    last = reel.plan.clips[-1]
    longer = replace(last.video[0], frames=31, ticks=last.video[0].ticks + reel.plan.format.frame_ticks)
    clips = (*reel.plan.clips[:-1], replace(last, video=(longer,), frames=31, ticks=longer.ticks))
    plan = replace(reel.plan, clips=clips, frames=121, ticks=reel.plan.ticks + reel.plan.format.frame_ticks)

    with pytest.raises(VerifyFailed, match=r"120 frames .* instead of 121"):
        await verify_reel(reel.path, plan)


async def test_half_a_file_is_refused(reel: Reel) -> None:
    data = reel.path.read_bytes()
    reel.path.write_bytes(data[: len(data) // 2])

    with pytest.raises(VerifyFailed, match="index"):
        await verify_reel(reel.path, reel.plan)


async def test_progress_reaches_the_end_and_never_runs_back(reel: Reel) -> None:
    told: list[float] = []

    async def tell(fraction: float) -> None:
        told.append(fraction)

    await verify_reel(reel.path, reel.plan, parts=reel.parts, progress=tell)

    assert told == sorted(told)
    assert told[-1] == 1.0
