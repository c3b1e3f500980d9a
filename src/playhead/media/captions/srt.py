"""SubRip (SRT): numbered blocks of times and text. There is no standard; what players take is taken."""

import re
from collections.abc import Iterator, Sequence

from playhead.media.captions.clock import read_timing, write_time
from playhead.media.captions.errors import CaptionsUnreadable
from playhead.media.captions.limits import checked
from playhead.media.captions.lines import wrapped
from playhead.media.edit.model import Cue

_TAGS = re.compile(r"</?(?:b|i|u|s|font|ruby|rt)(?:\s[^<>]{0,200})?>|\{\\[^{}]{0,200}\}", re.IGNORECASE)


def read_srt(text: str) -> tuple[Cue, ...]:
    """Read cues; tags such as ``<i>`` and ``{\\an8}`` are left out.

    Raises:
        CaptionsUnreadable: with the number of the line.
    """
    return checked(_cues(text.split("\n")))


def write_srt(cues: Sequence[Cue]) -> str:
    """Write cues."""
    blocks = (
        f"{number}\n{write_time(cue.start_s, ',')} --> {write_time(cue.end_s, ',')}\n{wrapped(cue.text)}\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(blocks)


def _cues(lines: Sequence[str]) -> Iterator[Cue]:
    """One after the other, so that the count of a file of tiny ones ends its reading."""
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        if "-->" not in lines[at] and at + 1 < len(lines) and "-->" in lines[at + 1]:
            at += 1  # the number of the block
        start_s, end_s = _timing(lines[at], at + 1)
        first = at = at + 1
        while at < len(lines) and lines[at].strip():
            at += 1
        yield Cue(start_s=start_s, end_s=end_s, text=_TAGS.sub("", "\n".join(lines[first:at])))


def _timing(line: str, number: int) -> tuple[float, float]:
    times = read_timing(line)
    if times is None:
        raise CaptionsUnreadable(
            f"expected times such as 00:00:01,000 --> 00:00:02,500, found {line.strip()[:60]!r}.", line=number
        )
    if times[1] <= times[0]:
        raise CaptionsUnreadable(f"this caption ends before it begins: {line.strip()[:60]}", line=number)
    return times
