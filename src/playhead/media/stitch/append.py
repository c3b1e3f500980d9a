"""Copy spans of files to the end of another, in the kernel where it can."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from playhead.kit.units import MIB
from playhead.media.errors import DiskFull
from playhead.media.stitch.parts import PartUnfit

Told = Callable[[int], None]
"""Told how many bytes were written; may raise, which ends the work."""

STEP = 16 * MIB
"""Copied at once: a hundredth of a second, so that an end is noticed."""

_BLOCK = 1 * MIB
_NOT_HERE = frozenset((errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM))
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT))
_OPEN = 2


class Appender:
    """Writes one file. At most two others are open at a time: the pictures and the sound of a clip.

    Args:
        files: By number.
        told: After every step.
    """

    def __init__(self, out: Path, files: Sequence[Path], told: Told | None = None) -> None:
        self._files = files
        self._told = told
        self._open: dict[int, int] = {}
        self._in_kernel = hasattr(os, "copy_file_range")
        self._buffer = bytearray()
        self._out = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)

    def own(self, content: bytes) -> None:
        """Append bytes.

        Raises:
            DiskFull: there is no room for them.
        """
        self._write(memoryview(content))
        self._tell(len(content))

    def span(self, number: int, start: int, length: int) -> None:
        """Append a span of a file.

        Raises:
            DiskFull: there is no room for it.
            PartUnfit: the file has become shorter.
        """
        source = self._source(number)
        while length:
            done = self._copy(source, start, min(length, STEP))
            if not done:
                raise PartUnfit(f"{self._files[number].name} ends at byte {start}, {length} bytes early.")
            start += done
            length -= done
            self._tell(done)

    def _copy(self, source: int, start: int, length: int) -> int:
        if self._in_kernel:
            try:
                return os.copy_file_range(source, self._out, length, start)
            except OSError as error:
                if error.errno in _NO_ROOM:
                    raise _full() from error
                if error.errno not in _NOT_HERE:
                    raise
                self._in_kernel = False
        self._buffer = self._buffer or bytearray(_BLOCK)
        view = memoryview(self._buffer)[: min(length, _BLOCK)]
        done = os.preadv(source, [view], start)
        self._write(view[:done])
        return done

    def _write(self, content: memoryview) -> None:
        try:
            while content:
                content = content[os.write(self._out, content) :]
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise _full() from error
            raise

    def _source(self, number: int) -> int:
        found = self._open.pop(number, None)
        if found is None:
            if len(self._open) == _OPEN:
                os.close(self._open.pop(next(iter(self._open))))
            found = os.open(self._files[number], os.O_RDONLY | os.O_CLOEXEC)
        self._open[number] = found
        return found

    def _tell(self, done: int) -> None:
        if self._told is not None:
            self._told(done)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for descriptor in (self._out, *self._open.values()):
            os.close(descriptor)
        self._open.clear()


def _full() -> DiskFull:
    return DiskFull("Putting the clips together: no space is left on the disk", hint="Free some space, then try again.")
