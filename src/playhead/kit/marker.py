"""A file whose modification time invalidates caches in every process of a host."""

import contextlib
import os
import time
from pathlib import Path


class Marker:
    """A shared invalidation marker; reading it costs about 2 us.

    Args:
        path: A file that the processes of the host share; None for one process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = None if path is None else str(path)

    def stamp(self) -> int:
        """A number that changes with every `touch` by any process; 0 before the first."""
        if self._path is None:
            return 0
        try:
            return os.stat(self._path).st_mtime_ns  # noqa: PTH116 - a Path costs as much again
        except OSError:
            return 0

    def touch(self) -> None:
        """Invalidate the caches of all processes; where the file cannot be written, they expire by age."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
            # The kernel's own stamp moves with its timer, some ms at a time: two touches could look like one.
            now = time.time_ns()
            os.utime(self._path, ns=(now, now))
