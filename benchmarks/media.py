"""Every bar of the media engine, each beside its peer in the same run."""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks import footage
from benchmarks.drift import print_drift
from benchmarks.figures import largest_rss_mib, paired, peak_rss_mib, show, timed
from benchmarks.footage import Clip
from benchmarks.peer_commands import concat_copy, concat_graph, ffmpeg, moviepy

PLAYHEAD = str(Path(sys.executable).with_name("playhead"))


def main() -> None:
    """Print all rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        equal_clips(folder)
        large_clips(folder)
        print_drift(folder)
        probes(folder)
        stills(folder)
        streams(folder)
        finalise(folder)
        against_graph("6 conforming clips and 2 others", footage.mostly_equal_clips(folder), folder)
        against_graph("12 unlike clips", footage.unlike_clips(folder), folder)
        growth(folder)


def stitch(clips: Sequence[Clip], out: Path, *options: str) -> list[str]:
    """The command as a user types it."""
    return [PLAYHEAD, "-q", "media", "stitch", *(str(clip.path) for clip in clips), "-o", str(out), "--force", *options]


def equal_clips(folder: Path) -> None:
    """Eight clips that fit together: whole processes, from the shell and back."""
    clips, ours, peer = footage.equal_clips(folder), folder / "ours.mp4", folder / "peer.mp4"
    packets = stitch(clips, ours, "--verify", "packets")
    joins = stitch(clips, ours, "--verify", "joins")
    copy = concat_copy(clips, folder, peer)
    timed(packets), timed(copy)  # both once, for the page cache
    by_copy = partial(timed, copy, peer)
    show("stitch of 8 equal clips of 20 s", *paired(partial(timed, packets, ours), by_copy, 9), "concat -c copy")
    show("  with the default check", *paired(partial(timed, joins, ours), by_copy, 9), "concat -c copy")
    print(f"  largest process: {largest_rss_mib(joins):.0f} MiB; concat -c copy {largest_rss_mib(copy):.0f} MiB")
    timed(moviepy([], peer))  # installs it
    slow = moviepy(clips, peer)
    show("  the same beside MoviePy", *paired(partial(timed, packets, ours), partial(timed, slow), 1), "MoviePy")
    print(f"  MoviePy's largest process: {largest_rss_mib(moviepy(clips[:2], peer)):.0f} MiB for two of the clips")


def large_clips(folder: Path) -> None:
    """The same at 57 Mb/s, as cameras write it: copying and comparing bytes is nearly all of the work."""
    clips, ours, peer = footage.equal_clips(folder, mbit_s=57), folder / "ours.mp4", folder / "peer.mp4"
    joins, copy = stitch(clips, ours), concat_copy(clips, folder, peer)
    timed(joins), timed(copy)
    rows = paired(partial(timed, joins, ours), partial(timed, copy, peer), 5)
    show("stitch of 8 equal clips at 57 Mb/s", *rows, "concat -c copy")


def against_graph(label: str, clips: Sequence[Clip], folder: Path) -> None:
    """A stitch that has to encode, beside one filter graph over the same clips at the same preset and quality."""
    ours = stitch(clips, folder / "ours.mp4", "--size", "1920x1080", "--fps", "30")
    peer = concat_graph(clips, folder / "peer.mp4")
    show(f"stitch of {label}", *paired(partial(timed, ours), partial(timed, peer)), "one concat-filter graph")
    unproved = [*ours, "--verify", "packets"]
    show("  without decoding the result", *paired(partial(timed, unproved), partial(timed, peer), 1), "the graph")
    print(f"  largest process: {largest_rss_mib(ours):.0f} MiB; the graph {largest_rss_mib(peer):.0f} MiB")


def growth(folder: Path) -> None:
    """Memory with twice and four times the clips that have to be encoded."""
    clips = footage.unlike_clips(folder)[:1] * 16
    for count in (4, 8, 16):
        ours = largest_rss_mib(stitch(clips[:count], folder / "ours.mp4", "--size", "640x360", "--fps", "30"))
        peer = largest_rss_mib(concat_graph(clips[:count], folder / "peer.mp4", size="640:360"))
        print(f"  {count} clips encoded: largest process {ours:.0f} MiB; the graph {peer:.0f} MiB")


def probes(folder: Path) -> None:
    """Reading what an MP4 is: the call, then the command, beside ffmpeg's reading of the same."""
    from playhead.media.mp4.index import read_movie
    from playhead.media.mp4.source import FileBytes

    path = footage.equal_clips(folder, count=1, seconds=8)[0].path

    def read() -> None:
        with FileBytes(path) as source:
            read_movie(source)

    each = [_seconds(read) for _ in range(200)][20:]
    peer = [timed(ffmpeg("-v", "error", "-i", str(path), "-t", "0", "-f", "null", "-")) for _ in range(10)]
    show("probe of an MP4, in a running process (ms)", _ms(each[:10]), _ms(peer), "ffmpeg -i", "ms")
    command = [PLAYHEAD, "media", "probe", str(path), "--json"]
    whole = paired(partial(timed, command), partial(timed, ffprobe(path)))
    show("probe of an MP4, as a process", *whole, "ffprobe" if _has_ffprobe() else "ffmpeg -i")


def ffprobe(path: Path) -> list[str]:
    """Debian's ffprobe where it is installed; ffmpeg's own reading of the file is quicker than it."""
    if _has_ffprobe():
        return ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    return ffmpeg("-v", "error", "-i", str(path), "-t", "0", "-f", "null", "-")


def stills(folder: Path) -> None:
    """Poster and storyboard of an hour, beside ffmpeg processes that make the same stills."""
    from playhead.media.stills.make import Shape, poster, storyboard
    from playhead.media.stills.pool import one_process
    from playhead.media.stills.source import FileSource

    path = footage.hour(folder)
    source, shape = FileSource(path), Shape(3600.0, 30.0)

    async def measure() -> tuple[list[float], list[float], float]:
        async with one_process() as pool:
            await poster(pool, source, shape)
            posters = [await _awaited(partial(poster, pool, source, shape)) for _ in range(5)]
            boards = [await _awaited(partial(storyboard, pool, source, shape)) for _ in range(3)]
            return posters, boards, max(peak_rss_mib(pid) for pid in _children())

    posters, boards, largest = asyncio.run(measure())
    still = ["-frames:v", "1", "-vf", "scale=960:-2", "-f", "image2", "-update", "1", str(folder / "still.jpg")]
    one = [timed(ffmpeg("-v", "error", "-y", "-ss", "360", "-i", str(path), *still)) for _ in range(5)]
    show("poster of 1 h", posters, one, "one ffmpeg seek")
    seeks = [sum(_seek(path, 36 * n + 18, folder) for n in range(100)) for _ in range(3)]
    show("storyboard of 100 from 1 h", boards, seeks, "100 ffmpeg seeks")
    print(f"  largest process: {largest:.0f} MiB")


def streams(folder: Path) -> None:
    """HLS of ten minutes: the index once, a header per segment, beside ffmpeg packaging to disk."""
    from playhead.media.hls.video import SegmentedVideo
    from playhead.media.mp4.index import read_movie
    from playhead.media.mp4.source import FileBytes

    path = footage.hour(folder, minutes=10)

    def index() -> SegmentedVideo:
        with FileBytes(path) as source:
            movie = read_movie(source)
        assert movie.video is not None
        return SegmentedVideo(movie, movie.video)

    out = folder / "packaged"
    out.mkdir(exist_ok=True)
    names = ["-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", str(out / "index.m3u8")]
    packaging = ffmpeg("-v", "error", "-y", "-i", str(path), "-c", "copy", "-f", "hls", "-hls_time", "6", *names)
    show("HLS of 10 min: index, once", *paired(partial(_seconds, index), partial(timed, packaging)), "ffmpeg to disk")
    stream = index()
    heads = sorted(_seconds(partial(stream.segment, n)) for n in range(len(stream.bounds_s) - 1))
    slow = heads[min(len(heads) - 1, int(len(heads) * 0.99))]
    print(f"  per segment: p50 {statistics.median(heads) * 1e3:.2f} ms, p99 {slow * 1e3:.2f} ms; stored: nothing")


def finalise(folder: Path) -> None:
    """A GiB of recording made into an MP4 whose index comes first."""
    path, ours, peer = footage.recording(folder), folder / "ours.mp4", folder / "peer.mp4"
    code = "import sys; from pathlib import Path; from playhead.media.mp4.defragment import defragment"
    command = [sys.executable, "-c", f"{code}; defragment(Path(sys.argv[1]), Path(sys.argv[2]))", str(path), str(ours)]
    copy = ffmpeg("-v", "error", "-y", "-i", str(path), "-c", "copy", "-movflags", "+faststart", str(peer))
    show("finalise 1.1 GiB of recording", *paired(partial(timed, command), partial(timed, copy)), "-c copy +faststart")
    print(f"  largest process: {largest_rss_mib(command):.0f} MiB; ffmpeg {largest_rss_mib(copy):.0f} MiB")


def _seek(path: Path, at_s: float, folder: Path) -> float:
    out = ["-frames:v", "1", "-vf", "scale=160:-2", "-f", "image2", "-update", "1", str(folder / "tile.jpg")]
    key = ["-skip_frame", "nokey", "-noaccurate_seek", "-ss", str(at_s)]
    return timed(ffmpeg("-v", "error", "-y", *key, "-i", str(path), *out))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def _awaited(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    await work()  # type: ignore[misc]
    return time.perf_counter() - began


def _ms(seconds: Sequence[float]) -> list[float]:
    return [value * 1000 for value in seconds]


def _has_ffprobe() -> bool:
    import shutil

    return shutil.which("ffprobe") is not None


def _children() -> list[int]:
    import os

    own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    below = [Path(f"/proc/{pid}/task/{pid}/children").read_text().split() for pid in own]
    return [int(pid) for pid in [*own, *(pid for pids in below for pid in pids)]]
