"""Errors about a local file, each of which begins with its path."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhead.errors import InvalidInput, NotFound, PlayheadError
from playhead.media.errors import ProbeFailed, UnreadableVideo


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """A context in which errors about a file begin with its path.

    Raises:
        NotFound, InvalidInput: the file does not exist or cannot be opened.
        UnreadableVideo, ProbeFailed: as they came; the sentence begins with the file.
    """
    try:
        yield
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise InvalidInput(f"{path} is a folder.", hint="Name a file in it.") from None
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}.") from error
    except (UnreadableVideo, ProbeFailed) as error:
        raise named(error, path) from error.__cause__


def named(error: PlayheadError, path: Path) -> PlayheadError:
    """The same error, whose sentence begins with a file."""
    error.detail = f"{path}: {error.detail}"
    error.args = (error.detail,)
    return error
