"""How far sound runs from picture over the cuts: flash and beep, measured in our reel and in the peer's."""

from pathlib import Path

from benchmarks.figures import timed
from benchmarks.footage import Clip
from benchmarks.peer_commands import concat_copy
from tests.fixtures.clips import make_clip
from tests.fixtures.sync import flashes, read_beeps, read_frames

SIZE = (320, 180)


def print_drift(folder: Path) -> None:
    """Eight clips of 121 frames at 24 a second, as generators make them."""
    from benchmarks.media import stitch

    marks = range(1, 9)
    clips = [Clip(make_clip(folder, seconds=121 / 24, fps=24, size=SIZE, mark=n, name=f"sync{n}.mp4")) for n in marks]
    ours, peer = folder / "sync-ours.mp4", folder / "sync-peer.mp4"
    timed(stitch(clips, ours))
    timed(concat_copy(clips, folder, peer))
    for name, path in (("ours", ours), ("concat -c copy", peer)):
        offsets = _offsets(path)
        words = f"first {offsets[0]:+.1f} ms, last {offsets[-1]:+.1f} ms, furthest {max(map(abs, offsets)):.1f} ms"
        print(f"  beep against flash over 8 clips, {name}: {words}")


def _offsets(path: Path) -> list[float]:
    seen, heard = flashes(read_frames(path, dict.fromkeys(range(1, 9), SIZE))), read_beeps(path)
    return [(min(heard, key=lambda beep: abs(beep - flash)) - flash) * 1000 for flash in seen]
