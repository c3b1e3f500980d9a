"""What was read a moment ago: bounded in number and age, and forgotten at once when a marker moves."""

from collections import OrderedDict
from typing import Generic, TypeVar

from playhead.kit.marker import Marker

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values with the time at which they were true. No clock of its own.

    Args:
        max_age_s: How long a value may be believed where no marker tells otherwise.
        max_entries: The oldest go first.
        marker: Shared by the processes of a host.
    """

    def __init__(self, *, max_age_s: float, max_entries: int, marker: Marker | None = None) -> None:
        self._entries: OrderedDict[Key, tuple[Value, float]] = OrderedDict()
        self._max_age_s = max_age_s
        self._max_entries = max_entries
        self._marker = marker or Marker()
        self._seen = self._marker.stamp()
        self._generation = 0

    @property
    def generation(self) -> int:
        """Grows whenever all is forgotten; read it before a query, and hand it to `put` with the answer."""
        self._follow()
        return self._generation

    def get(self, key: Key, now: float) -> Value | None:
        """A value that is young enough; None when nothing is known.

        Args:
            now: Seconds, of the clock that `put` was given.
        """
        self._follow()
        entry = self._entries.get(key)
        if entry is None:
            return None
        if not 0 <= now - entry[1] < self._max_age_s:
            del self._entries[key]
            return None
        return entry[0]

    def put(self, key: Key, value: Value, *, now: float, generation: int) -> None:
        """Remember a value, unless something was taken back since *generation* was read."""
        if generation != self.generation:
            return
        self._entries[key] = value, now
        self._entries.move_to_end(key)
        while len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Forget one value, here alone."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget everything, here and in the other processes of this host."""
        self._forget()
        self._marker.touch()
        self._seen = self._marker.stamp()

    def _follow(self) -> None:
        stamp = self._marker.stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._forget()

    def _forget(self) -> None:
        self._entries.clear()
        self._generation += 1
