"""Clips of every kind become one file: no frame lost or doubled, no beep away from its flash, copies bit for bit."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import FileBytes
from playhead.media.render.format import ReelSettings
from playhead.media.render.verify import verify_reel
from tests.fixtures.clips import make_clip
from tests.fixtures.reels import Reel, again, hashes, make_reel
from tests.fixtures.sync import SeenFrame, flashes, read_beeps, read_frames

SMALL = (160, 90)
BEEP_TOLERANCE_S = 0.004
"""AAC smears an onset by some samples."""

PLAIN = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p")


def clip(folder: Path, mark: int, **options: object) -> Path:
    wanted = {"seconds": 1, "size": SMALL, "name": f"{mark}.mp4", "mark": mark, **options}
    return make_clip(folder, **wanted)  # type: ignore[arg-type]


def seen(reel: Reel, marks: int) -> list[SeenFrame]:
    return read_frames(reel.path, dict.fromkeys(range(1, marks + 1), SMALL))


def shown(frames: Sequence[SeenFrame]) -> list[tuple[int | None, int | None]]:
    return [(frame.mark, frame.number) for frame in frames]


def numbers(mark: int, first: int, end: int) -> list[tuple[int, int]]:
    return [(mark, number) for number in range(first, end)]


def index(path: Path) -> Movie:
    with FileBytes(path) as source:
        return read_movie(source)


def assert_in_sync(reel: Reel, frames: Sequence[SeenFrame], beeps: int) -> None:
    """Every beep is heard with its flash, to half a frame."""
    heard, lights = read_beeps(reel.path), flashes(list(frames))
    assert len(heard) == beeps
    for beep in heard:
        assert min(abs(light - beep) for light in lights) <= 0.5 / float(reel.plan.format.fps) + BEEP_TOLERANCE_S


async def test_clips_that_fit_are_copied_bit_for_bit(tmp_path: Path) -> None:
    """Three clips with B-frames: all their frames in order at equal distances, and each beep on its flash."""
    sources = [clip(tmp_path, mark, seconds=1.5, gop=20) for mark in (1, 2, 3)]

    reel = await make_reel(tmp_path, sources)
    found = await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert reel.actions == ["copy/copy"] * 3
    assert found.video.frames == 135
    assert found.duration_s == pytest.approx(4.5, abs=0.001)
    frames = seen(reel, 3)
    assert shown(frames) == numbers(1, 0, 45) + numbers(2, 0, 45) + numbers(3, 0, 45)
    assert [frame.at_s for frame in frames] == pytest.approx([number / 30 for number in range(135)], abs=1e-4)
    assert_in_sync(reel, frames, beeps=3)
    assert hashes(reel.path) == [one for source in sources for one in hashes(source)]


@pytest.mark.parametrize(
    ("codec", "others"),
    [
        ("h264", [("-refs", "2", "-bf", "0"), ("-profile:v", "baseline", "-g", "7"), ("-aud", "1", "-bf", "1")]),
        ("hevc", [("-preset", "medium"), ("-x265-params", "bframes=0:aud=1"), ("-x265-params", "ref=1:open-gop=0")]),
        ("av1", [("-preset", "10", "-g", "5"), ("-preset", "12")]),
    ],
)
async def test_clips_of_other_encoders_bring_their_own_parameter_sets(
    tmp_path: Path, codec: str, others: list[tuple[str, ...]]
) -> None:
    """One sample entry for all; each clip decodes to the very pictures it decodes to alone."""
    encoder = {
        "h264": PLAIN,
        "hevc": ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"),
        "av1": ("-c:v", "libsvtav1", "-svtav1-params", "irefresh-type=2"),
    }[codec]
    plain = clip(tmp_path, 1)
    sources = [
        again(plain, tmp_path / f"{number}-{codec}.mp4", *encoder, *options, "-c:a", "copy")
        for number, options in enumerate([(), *others])
    ]

    reel = await make_reel(tmp_path, sources, ReelSettings(codec=codec))  # type: ignore[arg-type]
    await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert reel.actions == ["copy/copy"] * len(sources)
    assert len(index(reel.path).tracks[0].entries) == 1
    assert hashes(reel.path) == [one for source in sources for one in hashes(source)]


async def test_a_trim_renders_its_edges_and_copies_what_lies_between(tmp_path: Path) -> None:
    """Head, body and tail meet without a seam; the body is the source's own packets."""
    source = clip(tmp_path, 1, seconds=4, gop=30)

    reel = await make_reel(tmp_path, [(source, 25 / 30, 95 / 30), (source, 0.0, 1.0)])
    await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert [clip.action for clip in reel.plan.clips] == ["boundary", "copy"]
    frames = seen(reel, 1)
    assert shown(frames) == numbers(1, 25, 95) + numbers(1, 0, 30)
    assert_in_sync(reel, frames, beeps=3)
    assert hashes(reel.path)[5:65] == hashes(source)[30:90]


async def test_sound_that_is_missing_short_or_of_another_rate_is_filled_and_stays_in_sync(tmp_path: Path) -> None:
    """Silence takes its place beside the picture, so nothing after it moves."""
    whole = clip(tmp_path, 2, seconds=1.5)
    short = again(whole, tmp_path / "short.mp4", "-c:v", "copy", "-af", "atrim=end=0.8", "-c:a", "aac")
    sources = [clip(tmp_path, 1), short, clip(tmp_path, 3, audio=False), clip(tmp_path, 4, audio_rate=44_100)]
    sources += [clip(tmp_path, 5, audio_delay_s=0.3), clip(tmp_path, 6)]

    reel = await make_reel(tmp_path, sources)
    await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert reel.actions == ["copy/copy", "copy/copy", "copy/silence", "copy/encode", "copy/copy", "copy/copy"]
    frames = seen(reel, 6)
    assert [frame.mark for frame in frames] == [1] * 30 + [2] * 45 + [3] * 30 + [4] * 30 + [5] * 30 + [6] * 30
    assert_in_sync(reel, frames, beeps=5)


async def test_a_reel_of_clips_of_one_frame(tmp_path: Path) -> None:
    """Each shows its one frame; their sound, less than a packet here and there, still adds up."""
    source = clip(tmp_path, 1, gop=1)
    spans = [(source, number / 30, (number + 1) / 30) for number in (15, 3, 27, 15, 0)]

    reel = await make_reel(tmp_path, spans)
    await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert [number for _, number in shown(seen(reel, 1))] == [15, 3, 27, 15, 0]


async def test_frames_keep_their_own_times_where_the_timing_is_variable(tmp_path: Path) -> None:
    """Clips of 24, of a varying rate and of 60 frames a second stand side by side as they are."""
    steady = clip(tmp_path, 2)
    uneven = again(
        steady,
        tmp_path / "vfr.mp4",
        "-vf",
        "select='lt(mod(n,3),2)'",
        "-fps_mode",
        "passthrough",
        *PLAIN,
        "-c:a",
        "copy",
    )
    sources = [clip(tmp_path, 1, fps=24), uneven, clip(tmp_path, 3, fps=60)]

    reel = await make_reel(tmp_path, [*sources, (sources[0], 0.3, 0.7)], ReelSettings(timing="variable"))
    await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert reel.actions[:3] == ["copy/copy"] * 3
    times = [frame.at_s for frame in seen(reel, 3)]
    assert times[:24] == pytest.approx([number / 24 for number in range(24)], abs=1e-4)
    assert times[24:44] == pytest.approx([1 + n / 30 for n in range(30) if n % 3 < 2], abs=1e-4)
    assert [after - one for one, after in pairwise(times[45:104])] == pytest.approx([1 / 60] * 58, abs=2e-4)
    assert hashes(reel.path)[:104] == [one for source in sources for one in hashes(source)]


async def test_the_whole_sound_may_be_encoded_once_without_a_seam(tmp_path: Path) -> None:
    """One AAC track over copied pictures; every beep exactly on its flash."""
    sources = [clip(tmp_path, 1), clip(tmp_path, 2, audio=False), clip(tmp_path, 3, audio_rate=44_100)]

    reel = await make_reel(tmp_path, sources, ReelSettings(audio="encode"))
    await verify_reel(reel.path, reel.plan, parts=reel.parts)

    frames = seen(reel, 3)
    assert_in_sync(reel, frames, beeps=2)
    assert read_beeps(reel.path) == pytest.approx([flashes(frames)[0], flashes(frames)[2]], abs=BEEP_TOLERANCE_S)


async def test_a_silent_reel_has_no_sound_track(tmp_path: Path) -> None:
    sources = [clip(tmp_path, mark, audio=False) for mark in (1, 2)]

    reel = await make_reel(tmp_path, sources)
    found = await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert found.audio is None
    assert shown(seen(reel, 2)) == numbers(1, 0, 30) + numbers(2, 0, 30)


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "empty_moov+default_base_moof"])
async def test_fragmented_and_badly_interleaved_clips_are_copied_too(tmp_path: Path, flags: str) -> None:
    """Whatever the order of their packets was, picture and sound lie side by side in the reel."""
    plain = clip(tmp_path, 1, seconds=3)
    fragmented = again(plain, tmp_path / "frag.mp4", "-c", "copy", "-movflags", flags, "-frag_duration", "5000000")

    reel = await make_reel(tmp_path, [plain, fragmented])
    await verify_reel(reel.path, reel.plan, parts=reel.parts)

    assert reel.actions == ["copy/copy", "copy/copy"]
    assert hashes(reel.path) == hashes(plain) * 2
    pictures, sounds = (track.samples for track in index(reel.path).tracks)
    for packet in range(len(sounds)):
        nearest = min(len(pictures) - 1, round(Fraction(packet * 1024, 48_000) * 30))
        assert abs(sounds.offsets[packet] - pictures.offsets[nearest]) < 40_000
