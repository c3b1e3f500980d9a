"""The part of an HLS capture: its manifest, and which of the segments that were fed are whole in it."""

from collections import deque
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from playhead.live.capture.capture import Ended
from playhead.live.capture.continuity import Place, after_break, break_between, unwrapped
from playhead.live.capture.muxer import Input
from playhead.live.capture.spool import Spool, Spooled
from playhead.live.parts import Cause, PartManifest, manifests_in
from playhead.media.first_time import WRAP_S
from playhead.media.mp4.growing import GrowingFile

NEAR_WRAP_S = 60.0
"""Seconds before the clock begins again at 0 in which ffmpeg, when it starts there, counts from below 0."""


class HlsPart:
    """The part that is written: its manifest, and which of the segments that were fed are whole in it.

    Attributes:
        last: The segment that was fed last; before the first, the one where the capture before ended.
    """

    last: Place

    def __init__(self, folder: Path, manifest: PartManifest) -> None:
        self.path = folder / f"{manifest.capture_id}.mp4"
        self._folder = folder
        earlier = [each for each in manifests_in(folder, manifest.lane) if each.capture_id != manifest.capture_id]
        self._before = earlier[-1] if earlier else None
        self._place = _place(self._before)
        self._manifest = manifest.but(place=asdict(self._place) if self._place else None)
        self.spool = Spool(folder, manifest.lane, "main")
        self.audio = Spool(folder, manifest.lane, "audio")
        self._fed: deque[Place] = deque()
        self._first_s = 0.0
        self._growing = GrowingFile(self.path)
        if self._place is None:
            self.spool.clear()
            self.audio.clear()

    @property
    def begun(self) -> bool:
        """Whether it has media."""
        return self._manifest.began_at is not None

    @property
    def whole_s(self) -> float:
        """Time of the last segment that is whole in a part."""
        return self._place.time_s if self._place else float("-inf")

    def last_main(self) -> tuple[int, int] | None:
        """Sequence number and discontinuities of the segment that the capture goes on after."""
        return (self._place.sequence, self._place.discontinuity) if self._place else None

    def last_audio(self) -> tuple[int, int] | None:
        """The same of the separate audio: what is spooled may be missing in a part."""
        held = [spooled for sequence in self.audio.held()[:1] if (spooled := self.audio.find(sequence))]
        return (held[0].facts.sequence - 1, held[0].facts.discontinuity) if held else None

    def begin(self, first: Spooled) -> float:
        """Begin with a segment; returns what is added to the times of the source."""
        raw_s = first.time_s or 0.0
        clock, cause, place = self._continued(first, raw_s)
        if self._place is None:
            self._place = _before(place)  # so that one that is killed before any segment is whole is followed, too
        self._manifest = self._manifest.but(
            place=asdict(self._place),
            clock=clock,
            cause=cause,
            began_at=_wall_clock(place.wall_s),
            ad=place.ad,
        )
        self._manifest.write(self._folder)
        self.last, self._first_s = place, place.time_s
        self._fed.append(place)
        return place.time_s - raw_s if first.time_s is not None else 0.0

    def _continued(self, first: Spooled, raw_s: float) -> tuple[str, Cause | None, Place]:
        """Clock, cause of the hole before it, and place of the first segment, after what the last capture left."""
        new, cause = self._placed(first, raw_s), self._manifest.cause
        if self._before is None or self._place is None:
            return self._manifest.capture_id, cause, new
        following = self._placed(first, self._time_of(first, self._place))
        broken = break_between(self._place, following)
        if broken is None:
            return self._before.clock, None, _with_wall(following, self._place)
        clock, place = (self._manifest.capture_id, new) if broken.new_clock else (self._before.clock, following)
        missing = broken.missing
        if not missing:
            place, missing = after_break(place, self._place)
        return clock, (cause or "source") if missing else None, place

    def input(self, spooled: Spooled, shift_s: float) -> Input:
        """How the muxer reads a track."""
        if spooled.facts.init:
            return Input("mp4", shift_s)
        near_wrap = (spooled.time_s or 0.0) > WRAP_S - NEAR_WRAP_S
        return Input("mpegts", shift_s + (WRAP_S if near_wrap else 0.0), spooled.adts)

    def placed(self, spooled: Spooled) -> Place:
        """Where a segment stands on the clock of this part."""
        return self._placed(spooled, self._time_of(spooled, self.last))

    def fed(self, place: Place) -> None:
        """Note that the muxer has a segment, and which ones are whole in the file by now.

        The muxer may hold what it has of a segment until the next one, and audio may come up to a segment late. So a
        segment counts as whole when the file reaches to the second one after it.
        """
        self.last = self._timed(place)
        self._fed.append(self.last)
        self._growing.scan()
        whole: Place | None = None
        while len(self._fed) > 2 and self._fed[2].time_s <= self._growing.end_s:
            whole = self._fed.popleft()
        if whole is not None:
            self._confirm(whole)

    def written(self) -> None:
        """Note that the muxer has written all it had."""
        if self._fed:
            self._confirm(self._fed[-1])
            self._fed.clear()

    def forget(self) -> None:
        """Forget where the source stood: it counts anew. The manifest before says so too, should this part be empty."""
        self.spool.clear()
        self.audio.clear()
        self._manifest = self._manifest.but(place=None)
        if self._before is not None:
            self._before.but(place=None).write(self._folder)

    def close(self, ended: Ended) -> None:
        """Write the end into the manifest; without a part it still names the place for the next capture."""
        self._manifest = self._manifest.but(ended_at=datetime.now(UTC).isoformat(), end=ended.detail)
        self._manifest.write(self._folder)

    def _timed(self, place: Place) -> Place:
        """A segment with the wall time of the part's clock. A guess is late by the time until the segment was seen in
        the playlist, never early, so the earliest of them counts for the whole part."""
        timed = _with_wall(place, self.last)
        if place.wall_s >= timed.wall_s:
            return timed
        first_s = place.wall_s - (place.time_s - self._first_s)
        self._manifest = self._manifest.but(began_at=_wall_clock(first_s))
        return place

    def _confirm(self, place: Place) -> None:
        self._place = place
        self._manifest = self._manifest.but(sequence=place.sequence, place=asdict(place))
        self._manifest.write(self._folder)
        self.spool.drop(place.sequence)

    def _time_of(self, spooled: Spooled, last: Place) -> float:
        if spooled.time_s is None:
            return last.end_s
        return spooled.time_s if spooled.facts.init else unwrapped(spooled.time_s, last.end_s)

    @staticmethod
    def _placed(spooled: Spooled, time_s: float) -> Place:
        return Place(**asdict(spooled.facts), time_s=time_s)


def _before(place: Place) -> Place:
    """Where a segment before the first one would stand."""
    return replace(
        place,
        sequence=place.sequence - 1,
        time_s=place.time_s - place.duration_s,
        wall_s=place.wall_s - place.duration_s,
    )


def _wall_clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _with_wall(place: Place, last: Place) -> Place:
    """A guessed wall time made to run with the clock of the part."""
    return place if place.exact else replace(place, wall_s=last.wall_s + place.time_s - last.time_s)


def _place(manifest: PartManifest | None) -> Place | None:
    """Where a capture ended; a manifest that was damaged begins afresh."""
    try:
        return Place(**manifest.place) if manifest and manifest.place else None
    except TypeError:
        return None
