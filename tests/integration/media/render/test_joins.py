"""Joins that are broken on purpose: the default check finds each of them, in the index, the packets or by decoding."""

import asyncio
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from playhead.media.errors import VerifyFailed
from playhead.media.ffmpeg import Ffmpeg, find_ffmpeg
from playhead.media.mp4.configuration import nal_config
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Track
from playhead.media.mp4.source import FileBytes
from playhead.media.render.format import ReelSettings
from playhead.media.render.merge import merge
from playhead.media.render.plan import StitchPlan, VideoPiece
from playhead.media.render.units import LENGTH, nal_units
from playhead.media.render.verify import BadJoin, verify_reel
from tests.fixtures import mp4_surgery as surgery
from tests.fixtures.clips import make_clip
from tests.fixtures.reels import Reel, again, make_reel

SIZE = (160, 90)
NO_FFMPEG = Ffmpeg(Path("/nonexistent/ffmpeg"), reads_descriptors=True)
"""Proves that a check starts no process."""

STBL = "moov/trak/mdia/minf/stbl"
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "15", "-keyint_min", "15", "-sc_threshold", "0")


def clip(folder: Path, mark: int) -> Path:
    """One second in two GOPs."""
    return make_clip(folder, seconds=1, size=SIZE, name=f"{mark}.mp4", mark=mark, gop=15)


def video(path: Path) -> Track:
    with FileBytes(path) as source:
        return read_movie(source).tracks[0]


def change(path: Path, how: Callable[[bytes], bytes]) -> None:
    path.write_bytes(how(path.read_bytes()))


def flip(path: Path, at: int, size: int = 1) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + size] = bytes(byte ^ 0x5A for byte in data[at : at + size])
    path.write_bytes(data)


def damage_slice(path: Path, sample: int = 0) -> None:
    """Overwrite coded macroblocks; every unit keeps its length."""
    samples = video(path).samples
    flip(path, samples.offsets[sample] + samples.sizes[sample] - 120, 100)


async def check(reel: Reel, **options: object) -> None:
    await verify_reel(reel.path, reel.plan, parts=reel.parts, **options)  # type: ignore[arg-type]


async def merged_again(reel: Reel, plan: StitchPlan | None = None) -> Reel:
    plan = plan or reel.plan
    await asyncio.to_thread(merge, plan, reel.parts, reel.path)
    return replace(reel, plan=plan)


@pytest.fixture
async def equal(tmp_path: Path) -> Reel:
    """Three copied clips of one encoder."""
    return await make_reel(tmp_path, [clip(tmp_path, mark) for mark in (1, 2, 3)])


@pytest.fixture
async def unequal(tmp_path: Path) -> Reel:
    """Three copied clips, the second with other parameter sets."""
    other = again(clip(tmp_path, 2), tmp_path / "other.mp4", *X264, "-refs", "3", "-bf", "0", "-c:a", "copy")
    return await make_reel(tmp_path, [clip(tmp_path, 1), other, clip(tmp_path, 3)])


@pytest.mark.parametrize("codec", ["h264", "hevc", "av1"])
async def test_packets_alone_prove_joins_of_equal_clips(tmp_path: Path, codec: str) -> None:
    encoder = {"hevc": "libx265 -preset ultrafast -tag:v hvc1 -x265-params open-gop=0:log-level=none"}
    encoder |= {"av1": "libsvtav1 -preset 12 -svtav1-params irefresh-type=2", "h264": "libx264 -preset veryfast"}
    plain = clip(tmp_path, 1)
    source = again(plain, tmp_path / f"{codec}.mp4", "-c:v", *encoder[codec].split(), "-c:a", "copy")

    reel = await make_reel(tmp_path, [source, source, source], ReelSettings(codec=codec))  # type: ignore[arg-type]

    assert reel.actions == ["copy/copy"] * 3
    await check(reel, ffmpeg=NO_FFMPEG)


async def test_a_join_of_other_parameter_sets_is_decoded(unequal: Reel) -> None:
    await check(unequal)
    with pytest.raises(VerifyFailed, match="No such file"):
        await check(unequal, ffmpeg=NO_FFMPEG)


def swapped(path: Path) -> None:
    """Exchange the bytes of two frames, as far as both have them."""
    samples = video(path).samples
    one, other = samples.offsets[40], samples.offsets[41]
    size = min(samples.sizes[40:42])
    data = bytearray(path.read_bytes())
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]
    path.write_bytes(data)


def with_other_sets(path: Path) -> None:
    at = path.read_bytes().index(nal_config(video(path).entry).sps[0])
    flip(path, at + 3)


INDEX = {
    "truncated file": (lambda path: change(path, lambda data: data[:-100]), "index"),
    "sample table": (
        lambda path: change(path, lambda data: surgery.poke(data, f"{STBL}/stsz", 12 + 4 * 45, 99)),
        "bytes, not",
    ),
    "edit that hides a frame": (
        lambda path: change(path, lambda data: surgery.poke(data, "moov/trak/edts/elst", 12, 9999)),
        "shown at",
    ),
    "edit that is too short": (
        lambda path: change(path, lambda data: surgery.poke(data, "moov/trak/edts/elst", 8, 1000)),
        "edits show",
    ),
    "overlapping times": (
        lambda path: change(path, lambda data: surgery.poke(data, f"{STBL}/ctts", 12, 0)),
        "frames are not",
    ),
    "no keyframe at a join": (
        lambda path: change(path, lambda data: surgery.poke(data, f"{STBL}/stss", 8 + 4 * 2, 32)),
        "no keyframe where a piece begins",
    ),
}
"""Damage that the index shows: what is done to the reel, and the words of the refusal."""

PACKETS = {
    "parameter sets": (with_other_sets, "sample entry"),
    "swapped frames": (swapped, "differs at byte|is damaged"),
    "frame": (lambda path: flip(path, video(path).samples.offsets[44] + 20), "differs at byte"),
    "length of a unit": (lambda path: flip(path, video(path).samples.offsets[44]), "differs at byte"),
}
"""Damage that the packets show."""


@pytest.mark.parametrize(("damage", "words"), [*INDEX.values(), *PACKETS.values()], ids=[*INDEX, *PACKETS])
async def test_damage_is_found_without_decoding(equal: Reel, damage: Callable[[Path], None], words: str) -> None:
    damage(equal.path)

    with pytest.raises(VerifyFailed, match=words):
        await check(equal, ffmpeg=NO_FFMPEG)


async def test_parameter_sets_between_the_frames_are_compared(unequal: Reel) -> None:
    """Clips with other sets carry them in front of each keyframe."""
    samples = video(unequal.path).samples
    flip(unequal.path, samples.offsets[30] + 6)

    with pytest.raises(VerifyFailed, match="differs at byte"):
        await check(unequal, ffmpeg=NO_FFMPEG)


async def test_a_clip_that_does_not_decode_behind_other_sets_is_named(unequal: Reel) -> None:
    damage_slice(unequal.parts.source(1))
    reel = await merged_again(unequal)

    await check(reel, decode=False)
    with pytest.raises(BadJoin) as caught:
        await check(reel)
    assert "c1" in caught.value.clip_ids


@pytest.mark.parametrize("place", [0, 1], ids=["at the start", "behind another clip"])
async def test_a_missing_reference_is_found_by_decoding(tmp_path: Path, place: int) -> None:
    """The source claims a keyframe where frames refer to what was before it."""
    plain = clip(tmp_path, 1)
    source = again(plain, tmp_path / "claims.mp4", *X264, "-bf", "0", "-refs", "1", "-c:a", "copy")
    change(source, lambda data: surgery.poke(data, f"{STBL}/stss", 8 + 4, 6))
    honest = again(plain, tmp_path / "honest.mp4", *X264, "-bf", "0", "-refs", "1", "-c:a", "copy")
    clips = [honest, honest]
    clips[place] = source
    reel = await make_reel(tmp_path, clips)
    plan = copied_from(reel.plan, place, 5)

    reel = await merged_again(reel, plan)

    await check(reel, decode=False)
    with pytest.raises(BadJoin) as caught:
        await check(reel)
    assert f"c{place}" in caught.value.clip_ids


def copied_from(plan: StitchPlan, clip: int, sample: int) -> StitchPlan:
    """The plan with one clip copied from another sample on, its last frames encoded nowhere: the reel is shorter."""
    clips = list(plan.clips)
    one = clips[clip]
    frames = one.frames - sample
    piece: VideoPiece = replace(
        one.video[0], first_sample=sample, frames=frames, ticks=frames * plan.format.frame_ticks
    )
    clips[clip] = replace(one, video=(piece,), frames=frames, ticks=piece.ticks)
    begin = tick = 0
    for index, clip_plan in enumerate(clips):
        clips[index] = replace(clip_plan, first_frame=begin, start_tick=tick)
        begin, tick = begin + clips[index].frames, tick + clips[index].ticks
    return replace(plan, clips=tuple(clips), frames=begin, ticks=tick)


async def test_leading_frames_of_an_open_gop_are_never_copied(tmp_path: Path) -> None:
    """Their references are left behind: the packets show it, before anything is written."""
    options = ("-bf", "3", "-x264-params", "open-gop=1:b-adapt=0:keyint=15:min-keyint=15:scenecut=0")
    source = again(clip(tmp_path, 1), tmp_path / "open.mp4", *X264[:4], *options, "-c:a", "copy")
    open_gop = (video(source).samples.sync or [])[1]
    reel = await make_reel(tmp_path, [source, source])

    plan = copied_from(reel.plan, 1, open_gop)

    with pytest.raises(BadJoin, match="cannot be copied"):
        await merged_again(reel, plan)
    with pytest.raises(BadJoin, match="cannot be copied"):
        await verify_reel(reel.path, reel.plan, parts=replace(reel.parts, sources=[source, without_keyframes(source)]))


def without_keyframes(source: Path) -> Path:
    """The same file, whose first keyframe is not marked."""
    path = source.with_name("unmarked.mp4")
    path.write_bytes(surgery.poke(source.read_bytes(), f"{STBL}/stss", 8, 2))
    return path


async def test_sets_that_a_clip_carries_itself_do_not_spoil_the_next(tmp_path: Path) -> None:
    """Sample entries are equal, but the second clip carries other sets, with which the third one would be decoded."""
    plain = clip(tmp_path, 1)
    first = again(plain, tmp_path / "first.mp4", *X264, "-qp", "20", "-c:a", "copy")
    other = again(plain, tmp_path / "other.mp4", *X264, "-qp", "21", "-c:a", "copy")
    in_band = ("-c", "copy", "-bsf:v", "h264_mp4toannexb", "-movflags", "+faststart")
    carrying = again(other, tmp_path / "carrying.mp4", *in_band)
    claimed, carried = (nal_config(video(path).entry).sets[1] for path in (first, carrying))
    assert len(claimed) == len(carried)
    change(carrying, lambda data: data.replace(carried, claimed, 1))  # the first one is in the index

    reel = await make_reel(tmp_path, [first, carrying, first])

    assert reel.actions == ["copy/copy"] * 3
    await check(reel, decode=False)
    with pytest.raises(BadJoin) as caught:
        await check(reel)
    assert caught.value.clip_ids & {"c1", "c2"}


@pytest.mark.parametrize("place", [0, 1], ids=["the first clip", "behind a copy"])
async def test_an_encoded_piece_is_decoded_at_its_start(tmp_path: Path, place: int) -> None:
    """Its packets say nothing about what the encoder made."""
    one = clip(tmp_path, 1)
    reel = await make_reel(tmp_path, [one, one], forced=frozenset((f"c{place}",)))
    damage_slice(reel.parts.video(place, 0))

    reel = await merged_again(reel)

    with pytest.raises(VerifyFailed, match=r"(does|do) not decode"):
        await check(reel)


async def test_damage_inside_a_frame_of_an_equal_clip_is_copied_as_it_is(equal: Reel) -> None:
    """The join is as good as the source, whose bytes the reel has."""
    damage_slice(equal.parts.source(1))

    await check(await merged_again(equal), ffmpeg=NO_FFMPEG)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_a_keyframe_that_drops_the_frames_before_it_is_decoded(tmp_path: Path, codec: str) -> None:
    """``no_output_of_prior_pics_flag``, placed where FFmpeg reads it."""
    encoder = {"hevc": "libx265 -preset ultrafast -tag:v hvc1 -x265-params open-gop=0:log-level=none"}
    encoder |= {"h264": "libx264 -preset veryfast"}
    source = again(clip(tmp_path, 1), tmp_path / "kept.mp4", "-c:v", *encoder[codec].split(), "-c:a", "copy")
    dropping = tmp_path / "dropping.mp4"
    dropping.write_bytes(source.read_bytes())
    at, bit = flag_place(dropping)
    flip_bit(dropping, at, bit)

    reel = await make_reel(tmp_path, [source, dropping], ReelSettings(codec=codec))  # type: ignore[arg-type]

    assert reel.actions == ["copy/copy"] * 2
    with pytest.raises(VerifyFailed, match="No such file"):
        await check(reel, ffmpeg=NO_FFMPEG)


def flag_place(path: Path) -> tuple[int, int]:
    """Byte in the file and bit of it, from FFmpeg's reading of the first slice."""
    command = [str(find_ffmpeg().binary), "-i", str(path), "-c:v", "copy", "-frames:v", "1", "-bsf:v", "trace_headers"]
    done = subprocess.run([*command, "-an", "-f", "null", "-"], capture_output=True, text=True, timeout=60, check=True)
    lines = done.stderr.splitlines()
    line = next(line for line in lines if "no_output_of_prior_pics_flag" in line)
    place = int(line.partition("]")[2].split()[0])
    samples, sizes = video(path).samples.offsets, video(path).samples.sizes
    with FileBytes(path) as source:
        codec = "h264" if video(path).entry.fourcc == "avc1" else "hevc"
        unit = next(u for u in nal_units(source, samples[0], sizes[0], codec) if u.kind in (5, 19, 20))
    return samples[0] + unit.start + LENGTH + place // 8, 7 - place % 8


def flip_bit(path: Path, at: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    assert not data[at] & 1 << bit
    data[at] |= 1 << bit
    path.write_bytes(data)
