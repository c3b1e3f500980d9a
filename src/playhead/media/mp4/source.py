"""Sources of bytes: a descriptor or memory, read at any offset without a cursor."""

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self


class ReadAt(Protocol):
    """A file of known size that can be read anywhere."""

    @property
    def size(self) -> int:
        """In bytes."""
        ...

    def read_at(self, offset: int, size: int) -> bytes:
        """Read *size* bytes; fewer only at the end of the file."""
        ...


class FileBytes:
    """A local file, read with ``pread``: threads may share it.

    Args:
        file: A path, opened here and closed by `close`; or an open descriptor, which stays its owner's.
    """

    def __init__(self, file: Path | str | int) -> None:
        self._own = not isinstance(file, int)
        self.fd = file if isinstance(file, int) else os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        self.size = os.fstat(self.fd).st_size

    def read_at(self, offset: int, size: int) -> bytes:
        """Read *size* bytes; fewer only at the end of the file."""
        parts = []
        while size > 0:
            part = os.pread(self.fd, size, offset)
            if not part:
                break
            parts.append(part)
            offset += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Close what was opened here; a second call has no effect."""
        if self._own:
            self._own = False
            os.close(self.fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class MemoryBytes:
    """A file that is held in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.size = len(content)

    def read_at(self, offset: int, size: int) -> bytes:
        """Read *size* bytes; fewer only at the end of the file."""
        return self._content[offset : offset + size]


class JoinedBytes:
    """Several files, read as if one followed the other: an init and its segments.

    Attributes:
        spans: Half-open ``[start, end)`` of every part in the whole.
    """

    def __init__(self, parts: Sequence[ReadAt]) -> None:
        self._parts = parts
        ends = list(accumulate(part.size for part in parts))
        self.spans = list(zip([0, *ends], ends, strict=False))
        self.size = ends[-1] if ends else 0

    def pieces(self, offset: int, size: int) -> Iterator[tuple[int, int, int]]:
        """Where a span of the whole lies: index of the part, offset in it, how many bytes; fewer only at the end."""
        index = max(0, bisect_right(self.spans, (offset, self.size)) - 1)
        for part, (start, end) in enumerate(self.spans[index:], index):
            if offset < end and size > 0:
                here = min(size, end - offset)
                yield part, offset - start, here
                offset += here
                size -= here

    def read_at(self, offset: int, size: int) -> bytes:
        """Read *size* bytes; fewer only at the end of the last part."""
        return b"".join(self._parts[part].read_at(at, here) for part, at, here in self.pieces(offset, size))
