"""File reads that never block the loop: from the page cache at once, from the disk in threads."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from playhead.kit.units import KIB, MIB

READ_AHEAD = 4 * MIB
"""Bytes that the kernel is asked to fetch when the next ones are not in memory."""

READ_STEP = 128 * KIB
"""The kernel's usual unit of reading ahead: bytes within one are in memory together, or not."""

threads = ThreadPoolExecutor(8, thread_name_prefix="media-disk")
"""A separate pool: a slow disk must not delay password hashing, nor the other way round."""

_NOWAIT: int | None = getattr(os, "RWF_NOWAIT", None) if sys.platform == "linux" else None
_byte = [bytearray(1)]


def in_memory(fd: int, offset: int, count: int, step: int) -> bool:
    """Whether ``[offset, offset + count)`` can be sent without waiting for the disk, by one byte every *step*.

    True where the file system cannot tell: then it is sent as other servers do."""
    if _NOWAIT is None:
        return True
    try:
        for at in (*range(offset, offset + count, step), offset + count - 1):
            os.preadv(fd, _byte, at, _NOWAIT)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def read_in_memory(fd: int, offset: int, count: int) -> bytes | None:
    """Read up to *count* bytes when that does not wait for the disk, else None."""
    data = bytearray(count)
    got = copy_in_memory(fd, memoryview(data), offset)
    return bytes(data[:got]) if got in (count, 0) else None


def copy_in_memory(fd: int, into: memoryview, offset: int) -> int | None:
    """Fill a buffer with bytes of a file that are in memory; their number, or None when none are."""
    try:
        return os.preadv(fd, [into], offset, _NOWAIT or 0)
    except BlockingIOError:
        return None
    except OSError:  # the file system cannot tell
        return os.preadv(fd, [into], offset)


def read_ahead(fd: int, offset: int, count: int) -> None:
    """Bring ``[offset, offset + count)`` into memory, and have the kernel fetch what follows. Waits: for a thread."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(fd, offset, READ_AHEAD, os.POSIX_FADV_WILLNEED)
    end = offset + count
    while offset < end and (data := os.pread(fd, min(MIB, end - offset), offset)):
        offset += len(data)
