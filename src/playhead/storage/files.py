"""Single steps on files, each for one call in a thread; they raise plain OSErrors."""

import errno
import fcntl
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from playhead.kit.units import MIB
from playhead.storage.checksum import Hash

_HASH_SPAN = 64 * MIB  # some 50 ms a call, so that a cancellation is heard soon
_PLACE_TRIES = 5


def open_new(path: Path) -> int:
    """Create a file that only we may read, and its folder, if that is missing; fails if the file exists."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        make_folders(path.parent, path.parent.parent)  # one level: a store that was unmounted is not remade
        return os.open(path, flags, 0o600)


def open_regular(path: Path) -> int:
    """Open a file for reading; a link, a folder or a pipe under its name counts as missing."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.ENXIO}:
            raise _missing(path) from error
        raise
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise _missing(path)
    return fd


def open_locked(path: Path, *, create: bool) -> int | None:
    """Open a file for writing and lock it against every other process; None if it is not there.

    Raises:
        BlockingIOError: another holds the lock.
    """
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
    while True:
        try:
            fd = os.open(path, flags)
        except FileNotFoundError:
            if not create:
                return None
            with suppress(FileExistsError):
                os.close(open_new(path))
                fsync_folder(path.parent)
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _still_named(fd, path):
                return fd
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)  # moved or deleted between the open and the lock


def lock_file(fd: int) -> None:
    """Show that a process lives that writes this file; where the file system has no locks, only its age does."""
    with suppress(OSError):
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_unlocked(path: Path) -> bool:
    """Delete a file unless a process holds its lock; whether it is gone now."""
    fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return remove_file(path)
    finally:
        os.close(fd)


def close(opened: list[int]) -> None:
    """Close what was opened, if it came to that."""
    while opened:
        os.close(opened.pop())


def write_at(fd: int, offset: int, chunks: Sequence[bytes], hashed: Hash | None) -> int:
    """Write and hash chunks from an offset on; the offset behind them."""
    data = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    if hashed is not None:
        hashed.update(data)
    rest = memoryview(data)
    while rest:
        done = os.pwrite(fd, rest, offset)
        rest, offset = rest[done:], offset + done
    return offset


def hash_span(fd: int, offset: int, hashed: Hash) -> int:
    """Hash up to 64 MiB of a file from an offset on; how many bytes there were."""
    done = 0
    while done < _HASH_SPAN and (data := os.pread(fd, MIB, offset + done)):
        hashed.update(data)
        done += len(data)
    return done


def copy_span(source: int, target: int, start: int, end: int) -> int:
    """Fill ``[start, end)`` of a file with another, from where the file ends now: up to 64 MiB a call, by the kernel.

    Returns:
        How many bytes were copied; 0 when there is nothing left.
    """
    at = os.fstat(target).st_size
    size = min(_HASH_SPAN, end - at)
    if size <= 0:
        return 0
    try:
        return os.copy_file_range(source, target, size, at - start, at)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}:
            raise
    data = os.pread(source, min(size, MIB), at - start)
    return write_at(target, at, [data], None) - at


def make_folders(folder: Path, root: Path) -> None:
    """Make the folders between a root that exists and a folder, mode 0700, each durable in the one above."""
    if folder == root or folder.is_dir():
        return
    make_folders(folder.parent, root)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        fsync_folder(folder.parent)


def place(source: Path, target: Path, root: Path) -> None:
    """Rename a file to its place below the root, over what was there, durably.

    Raises:
        OSError: EXDEV when the two are on different file systems.
    """
    for tries_left in reversed(range(_PLACE_TRIES)):
        make_folders(target.parent, root)
        try:
            source.replace(target)
            break
        except FileNotFoundError:
            # a concurrent delete may have pruned the empty folder
            if tries_left == 0 or not source.exists():
                raise
    fsync_folder(target.parent)


def remove_file(path: Path) -> bool:
    """Delete a file; whether it existed."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    return True


def prune(folder: Path, root: Path) -> None:
    """Delete folders that became empty, upwards, the root excepted."""
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:  # not empty: still in use
            return
        folder = folder.parent


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _still_named(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), path.lstat())
    except FileNotFoundError:
        return False


def _missing(path: Path) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
