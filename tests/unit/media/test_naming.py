"""Whatever goes wrong with a file is told with its name."""

from pathlib import Path

import pytest

from playhead.errors import InvalidInput, NotFound, PlayheadError
from playhead.media.errors import COPY_AGAIN, EmptyFile, ProbeFailed
from playhead.media.naming import naming


@pytest.mark.parametrize(
    ("raised", "told", "words"),
    [
        (FileNotFoundError(2, "No such file or directory"), NotFound, "There is no file a.mp4."),
        (IsADirectoryError(21, "Is a directory"), InvalidInput, "a.mp4 is a folder."),
        (PermissionError(13, "Permission denied"), InvalidInput, "a.mp4 cannot be read: Permission denied."),
        (EmptyFile("This file is empty."), EmptyFile, "a.mp4: This file is empty."),
        (ProbeFailed("The reader ended."), ProbeFailed, "a.mp4: The reader ended."),
    ],
)
def test_an_error_is_told_with_the_file(raised: Exception, told: type[PlayheadError], words: str) -> None:
    with pytest.raises(told) as caught, naming(Path("a.mp4")):
        raise raised

    assert (caught.value.detail, str(caught.value)) == (words, words)


def test_what_to_do_stays() -> None:
    """It fits a file on this machine as well as an upload."""
    with pytest.raises(EmptyFile) as caught, naming(Path("a.mp4")):
        raise EmptyFile("This file is empty.", hint=COPY_AGAIN)

    assert caught.value.hint == COPY_AGAIN
