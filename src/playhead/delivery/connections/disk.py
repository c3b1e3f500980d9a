"""Reading files without holding the loop: what is in the page cache at once, the rest in threads."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from playhead.kit.units import KIB, MIB

READ_AHEAD = 4 * MIB
"""What the kernel is asked to fetch when the next bytes are not in memory."""

READ_STEP = 128 * KIB
"""The kernel's usual unit of reading ahead: bytes within one are in memory together, or not."""

threads = ThreadPoolExecutor(8, thread_name_prefix="media-disk")
"""Its own threads: a slow disk must not hold up password hashing, nor the other way round."""

_NOWAIT: int | None = getattr(os, "RWF_NOWAIT", None) if sys.platform == "linux" else None
_byte = [bytearray(1)]


def in_memory(fd: int, offset: int, count: int, step: int) -> bool:
    """Tell whether ``[offset, offset + count)`` can be sent without waiting for the disk; one byte each *step* is
    tried. True where the file system cannot tell: then it is sent as other servers do."""
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
    """Fill a buffer with what of a file is in memory; how much was filled, None when the disk must be asked for all."""
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
