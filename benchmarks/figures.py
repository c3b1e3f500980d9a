"""Rows of figures: medians, spreads and ratios, since absolute figures hold on no machine."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

RUNS = 3


def paired(ours: Callable[[], float], peer: Callable[[], float], runs: int = RUNS) -> tuple[list[float], list[float]]:
    """Measure A B A B ..., so that a drift of the machine's speed meets both."""
    pairs = [(ours(), peer()) for _ in range(runs)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def show(label: str, ours: Sequence[float], peer: Sequence[float], peer_name: str, unit: str = "s") -> None:
    """Print medians with their spread, and the median of the ratios pair by pair."""
    ratio = statistics.median(a / b for a, b in zip(ours, peer, strict=True))
    print(f"{label}: {_spread(ours, unit)}; {peer_name}: {_spread(peer, unit)}; ratio {ratio:.2f}")


def peak_rss_mib(pid: int) -> float:
    """The most memory that a process has held since the last ``forget_peak``."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def timed(command: Sequence[str], fresh: Path | None = None) -> float:
    """Seconds of a whole process, from its start to its end.

    Args:
        fresh: Its result, taken away before: a file system may write a replaced file to the disk at once.
    """
    if fresh is not None:
        fresh.unlink(missing_ok=True)
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def largest_rss_mib(command: Sequence[str]) -> float:
    """The most memory that one process of a command took: the command itself or any child of it."""
    code = f"import subprocess, resource; subprocess.run({list(command)!r}, check=True, stdout=subprocess.DEVNULL)"
    code += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024


def forget_peak(pid: int) -> None:
    """Start the peak anew (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _spread(values: Sequence[float], unit: str) -> str:
    return f"{statistics.median(values):.2f} {unit} ({min(values):.2f}-{max(values):.2f})"
