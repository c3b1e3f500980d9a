"""Gaps of a recording: what is missing, where, and from what cause."""

from dataclasses import asdict, dataclass
from typing import Any

LEAST_S = 0.05
"""Seconds that a gap must last to be listed: less is what rounded timestamps come to."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing from a recording.

    Attributes:
        start_s: Its place in the recording; it takes no time there, unless something else is shown.
        length_s: Seconds by the source's clock, or by the wall clock where the source began a new one.
        shown: An advertisement is there in place of the programme, and takes as long.
    """

    start_s: float
    length_s: float
    cause: str
    shown: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For JSON; `shown` only where it is true."""
        return {name: value for name, value in asdict(self).items() if name != "shown" or value}


def add_ad(gaps: list[Gap], start_s: float, length_s: float) -> None:
    """Add an advertisement that is shown to the gaps before it: the programme went on without being recorded. One
    that continues another is the same gap."""
    last = gaps[-1] if gaps else None
    if last is not None and last.shown and abs(last.start_s + last.length_s - start_s) < LEAST_S:
        gaps.pop()
        start_s, length_s = last.start_s, start_s + length_s - last.start_s
    gaps.append(Gap(round(start_s, 3), round(length_s, 3), "ad", shown=True))
