"""Files of a folder, found and opened without following a link: nothing outside of it is ever read or removed."""

import fcntl
import hashlib
import os
import signal
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from playhead.media.sniff import HEAD_BYTES, sniff

MOST_FILES: Final = 10_000
"""Files of a folder that one look takes in: about 0.1 s of work."""

MAX_DEPTH: Final = 16
MAX_NAME: Final = 1_000

_PARTIAL: Final = (
    *(".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".opdownload", ".filepart", ".!qb", ".!ut"),
    *(".aria2", ".swp", ".lock", ".upload", ".incomplete", "~"),
)
"""Endings of files that a program is still writing, in lower case."""

_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OPEN_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Identity(NamedTuple):
    """What tells a file from the one that is there under its name later.

    Attributes:
        inode: Its number, without that of the device, which is another after a restart and on another host.
    """

    inode: str
    size_bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> "Identity":
        """From the facts that the file system has."""
        return cls(str(found.st_ino), found.st_size, found.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file by its path within a folder."""

    name: str
    identity: Identity


@dataclass(frozen=True, slots=True)
class Look:
    """The files of a folder; ``truncated`` when there are more than `MOST_FILES`."""

    entries: Sequence[Entry]
    truncated: bool


def look(folder: Path, most: int = MOST_FILES) -> Look:
    """Find the regular files of a folder and its subfolders, by name.

    Hidden, partial and temporary ones are left out, and so is whatever is behind a symbolic link.

    Raises:
        OSError: the folder itself cannot be read.
    """
    entries: list[Entry] = []
    with _opened_folder(folder) as top:
        for entry in _walk(top, "", 0):
            if len(entries) == most:
                return Look(entries, truncated=True)
            entries.append(entry)
    return Look(entries, truncated=False)


@contextmanager
def opened(folder: Path, name: str) -> Iterator[int]:
    """Open a file of a folder for reading; its descriptor.

    Raises:
        OSError: it is gone, cannot be read, or is behind a link.
    """
    with _parent(folder, name) as (parent, last):
        file = os.open(last, _OPEN, dir_fd=parent)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError("it is not a regular file")
        yield file
    finally:
        os.close(file)


def remove(folder: Path, name: str, identity: Identity) -> bool:
    """Remove a file if it is still the same; whether it is gone.

    Raises:
        OSError: it may not be removed.
    """
    with suppress(FileNotFoundError), _parent(folder, name) as (parent, last):
        if Identity.of(os.stat(last, dir_fd=parent, follow_symlinks=False)) != identity:
            return False
        os.unlink(last, dir_fd=parent)
    return True


def is_being_written(file: int) -> bool:
    """Whether a program on this host has an open file open for writing. False where the system does not say.

    A read lease is refused then (fcntl(2), F_SETLEASE): for files that are ours or for root, on local file systems.
    """
    try:
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)  # ignored, when a writer comes while the lease is held
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except (OSError, AttributeError):
        return False
    with suppress(OSError):
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def require_video(file: int) -> None:
    """Refuse an open file that is none by its first bytes.

    Raises:
        NotAVideo, EmptyFile
    """
    sniff(os.pread(file, HEAD_BYTES, 0))


def key_of(folder: str, name: str) -> str:
    """Key of a file's row."""
    return hashlib.sha256(f"{folder}\0{name}".encode("utf-8", "surrogateescape")).hexdigest()


def is_left_out(name: str) -> bool:
    """Whether a file or folder is hidden, partial or temporary by its name."""
    return name.startswith((".", "~", "#")) or name.lower().endswith(_PARTIAL)


def _walk(folder: int, prefix: str, depth: int) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if is_left_out(entry.name) or len(prefix) + len(entry.name) > MAX_NAME:
            continue
        with suppress(OSError):  # gone, or a subfolder that may not be read
            if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                inner = os.open(entry.name, _OPEN_FOLDER, dir_fd=folder)
                try:
                    yield from _walk(inner, f"{prefix}{entry.name}/", depth + 1)
                finally:
                    os.close(inner)
            elif entry.is_file(follow_symlinks=False):
                identity = Identity.of(entry.stat(follow_symlinks=False))
                yield Entry(prefix + entry.name, identity)


@contextmanager
def _opened_folder(folder: Path) -> Iterator[int]:
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)  # the operator may have named a link
    try:
        yield top
    finally:
        os.close(top)


@contextmanager
def _parent(folder: Path, name: str) -> Iterator[tuple[int, str]]:
    """The open folder that a file is in, and the file's last name."""
    *above, last = name.split("/")
    if not last or any(part in ("", ".", "..") for part in (*above, last)):
        raise OSError(f"{name!r} is not a path within the folder")
    with ExitStack() as stack:
        here = stack.enter_context(_opened_folder(folder))
        for part in above:
            here = os.open(part, _OPEN_FOLDER, dir_fd=here)
            stack.callback(os.close, here)
        yield here, last
