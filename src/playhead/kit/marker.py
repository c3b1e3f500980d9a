"""A file whose time stamp tells every process of a host that something was taken back."""

import contextlib
import os
import time
from pathlib import Path


class Marker:
    """Compared before what is remembered is used; one look costs about 2 us.

    Args:
        path: A file that the processes of the host share; None for one process.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = None if path is None else str(path)

    def stamp(self) -> int:
        """A number that changes with every `touch`, whichever process does it; 0 as long as there was none."""
        if self._path is None:
            return 0
        try:
            return os.stat(self._path).st_mtime_ns  # noqa: PTH116 - a Path costs as much again
        except OSError:
            return 0

    def touch(self) -> None:
        """Tell the others; one that cannot be told notices when what it remembers grows too old."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
            # The kernel's own stamp moves with its timer, some ms at a time: two touches could look like one.
            now = time.time_ns()
            os.utime(self._path, ns=(now, now))
