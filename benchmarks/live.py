"""Recordings beside a bare ``ffmpeg -c copy`` of the same source in the same run: processor time, memory, and the share
of the supervisor itself."""

import asyncio
import logging
import os
import resource
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path

import structlog

from benchmarks.footage import run
from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures.live_sources import publishing, rtmp_server
from tests.fixtures.processes import ffmpegs_of
from tests.fixtures.recorder import Recorder, recording

SECONDS = 30
SETTLE_S = 4

PART = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-frag_duration", "500000", "-flush_packets", "1"]


def main() -> None:
    """One recording, then ten."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = make_film(folder)
        with rtmp_server(folder / "nginx") as server, publishing(film, server.rtmp("show")):
            for count in (1, 10):
                (folder / str(count)).mkdir()
                asyncio.run(measure(folder / str(count), server.rtmp("show"), count))


def make_film(folder: Path) -> Path:
    """1080p30 at 6 Mb/s with a keyframe every two seconds, as broadcasters send it."""
    film = folder / "film.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=30", "-f", "lavfi", "-i", "sine=440:sample_rate=48000"]
    rate = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "60", "-b:v", "6M", "-maxrate", "6M", "-bufsize", "6M"]
    run(*picture, "-t", "120", *rate, "-x264-params", "nal-hrd=cbr", "-c:a", "aac", "-b:a", "128k", str(film))
    return film


async def measure(folder: Path, url: str, count: int) -> None:
    """Record so many times beside as many bare copies, and print the row."""
    with ExitStack() as peers:
        bare = [peers.enter_context(copying(url, folder / f"bare{n}.mp4")) for n in range(count)]
        empty_mib = own_mib()
        async with AsyncExitStack() as recordings:
            recorders = [await recordings.enter_async_context(recording(folder / f"rec{n}", url)) for n in range(count)]
            for each in recorders:
                await each.until_s(SETTLE_S)
            captures = captures_of(recorders)
            ours, theirs, own = cpu_s(captures), cpu_s(bare), own_cpu_s()
            await asyncio.sleep(SECONDS)
            ours, theirs, own = cpu_s(captures) - ours, cpu_s(bare) - theirs, own_cpu_s() - own
            memory = [statistics.mean(map(pss_mib, pids)) for pids in (captures, bare)]
            grown_mib = (own_mib() - empty_mib) / count
    share = 100 / SECONDS / count
    print(
        f"{count} recording(s) of 6 Mb/s, each: capture {ours * share:.2f} % of a core, {memory[0]:.1f} MiB PSS; "
        f"bare ffmpeg -c copy {theirs * share:.2f} %, {memory[1]:.1f} MiB; ratio {ours / theirs:.2f}"
    )
    print(f"  the supervisor of each: {own * share:.2f} % of a core, {grown_mib:.1f} MiB")


@contextmanager
def copying(url: str, out: Path) -> Iterator[int]:
    """A bare ffmpeg that records the same; its process id."""
    command = [str(find_ffmpeg().binary), "-nostdin", "-v", "error", "-i", url, "-c", "copy", *PART, str(out)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def captures_of(recorders: Sequence[Recorder]) -> list[int]:
    """The captures of some recordings."""
    folders = [str(each.folder) for each in recorders]
    return [pid for pid in ffmpegs_of(os.getpid()) if any(folder in _command(pid) for folder in folders)]


def cpu_s(pids: Sequence[int]) -> float:
    """Processor time of processes."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def own_cpu_s() -> float:
    """Processor time of this process, in which the supervisors are."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def own_mib() -> float:
    """Memory of this process now."""
    return pss_mib(os.getpid())


def pss_mib(pid: int) -> float:
    """Memory of a process, what it shares divided by those it shares it with."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(text.partition("Pss:")[2].split()[0]) / 1024


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


if __name__ == "__main__":
    main()
