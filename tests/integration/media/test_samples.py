"""The sample clips are real videos, unlike each other."""

from fractions import Fraction
from pathlib import Path

from playhead.media.probe import probe
from playhead.media.samples import make_samples
from tests.fixtures.tiers import thorough


@thorough
async def test_samples_are_as_unlike_as_real_life(tmp_path: Path) -> None:
    """Three codecs, five rates, an upright one, a silent one; a second call keeps what is there."""
    paths = await make_samples(tmp_path)
    made = {path: path.stat().st_mtime_ns for path in paths}

    probes = [await probe(path) for path in paths]

    assert {found.video.codec for found in probes} == {"h264", "hevc", "vp9"}
    assert {found.video.fps for found in probes} == {Fraction(n) for n in (24, 25, 30, 60)} | {Fraction(30000, 1001)}
    assert all(2.9 < found.duration_s < 5.1 for found in probes)
    assert sum(found.audio is None for found in probes) == 1
    assert sum(found.video.height > found.video.width for found in probes) == 1
    assert {path: path.stat().st_mtime_ns for path in await make_samples(tmp_path)} == made
    assert sorted(tmp_path.iterdir()) == sorted(paths)
