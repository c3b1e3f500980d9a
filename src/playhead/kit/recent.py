"""A TTL cache that a marker file invalidates across processes."""

from collections import OrderedDict
from typing import Generic, TypeVar

from playhead.kit.marker import Marker

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Cached values with their age; bounded in number. The caller passes the time.

    Args:
        max_age_s: Time to live of a value, unless the marker ends it earlier.
        max_entries: Bound above which the oldest entries are evicted.
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
        """Number of invalidations; read it before a query and pass it to `put` with the result."""
        self._follow()
        return self._generation

    def get(self, key: Key, now: float) -> Value | None:
        """A fresh value, or None.

        Args:
            now: Seconds, of the clock used with `put`.
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
        """Store a value, unless the cache was cleared since *generation* was read."""
        if generation != self.generation:
            return
        self._entries[key] = value, now
        self._entries.move_to_end(key)
        while len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)

    def drop(self, key: Key) -> None:
        """Drop one value in this process."""
        self._entries.pop(key, None)

    def clear(self) -> None:
        """Clear the cache in all processes of this host."""
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
