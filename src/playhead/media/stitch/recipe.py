"""What the media of a reel is made of: spans of files and some bytes of our own, one after another."""

from array import array
from collections.abc import Iterator

OWN = -1
"""In place of a file's number: bytes that no file holds."""


class Recipe:
    """A list of parts; spans that follow each other in one file become one. 20 bytes a part.

    Attributes:
        size: Of all parts together.
    """

    def __init__(self) -> None:
        self.size = 0
        self._files = array("i")
        self._starts = array("Q")
        self._lengths = array("Q")
        self._own: list[bytes] = []
        self._numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._files)

    def span(self, file: int, start: int, length: int) -> None:
        """Add bytes of a file, given by its number."""
        self.size += length
        if self._files and self._files[-1] == file and self._starts[-1] + self._lengths[-1] == start:
            self._lengths[-1] += length
            return
        self._add(file, start, length)

    def own(self, content: bytes) -> None:
        """Add bytes of our own; the same again and again cost nothing."""
        self.size += len(content)
        number = self._numbers.get(content)
        if number is None:
            number = self._numbers[content] = len(self._own)
            self._own.append(content)
        if self._files and self._files[-1] == OWN and self._starts[-1] == number:
            self._lengths[-1] += len(content)
            return
        self._add(OWN, number, len(content))

    def _add(self, file: int, start: int, length: int) -> None:
        self._files.append(file)
        self._starts.append(start)
        self._lengths.append(length)

    def __iter__(self) -> Iterator[tuple[int, int, int] | bytes]:
        """Go over the parts: ``(file, start, length)`` or bytes."""
        for file, start, length in zip(self._files, self._starts, self._lengths, strict=True):
            if file == OWN:
                content = self._own[start]
                yield content * (length // len(content))
            else:
                yield file, start, length
