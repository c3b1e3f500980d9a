"""A stitch of unlike clips, beside one ffmpeg concat-filter graph over the same clips with the same encoder."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.figures import paired, show

WORKER = """
import asyncio, sys
from pathlib import Path
from benchmarks.stitch import stitch
asyncio.run(stitch([Path(name) for name in sys.argv[2:]], Path(sys.argv[1])))
"""


def main() -> None:
    """Print time and memory of both."""
    from playhead.media.samples import make_samples

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "clips").mkdir()
        clips = [clip for clip in asyncio.run(make_samples(folder / "clips")) if "Silent" not in clip.name]
        ours = [sys.executable, "-c", WORKER, str(folder), *map(str, clips)]
        peer = _graph(clips, folder / "peer.mp4")
        times = paired(partial(_timed, ours), partial(_timed, peer))
        show(f"{len(clips)} unlike clips, rendered, joined and verified", *times, "one concat-filter graph")
        print(f"  most memory of one ffmpeg: {_peak_mib(ours):.0f} MiB; of the graph: {_peak_mib(peer):.0f} MiB")


async def stitch(clips: Sequence[Path], folder: Path) -> None:
    """What the stitch job does, without the job."""
    from playhead.media.format import resolve_format
    from playhead.media.join import join
    from playhead.media.plan import ClipSource, plan_stitch
    from playhead.media.probe import probe
    from playhead.media.render import RenderedPaths, render_clip
    from playhead.media.verify import verify

    probes = [await probe(clip) for clip in clips]
    sources = [ClipSource(f"clip{n}", f"video{n}", found) for n, found in enumerate(probes)]
    plan = plan_stitch(sources, resolve_format(probes, width=1280, height=720, fps=30))
    parts = [RenderedPaths(folder / f"{n}.mp4", folder / f"{n}.pcm") for n in range(len(clips))]
    for clip, source, part in zip(plan.clips, clips, parts, strict=True):
        await render_clip(clip, plan.format, source, part)
    await join(parts, plan, folder / "ours.mp4")
    await verify(folder / "ours.mp4", plan)


def _graph(clips: Sequence[Path], out: Path) -> list[str]:
    from playhead.media.ffmpeg import find_ffmpeg

    picture = "scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1,setsar=1,fps=30,format=yuv420p"
    filters = [f"[{n}:v]{picture}[v{n}];[{n}:a]aresample=48000[a{n}]" for n in range(len(clips))]
    pads = "".join(f"[v{n}][a{n}]" for n in range(len(clips)))
    graph = ";".join([*filters, f"{pads}concat=n={len(clips)}:v=1:a=1[v][a]"])
    inputs = [word for clip in clips for word in ("-i", str(clip))]
    encode = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-c:a", "aac", "-b:a", "160k"]
    head = [str(find_ffmpeg().binary), "-nostdin", "-v", "error", "-y", *inputs, "-filter_complex", graph]
    return [*head, "-map", "[v]", "-map", "[a]", *encode, "-movflags", "+faststart", str(out)]


def _timed(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def _peak_mib(command: Sequence[str]) -> float:
    """The largest process below a command, measured in a process of its own."""
    code = f"import subprocess, resource; subprocess.run({list(command)!r}, check=True)"
    code += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024
