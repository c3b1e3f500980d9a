"""Bytes from file to file, by the kernel where it can."""

import errno
import os

_PIECE = 1 << 30
_BUFFER = 1 << 20
_UNABLE = frozenset((errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM, errno.ETXTBSY))


def copy_span(source: int, target: int, offset: int, size: int) -> None:
    """Copy a span of a file to where the target's cursor stands.

    Args:
        source, target: Descriptors; the source's cursor is left alone.

    Raises:
        EOFError: the source ends before the span does.
    """
    if hasattr(os, "copy_file_range"):
        done = _by_kernel(source, target, offset, size)
        offset, size = offset + done, size - done
    while size > 0:
        piece = os.pread(source, min(size, _BUFFER), offset)
        if not piece:
            raise EOFError(f"The file ends {size} bytes early, at byte {offset}.")
        write_all(target, piece)
        offset += len(piece)
        size -= len(piece)


def write_all(target: int, content: bytes | memoryview) -> None:
    """Write all bytes where the cursor stands, in as many calls as it takes."""
    view = memoryview(content)
    while view:
        view = view[os.write(target, view) :]


def _by_kernel(source: int, target: int, offset: int, size: int) -> int:
    """How many bytes the kernel copied before it could not go on: file systems may be unable to."""
    done = 0
    while done < size:
        try:
            copied = os.copy_file_range(source, target, min(size - done, _PIECE), offset + done)
        except OSError as error:
            if error.errno in _UNABLE:
                break
            raise
        if not copied:
            break
        done += copied
    return done
