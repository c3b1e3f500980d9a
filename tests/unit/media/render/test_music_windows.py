"""Music in a window of a reel: the samples and the gain that the reel has there."""

from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from playhead.media.render.ducking import MusicGain
from playhead.media.render.music import MusicReader
from playhead.media.render.plan import NO_TRACKS, AudioFormat, MusicPlan

RATE = 1000
FORM = AudioFormat(RATE, 1, mode="encode")
MUSIC = MusicPlan("vid_m", NO_TRACKS, 0.0, 3 * RATE, loop=True, volume=1.0, fade_in_s=2, fade_out_s=2, ducking_db=0)
REEL_S = 10


@pytest.mark.parametrize("loop", [True, False])
@pytest.mark.parametrize("start_s", [0, 1, 2.97, 2.99, 5, 8])
def test_a_window_hears_what_the_reel_has_there(tmp_path: Path, start_s: float, loop: bool) -> None:
    """In the first pass, at its very end, in a later pass, at the end of the reel; also after music that ended."""
    (tmp_path / "music.pcm").write_bytes(array("h", range(3 * RATE)).tobytes())
    music = replace(MUSIC, loop=loop)
    window = replace(music, before_s=start_s, after_s=REEL_S - start_s - 2)
    first, count = round(start_s * RATE), 2 * RATE

    samples = _read(tmp_path / "music.pcm", music, REEL_S * RATE)[first : first + count]
    gains = MusicGain(music, REEL_S * RATE, RATE).block(0, REEL_S * RATE)[first : first + count]

    assert _read(tmp_path / "music.pcm", window, count) == samples
    assert list(MusicGain(window, count, RATE).block(0, count)) == pytest.approx(list(gains), abs=70)


def _read(path: Path, music: MusicPlan, total: int) -> "array[int]":
    reader = MusicReader(path, music, FORM, total)
    try:
        return reader.read(total)
    finally:
        reader.close()
