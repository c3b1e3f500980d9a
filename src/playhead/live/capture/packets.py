"""What the packets of a source say: whether it goes on with other parameters, or on another clock.

ffmpeg copies packets without regard to either, under a header that was written before: pictures of another size cannot
be decoded then, sound of another rate plays too fast, and times that jump back are squeezed together. So a capture
watches its packets (muxer ``framecrc``: stream, dts, pts, duration, size, hash, side data) and ends where one differs.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

JUMP_S: Final = {"audio": 10.0}
LONGEST_GOP_S: Final = 40.0
"""Steps of the source's time that are no pause. Of video only keyframes are seen."""

WINDOW: Final = 48
"""Audio frames, about a second, over which their distance is measured: single times are rounded."""

SAME_RATE, STEADY = 0.03, 0.01
"""44.1 and 48 kHz differ by 9 %. Where frames are lost, windows differ from each other as well."""


@dataclass(slots=True)
class _Stream:
    unit_s: float = 0.001
    kind: str = ""
    last_s: float | None = None
    seen_at: float = 0.0
    packets: int = 0
    window_s: float = 0.0
    step_s: float = 0.0
    steady_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the source.

    Attributes:
        at_s: Time of the first packet that differs, on the source's clock.
        words: What changed.
    """

    at_s: float
    words: str


@dataclass(slots=True)
class PacketWatch:
    """Reads the lines of one capture, in order.

    Attributes:
        change: The first change; None until there is one.
    """

    change: Change | None = None
    _streams: dict[int, _Stream] = field(default_factory=dict)

    def read(self, line: str, now: float) -> Change | None:
        """Read a line.

        Args:
            now: Seconds of a monotonic clock: a step of the source's time in no time is a jump.
        """
        with suppress(ValueError):  # a damaged line says nothing
            if line.startswith("#"):
                self._header(line)
            elif self.change is None:
                self.change = self._packet([word.strip() for word in line.split(",")], now)
        return self.change

    def _header(self, line: str) -> None:
        name, _, rest = line[1:].partition(" ")
        number, _, value = rest.partition(": ")
        if name == "tb" and "/" in value:
            above, _, below = value.partition("/")
            self._stream(number).unit_s = int(above) / int(below)
        elif name == "media_type":
            self._stream(number).kind = value.strip()

    def _stream(self, number: str) -> _Stream:
        return self._streams.setdefault(int(number), _Stream())

    def _packet(self, words: list[str], now: float) -> Change | None:
        if len(words) < 6 or not words[0].isdigit():
            return None
        stream = self._stream(words[0])
        at_s = int(words[1]) * stream.unit_s
        change = self._parameters(stream, words[6:], at_s) or _jump(stream, at_s, now) or _rate(stream, at_s)
        stream.last_s, stream.seen_at = at_s, now
        stream.packets += 1
        return change

    def _parameters(self, stream: _Stream, side: list[str], at_s: float) -> Change | None:
        """A header of the codec that came after the first packet."""
        if stream.packets and any("extradata" in word.lower() for word in side):
            return Change(at_s, f"The source's {stream.kind or 'codec'} parameters changed.")
        return None


def _jump(stream: _Stream, at_s: float, now: float) -> Change | None:
    """A step ahead that took no time. What a server sends at once at the start has ordinary steps."""
    step_s = at_s - (at_s if stream.last_s is None else stream.last_s)
    if step_s < JUMP_S.get(stream.kind, LONGEST_GOP_S) or step_s < 2 * (now - stream.seen_at):
        return None
    return Change(at_s, f"The source's clock jumped ahead by {step_s:.1f} s.")


def _rate(stream: _Stream, at_s: float) -> Change | None:
    """Frames at another distance than before: in MPEG-TS only their own headers say that the rate changed.

    That is seen two windows late. Nothing is cut: the pictures are whole, and the sound before it is as well.
    """
    if stream.kind != "audio" or stream.packets % WINDOW:
        return None
    before_s, stream.step_s = stream.step_s, (at_s - stream.window_s) / WINDOW if stream.packets else 0.0
    stream.window_s = at_s
    if not before_s or abs(stream.step_s / before_s - 1) > STEADY:
        return None
    if stream.steady_s and abs(stream.step_s / stream.steady_s - 1) > SAME_RATE:
        return Change(float("inf"), "The source's sample rate changed.")
    stream.steady_s = stream.step_s
    return None
