"""Runs of equal numbers, packed: a reel of an hour with reordered frames has as many runs as frames."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import overload


class Runs(Sequence[tuple[int, int]]):
    """``(how many, which value)``, 12 bytes each; neighbours of the same value are one run."""

    def __init__(self) -> None:
        self._counts = array("I")
        self._values = array("q")

    def add(self, count: int, value: int) -> None:
        """Add a value *count* times, at least once."""
        if self._values and self._values[-1] == value:
            self._counts[-1] += count
        else:
            self._counts.append(count)
            self._values.append(value)

    def extend(self, values: Iterable[int]) -> None:
        """Add values one by one."""
        for value, equal in groupby(values):
            self.add(sum(1 for _ in equal), value)

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._counts, self._values, strict=True)

    @overload
    def __getitem__(self, index: int) -> tuple[int, int]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[int, int]]: ...
    def __getitem__(self, index: int | slice) -> tuple[int, int] | list[tuple[int, int]]:
        if isinstance(index, slice):
            return list(zip(self._counts[index], self._values[index], strict=True))
        return self._counts[index], self._values[index]
