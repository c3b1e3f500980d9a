"""Finalise: the parts of a recording made into one video, beside ffmpeg doing the same to one file."""

import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import footage
from benchmarks.figures import largest_rss_mib, paired, show, timed
from benchmarks.peer_commands import ffmpeg

CODE = """
import asyncio, sys
from pathlib import Path
from playhead.media.recording.make import make_recording
from playhead.media.recording.parts import PartFile
from playhead.media.tools import MediaTools
out, *parts = map(Path, sys.argv[1:])
files = [PartFile(path=path, name=path.name, clock="one") for path in parts]
asyncio.run(make_recording(files, out, MediaTools()))
"""
FRAGMENTS = ("-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont", "-frag_duration", "500000")


def main() -> None:
    """Print all rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = footage.recording(folder)
        peer = ffmpeg(
            "-v", "error", "-y", "-i", str(whole), "-c", "copy", "-movflags", "+faststart", str(folder / "p.mp4")
        )
        beside("finalise 1.1 GiB of one part", [whole], folder, peer)
        beside("finalise the same of two parts that overlap by 10 s", overlapping(whole, folder), folder, peer)


def beside(label: str, parts: list[Path], folder: Path, peer: list[str]) -> None:
    """One row, and the largest process of both."""
    ours = [sys.executable, "-c", CODE, str(folder / "ours.mp4"), *map(str, parts)]
    timed(ours), timed(peer)  # both once, for the page cache
    by_copy = partial(timed, peer, folder / "p.mp4")
    show(label, *paired(partial(timed, ours, folder / "ours.mp4"), by_copy, 5), "-c copy +faststart of one file")
    print(f"  largest process: {largest_rss_mib(ours):.0f} MiB; ffmpeg {largest_rss_mib(peer):.0f} MiB")


def overlapping(whole: Path, folder: Path) -> list[Path]:
    """The same recording, whose capture was killed in the middle and began ten seconds in the past."""
    spans = {"one": ("-to", "600"), "two": ()}
    parts = []
    for name, until in spans.items():
        begin = () if name == "one" else ("-ss", "590")
        parts.append(folder / f"{name}.mp4")
        command = ("-v", "error", "-y", *begin, "-copyts", "-i", str(whole), *until, "-c", "copy", *FRAGMENTS)
        timed(ffmpeg(*command, str(parts[-1])))
    return parts
