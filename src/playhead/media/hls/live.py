"""The playlist of a recording while it grows: an event that keeps everything (RFC 8216 section 4.3.3.5).

Nothing is packaged. A segment is a run of fragments of a part, and a part is one growing file. Segments begin with a
keyframe, but where a GOP lasts longer than the target duration it is divided between fragments. Whatever has been
listed once stays as it is, in every process that reads the same files.

Twelve hours of segments take more than a megabyte, so players that know delta updates (`EXT-X-SKIP`, version 9 in
draft-pantos-hls-rfc8216bis) get only the end of the list.
"""

from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, inf
from typing import NamedTuple

from playhead.kit.clock import rfc3339
from playhead.media.mp4.growing import FragmentList, GrowingFile

SHORTEST_TARGET_S = 2
LONGEST_TARGET_S = 6
"""Bounds of TARGETDURATION, which is the duration of the first GOP and never changes; latency is three times it."""

JUMP_S = 0.5
"""A difference between two fragments by which the clock of a part has jumped."""

NEAR_S = 0.02
"""Two times on one clock are the same: less than a frame."""

SKIP_AFTER = 6
"""Target durations behind the end up to which delta updates skip; the smallest that is allowed."""

REACH_BACK_S = 60.0
"""How far a part may begin before the end of the one before it; if further, its clock is another whatever its name."""

DATE_EVERY = 30
"""Segments between two dates; players count on from the last."""

_QUERY = "\0"
"""Stands for the query of every URI until the text is requested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePart:
    """A part as the playlist lists it.

    Args:
        uri: What the URIs of its header (``{uri}-init.mp4``) and its segments (``{uri}-{first}-{count}.m4s``) begin
            with.
        clock: Timestamps of parts with the same clock compare; those of an empty one compare with no other.
        began_at: Wall clock of its first frame.
    """

    uri: str
    file: GrowingFile
    clock: str
    began_at: datetime

    def date_of(self, start_s: float) -> str:
        """Wall clock of a time on its clock."""
        return rfc3339(self.began_at + timedelta(seconds=start_s - self.file.start_s))


@dataclass(slots=True)
class _Open:
    """The segment that is not complete yet.

    Attributes:
        first: Its first fragment.
        at: The first fragment that was not looked at.
        key: The last keyframe in it besides the first fragment; 0 without.
        gop_s: Duration of the last GOP before.
        fresh: It follows a discontinuity.
        lost: No keyframe has come since a jump: *first* is void.
    """

    part: LivePart
    first: int
    at: int
    key: int = 0
    gop_s: float = 0.0
    fresh: bool = True
    lost: bool = False

    @property
    def fragments(self) -> FragmentList:
        return self.part.file.fragments

    def forget_cut(self) -> None:
        """Forget fragments that were cut off the part's end."""
        self.at = min(self.at, len(self.fragments))
        self.first = min(self.first, self.at)


class _Listed(NamedTuple):
    """One of the last segments, of which parts are listed too."""

    lead: str
    text: str
    part: LivePart
    first: int
    fragments: int


class EventPlaylist:
    """Segments of a recording, added as its files grow.

    Args:
        low_latency: List every fragment as a partial segment, too, near the end.

    Attributes:
        target_s: TARGETDURATION; 0 while it is not known, and with it no segment.
        over: The recording has ended, and all of it is listed.
        lag_s: Seconds for which nothing may be added, as the files come from another host; players stay further behind.
    """

    def __init__(self, *, low_latency: bool = False) -> None:
        self.low_latency = low_latency
        self.target_s = 0
        self.over = False
        self.lag_s = 0.0
        self._part_target_s = 0.0
        self._texts: list[str] = []
        self._durations = array("d")
        self._last: deque[_Listed] = deque(maxlen=3)
        self._open: _Open | None = None
        self._next = 0

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def duration_s(self) -> float:
        """Seconds that are listed."""
        return sum(self._durations)

    def advance(self, parts: Sequence[LivePart], *, over: bool) -> None:
        """Add what the files have more than before.

        Args:
            parts: The parts in the order they began, those of earlier calls first; all but the last have ended.
            over: The last one has ended, too, and no other will follow.
        """
        if self.over:
            return
        if self._open is not None:
            self._open.forget_cut()
        self._take()
        while self._next < len(parts):
            part = parts[self._next]
            entry = self._entry(part)
            if entry is None:
                if self._next == len(parts) - 1:
                    break  # its first keyframe may still come
                self._next += 1
                continue
            self._finish(part, entry)
            self._open, self._next = _Open(part, entry, entry + 1), self._next + 1
            self._take()
        if over:
            self._finish()
            self.over = True

    def has(self, segment: int, part: int = -1) -> bool:
        """Whether a segment is complete, or has a partial segment of this index."""
        if segment < len(self) or self.over:
            return True
        held = self._open
        return segment == len(self) and 0 <= part < (0 if held is None or held.lost else held.at - held.first)

    def text(self, query: str, *, skip: bool = False) -> str:
        """Write the playlist.

        Args:
            query: Of every URI, with its question mark.
            skip: Leave out what a player has that asked for a delta update.
        """
        skipped = self._skippable() if skip and not self.over else 0
        lines = [*self._head(skipped), *self._body(skipped)]
        lines.append("#EXT-X-ENDLIST\n" if self.over else self._hints())
        return "".join(lines).replace(_QUERY, query)

    def _head(self, skipped: int) -> Iterator[str]:
        control = f"CAN-SKIP-UNTIL={SKIP_AFTER * self.target_s}.0,HOLD-BACK={3 * self.target_s + self.lag_s:.1f}"
        yield f"#EXTM3U\n#EXT-X-VERSION:{9 if skipped or self.low_latency else 7}\n"
        yield f"#EXT-X-TARGETDURATION:{self.target_s}\n#EXT-X-PLAYLIST-TYPE:EVENT\n"
        if self.over:
            pass
        elif self.low_latency:
            target_s = self._part_target_s
            yield f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={3 * target_s:.5g},{control}\n"
            yield f"#EXT-X-PART-INF:PART-TARGET={target_s:.5g}\n"
        else:
            yield f"#EXT-X-SERVER-CONTROL:{control}\n"
        yield "#EXT-X-MEDIA-SEQUENCE:0\n"
        if skipped:
            yield f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}\n"

    def _body(self, skipped: int) -> Iterator[str]:
        if not self.low_latency or self.over:
            yield from self._texts[skipped:]
            return
        yield from self._texts[skipped : len(self) - len(self._last)]
        for each in self._last:
            yield each.lead
            yield from _partial_segments(each.part, each.first, each.fragments)
            yield each.text

    def _hints(self) -> str:
        """The partial segments of the open segment, and the one that comes next."""
        held = self._open
        if not self.low_latency or held is None or held.lost:
            return ""
        listed = "".join(_partial_segments(held.part, held.first, held.at - held.first))
        lead = _lead(held, len(self)) if listed else ""
        return f'{lead}{listed}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{held.part.uri}-{held.at}-1.m4s{_QUERY}"\n'

    def _skippable(self) -> int:
        """Segments further from the end than the skip boundary."""
        left_s, count = float(SKIP_AFTER * self.target_s), len(self)
        while count and left_s > 0:
            count -= 1
            left_s -= self._durations[count]
        return count

    def _entry(self, part: LivePart) -> int | None:
        """The first fragment of a part that is listed: its first keyframe behind what was listed of the part before."""
        fragments, least_s, before = part.file.fragments, -inf, self._open
        if before is not None and _compare(before.part, part):
            place = min(before.at - 1 if before.lost else before.first, len(before.fragments) - 1)
            least_s = before.fragments.starts_s[place] - NEAR_S if place >= 0 else -inf
        keyframes = (index for index in range(len(fragments)) if fragments.keyframes[index])
        return next((index for index in keyframes if fragments.starts_s[index] >= least_s), None)

    def _finish(self, following: LivePart | None = None, entry: int = 0) -> None:
        """List the rest of the open segment, up to where the next part goes on with the same clock."""
        held = self._open
        if held is None or held.first >= len(held.fragments):
            return
        self._decide_target(held, ended=True)
        self._take()
        fragments, until = held.fragments, held.at
        if following is not None and _compare(held.part, following):
            end_s = following.file.fragments.starts_s[entry] + NEAR_S
            while until > held.first and fragments[until - 1].end_s > end_s:
                until -= 1
        if until > held.first and not held.lost:
            self._close(held, until)

    def _take(self) -> None:
        """Go through the new fragments of the open part and list the segments that they complete."""
        held = self._open
        if held is None or not self._decide_target(held, ended=False):
            return
        while held.at < len(held.fragments):
            self._judge(held)
            held.at += 1

    def _judge(self, held: _Open) -> None:
        fragments, at = held.fragments, held.at
        start_s, is_key = fragments.starts_s[at], bool(fragments.keyframes[at])
        if held.lost:
            if is_key:
                held.first, held.key, held.lost = at, 0, False
            return
        if abs(start_s - _end_s(fragments, at)) > JUMP_S:
            self._close(held, at)
            held.first, held.key, held.fresh, held.lost = at, 0, True, not is_key
            return
        if is_key:
            gop = held.key or held.first
            held.gop_s, held.key = start_s - fragments.starts_s[gop], at
            if start_s - fragments.starts_s[held.first] + held.gop_s >= self.target_s + 0.5:
                self._close(held, at)
                return
        while at > held.first and fragments[at].end_s - fragments.starts_s[held.first] >= self.target_s + 0.5:
            self._close(held, held.key or at)

    def _close(self, held: _Open, until: int) -> None:
        """List the fragments up to *until* as a segment, and begin the next one there."""
        fragments, first = held.fragments, held.first
        duration_s = _end_s(fragments, until) - fragments.starts_s[first]
        lead = _lead(held, len(self))
        text = f"#EXTINF:{duration_s:.6g},\n{held.part.uri}-{first}-{until - first}.m4s{_QUERY}\n"
        self._texts.append(lead + text)
        self._durations.append(duration_s)
        self._last.append(_Listed(lead, text, held.part, first, until - first))
        held.first, held.fresh = until, False
        held.key = held.key if held.key > until else 0

    def _decide_target(self, held: _Open, *, ended: bool) -> bool:
        """Fix the target durations by the first GOP; False while that is not complete."""
        if self.target_s:
            return True
        fragments = held.fragments
        if held.first >= len(fragments):
            return False
        seen = range(held.first + 1, len(fragments))
        end = next((index for index in seen if fragments.keyframes[index]), None)
        covered_s = fragments[-1].end_s - fragments.starts_s[held.first]
        if end is None and covered_s < LONGEST_TARGET_S and not ended:
            return False
        gop_s = covered_s if end is None else fragments.starts_s[end] - fragments.starts_s[held.first]
        longest_s = max(fragments.durations_s[held.first : end])
        wanted_s = max(min(gop_s, LONGEST_TARGET_S), longest_s, SHORTEST_TARGET_S)
        self.target_s = floor(wanted_s + 0.5)
        self._part_target_s = ceil(10 * longest_s - NEAR_S) / 10
        return True


def _compare(part: LivePart, following: LivePart) -> bool:
    """Whether the times of two parts are of one clock."""
    is_near = following.file.start_s > part.file.end_s - REACH_BACK_S
    return part.clock != "" and part.clock == following.clock and is_near


def _end_s(fragments: FragmentList, until: int) -> float:
    """End of the fragment before *until*: where the next one begins, if that follows at once."""
    last = fragments[until - 1]
    if until < len(fragments) and abs(fragments.starts_s[until] - last.end_s) <= JUMP_S:
        return fragments.starts_s[until]
    return last.end_s


def _lead(held: _Open, number: int) -> str:
    """What precedes a segment: at a discontinuity the new header, and now and then the date."""
    lines = ""
    if held.fresh:
        lines = "#EXT-X-DISCONTINUITY\n" if number else ""
        lines += f'#EXT-X-MAP:URI="{held.part.uri}-init.mp4{_QUERY}"\n'
    if held.fresh or number % DATE_EVERY == 0:
        lines += f"#EXT-X-PROGRAM-DATE-TIME:{held.part.date_of(held.fragments.starts_s[held.first])}\n"
    return lines


def _partial_segments(part: LivePart, first: int, count: int) -> Iterator[str]:
    fragments = part.file.fragments
    for index in range(first, first + count):
        independent = ",INDEPENDENT=YES" if fragments.keyframes[index] else ""
        duration_s = _end_s(fragments, index + 1) - fragments.starts_s[index]
        yield f'#EXT-X-PART:DURATION={duration_s:.6g},URI="{part.uri}-{index}-1.m4s{_QUERY}"{independent}\n'
