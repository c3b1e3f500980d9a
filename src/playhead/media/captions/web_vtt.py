"""WebVTT (W3C). Cue settings, styles and regions are read over: the look is the player's, or the reel's."""

import html
import re
from collections.abc import Iterator, Sequence

from playhead.media.captions.clock import read_time, read_timing, write_time
from playhead.media.captions.errors import CaptionsUnreadable
from playhead.media.captions.limits import checked
from playhead.media.captions.lines import wrapped
from playhead.media.edit.model import Cue, Word

_SAFE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_TAG = re.compile(r"<([^<>\n]{0,200})>")
_BLOCKS = ("NOTE", "STYLE", "REGION")


def read_web_vtt(text: str) -> tuple[Cue, ...]:
    """Read cues; tags are left out, and times within a cue are those of its words.

    Raises:
        CaptionsUnreadable: with the number of the line.
    """
    lines = text.split("\n")
    if lines[0][:6] != "WEBVTT" or lines[0][6:7].strip():
        raise CaptionsUnreadable("a WebVTT file begins with WEBVTT.", line=1)
    return checked(_cues(lines))


def write_web_vtt(cues: Sequence[Cue], *, header: str = "") -> str:
    """Write cues.

    Args:
        header: More lines of the header, such as ``X-TIMESTAMP-MAP`` of HLS.
    """
    blocks = (
        f"{write_time(cue.start_s)} --> {write_time(cue.end_s)}\n{wrapped(cue.text).translate(_SAFE)}\n" for cue in cues
    )
    return "\n".join((f"WEBVTT\n{header}", *blocks))


def _end_of_block(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and lines[at].strip():
        at += 1
    return at


def _cues(lines: Sequence[str]) -> Iterator[Cue]:
    """One after the other, so that the count of a file of tiny ones ends its reading."""
    at = _end_of_block(lines, 0)
    while at < len(lines):
        first = at
        at = _end_of_block(lines, at)
        if first < at and not lines[first].startswith(_BLOCKS):
            yield from _cue(lines[first:at], first)
        at += 1


def _cue(block: Sequence[str], first: int) -> list[Cue]:
    """The cue of a block; none where it has no text."""
    named = 0 if "-->" in block[0] else 1
    line = block[named] if named < len(block) else block[0]
    number = first + min(named, len(block) - 1) + 1
    times = read_timing(line)
    if times is None:
        raise CaptionsUnreadable(
            f"expected times such as 00:01.000 --> 00:02.500, found {line.strip()[:60]!r}.", line=number
        )
    if times[1] <= times[0]:
        raise CaptionsUnreadable(f"this caption ends before it begins: {line.strip()[:60]}", line=number)
    payload = "\n".join(block[named + 1 :])
    text = html.unescape(_TAG.sub("", payload))
    return [Cue(start_s=times[0], end_s=times[1], text=text, words=_words(payload, *times))] if text.strip() else []


def _words(payload: str, start_s: float, end_s: float) -> tuple[Word, ...]:
    """Words between times such as ``<00:01.500>``; none where the cue has no such times."""
    pieces: list[tuple[float, str]] = [(start_s, "")]
    at = 0
    for tag in _TAG.finditer(payload):
        pieces[-1] = (pieces[-1][0], pieces[-1][1] + payload[at : tag.start()])
        at = tag.end()
        if (time_s := read_time(tag[1])) is not None:
            pieces.append((time_s, ""))
    pieces[-1] = (pieces[-1][0], pieces[-1][1] + payload[at:])
    if len(pieces) < 2:
        return ()
    ends = [time_s for time_s, _ in pieces[1:]] + [end_s]
    return tuple(
        Word(start_s=begin, end_s=max(begin, end), text=html.unescape(text).strip())
        for (begin, text), end in zip(pieces, ends, strict=True)
        if text.strip()
    )
