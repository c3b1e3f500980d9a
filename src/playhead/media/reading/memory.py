"""Memory use of a program of `reading`, where the kernel limits it and where it does not."""

import json
import os
import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path

MOST_BYTES = 512 << 20
"""Where no kernel limits one process for another, as on macOS, the program watches itself."""

_STATUS = Path("/proc/self/status")
_NEARLY = 0.8
_LOOK_S = 0.05


def peak_bytes() -> int:
    """The most memory that this program has had at once."""
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    # On Linux that figure includes what its parent had when it forked.
    lines = _STATUS.read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def ran_out() -> bool:
    """Whether it came so near to its limit that what failed, failed for lack of memory."""
    soft = resource.getrlimit(resource.RLIMIT_DATA)[0]
    return peak_bytes() > _NEARLY * (MOST_BYTES if soft == resource.RLIM_INFINITY else soft)


def watch(most: int = MOST_BYTES, peak: Callable[[], int] = peak_bytes) -> None:
    """End this process with the problem ``memory`` once it has taken more; libav lets other threads run meanwhile."""

    def look() -> None:
        while peak() <= most:
            time.sleep(_LOOK_S)
        os.write(1, json.dumps({"problem": "memory"}).encode())
        os._exit(0)

    threading.Thread(target=look, daemon=True, name="memory").start()
