"""Where a stitched file goes: checked before any work, in a folder of its own meanwhile, whole or not at all."""

import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playhead.errors import Conflict, InvalidInput
from playhead.media.errors import DiskFull

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def check_out(sources: Sequence[Path], out: Path, *, force: bool) -> None:
    """See that a result has a place.

    Args:
        force: A file that is there already may be replaced.

    Raises:
        InvalidInput: the folder is not there, or the name is a folder's.
        Conflict: the file is there already, or is one of the sources.
    """
    if not out.parent.is_dir():
        raise InvalidInput(f"There is no folder {out.parent} to write {out.name} into.")
    if out.is_dir():
        raise InvalidInput(f"{out} is a folder.", hint="Name a file in it.")
    if not out.exists():
        return
    if any(source.exists() and source.samefile(out) for source in sources):
        raise Conflict(f"{out} is what is read, and would be overwritten.", hint="Write to another file.")
    if not force:
        raise _there(out)


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """While a result is written, have what goes wrong say which one it is.

    Raises:
        DiskFull: there is no room.
        InvalidInput: it cannot be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"There is no room for {out}.", hint="Free some space, then try again.") from error
        raise InvalidInput(f"{out} cannot be written: {error.strerror or error}.") from error


@contextmanager
def work_folder(out: Path, work: Path | None) -> Iterator[Path]:
    """A new folder for pieces and for the result while it grows; nothing of it stays.

    Args:
        work: Where to put it; beside *out* without it, on whose disk there must be room anyway.

    Raises:
        DiskFull: there is no room.
        InvalidInput: the folder cannot be written to.
    """
    with writing(out), tempfile.TemporaryDirectory(dir=work or out.parent, prefix=f".{out.name}.") as name:
        yield Path(name).absolute()


def publish(made: Path, out: Path, *, force: bool) -> None:
    """Give a finished file its name in one step.

    Raises:
        Conflict: another file has taken the name meanwhile.
        OSError: *out* is on another disk than *made*.
    """
    if force:
        made.replace(out)
        return
    try:
        os.link(made, out)
    except FileExistsError:
        raise _there(out) from None
    except PermissionError:  # a file system without hard links
        made.rename(out)


def _there(out: Path) -> Conflict:
    return Conflict(f"{out} is there already.", hint="Say --force to replace it.")
