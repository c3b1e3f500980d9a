"""Reader of FFmpeg's ``framecrc`` format: the presentation time of each decoded frame."""

from array import array


class FrameTimes:
    """Presentation times of one stream, from its lines: stream, dts, pts, duration, size, checksum."""

    def __init__(self) -> None:
        self._scale = (1, 1)
        self._pts = array("q")

    def __len__(self) -> int:
        return len(self._pts)

    def clear(self) -> None:
        """Forget everything, for another run."""
        self._pts = array("q")

    def read(self, line: str, base_s: float = 0.0) -> float | None:
        """Read a line; gives the seconds reached since *base_s* where it is a frame's."""
        if line.startswith("#tb 0:"):
            above, _, below = line[6:].strip().partition("/")
            self._scale = (int(above), int(below))
        parts = line.split(",")
        if line.startswith("#") or len(parts) < 6:
            return None
        self._pts.append(int(parts[2]))
        return self._pts[-1] * self._scale[0] / self._scale[1] - base_s

    def ticks(self, timescale: int) -> "array[int]":
        """All times in ticks, in decoded order."""
        above, below = self._scale
        return array("q", (pts * above * timescale // below for pts in self._pts))

    def seconds(self) -> list[float]:
        """All times in seconds, in decoded order."""
        above, below = self._scale
        return [pts * above / below for pts in self._pts]
