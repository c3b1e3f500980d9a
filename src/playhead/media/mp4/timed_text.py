"""Caption track of an MP4: 3GPP timed text (``tx3g``, TS 26.245), which QuickTime, iOS, VLC and FFmpeg show.

Samples follow each other without gaps; where nothing is said there is an empty one. What is shown at the same time is
one sample with a line for each cue.
"""

import struct
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from playhead.kit.languages import three_letters
from playhead.media.edit.model import Cue
from playhead.media.mp4.boxes import box
from playhead.media.mp4.write import TrackTables, runs_of

TIMESCALE: Final = 1000
_FONT: Final = b"Sans-Serif"
_MOST_BYTES: Final = 65_000
_SHARE: Final = 0.15
"""Of the frame's height that the text box takes."""


@dataclass(frozen=True, slots=True)
class SoftTrack:
    """A caption track to be put into a file.

    Attributes:
        media: Its bytes, one chunk; they go where `tables` is told.
        shown: Whether players show it without being asked.
    """

    media: bytes
    sizes: tuple[int, ...]
    durations: tuple[int, ...]
    language: str
    width: int
    height: int
    shown: bool = True

    def tables(self, place: int) -> TrackTables:
        """Tables of the track.

        Args:
            place: Offset of its bytes from the first byte of media.
        """
        return TrackTables(
            kind="text",
            timescale=TIMESCALE,
            entry=_entry(self.width, self.height),
            durations=runs_of(self.durations),
            sizes=array("I", self.sizes),
            chunk_offsets=array("Q", [place]),
            chunk_counts=array("I", [len(self.sizes)]),
            duration=sum(self.durations),
            width=self.width,
            height=self.height,
            language=self.language,
            enabled=self.shown,
        )


def soft_track(
    cues: Sequence[Cue], language: str, *, duration_s: float, width: int, height: int, shown: bool = True
) -> SoftTrack:
    """Make a caption track.

    Args:
        cues: On the file's clock; what is behind its end is left out.
        language: BCP 47 tag; the file keeps ISO 639-2.
        duration_s: Of the file.
        width, height: Of its video.
        shown: Whether players show it without being asked.
    """
    end = max(1, round(duration_s * TIMESCALE))
    spans = [(round(cue.start_s * TIMESCALE), min(end, round(cue.end_s * TIMESCALE)), cue.text) for cue in cues]
    edges = sorted({0, end, *(edge for start, stop, _ in spans if start < stop for edge in (start, stop))})
    samples = [_sample(texts) for texts in _shown(spans, edges[:-1])]
    durations = tuple(after - at for at, after in pairwise(edges))
    sizes = tuple(map(len, samples))
    return SoftTrack(b"".join(samples), sizes, durations, three_letters(language), width, height, shown)


def _shown(spans: Sequence[tuple[int, int, str]], edges: Sequence[int]) -> Iterator[list[str]]:
    """The texts that are shown from each edge on; edges ascend."""
    waiting = deque(sorted(spans, key=lambda span: span[0]))
    shown: list[tuple[int, int, str]] = []
    for at in edges:
        while waiting and waiting[0][0] <= at:
            shown.append(waiting.popleft())
        shown = [span for span in shown if span[1] > at]
        yield [text for _, _, text in shown]


def _sample(texts: Sequence[str]) -> bytes:
    text = "\n".join(texts).encode()[:_MOST_BYTES].decode(errors="ignore").encode()
    return struct.pack(">H", len(text)) + text


def _entry(width: int, height: int) -> bytes:
    """Sample entry: centred at the bottom of a box over the lower part of the frame, white on black."""
    tall = round(height * _SHARE)
    shown = struct.pack(">Ibb4B", 0, 1, -1, 0, 0, 0, 0)
    text_box = struct.pack(">4H", 0, 0, min(tall, 0xFFFF), min(width, 0xFFFF))
    style = struct.pack(">HHHBB4B", 0, 0, 1, 0, max(8, min(255, round(height * 0.05))), 255, 255, 255, 255)
    fonts = box(b"ftab", struct.pack(">HHB", 1, 1, len(_FONT)), _FONT)
    return box(b"tx3g", bytes(6), struct.pack(">H", 1), shown, text_box, style, fonts)
