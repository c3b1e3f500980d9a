"""Holds what was rendered to its source: whatever the source shows or sounds must have come out of the decoder."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from playhead.errors import PlayheadError
from playhead.media.stitch.plan import ClipPlan, PicturePiece, ReelFormat

SLACK_S = 1.0
"""A hole that is longer than the source explains by this is a loss; a damaged frame or two are not."""

AUDIBLE_DB, SILENT_DB = -50.0, -75.0
"""Peak levels: what is louder than the one in the source must not be quieter than the other in the reel."""

WINDOW_S = 0.1
"""Levels are measured over this long."""


class ContentLost(PlayheadError):
    """Part of a clip would be missing in the reel: the source could not be decoded there, or not be read in order."""

    code = "content_lost"
    title = "Part of a clip cannot be read"
    status = 422
    fault = "caller"


def check_frames(shown_s: Sequence[float], clip: ClipPlan, piece: PicturePiece, form: ReelFormat) -> None:
    """See that the decoder gave frames for all of a piece.

    Args:
        shown_s: Of all frames that were decoded, from the start of the piece; those before it are below 0.

    Raises:
        ContentLost: for longer than any frame of the source is shown, none came.
    """
    tracks, span_s = clip.tracks, piece.ticks / form.timescale
    if tracks.video_end_s <= 0 or tracks.hold_s <= 0:
        return
    first_s = max(0.0, tracks.video_start_s - piece.start_s)
    last_s = min(span_s, tracks.video_end_s - piece.start_s)
    if last_s <= first_s:
        return
    hole = _longest_hole(shown_s, first_s, last_s)
    if hole[1] - hole[0] > tracks.hold_s + SLACK_S:
        raise ContentLost(_missing("frames", clip, piece.start_s, hole), hint=_HINT)


def _longest_hole(shown_s: Sequence[float], first_s: float, last_s: float) -> tuple[float, float]:
    ordered = sorted(shown_s)
    entry = max(0, bisect_right(ordered, first_s) - 1)
    inside = [max(first_s, at) for at in ordered[entry : bisect_left(ordered, last_s)]]
    return max(pairwise([first_s, *inside, last_s]), key=lambda hole: hole[1] - hole[0])


@dataclass(slots=True)
class Levels:
    """Peak levels by time, as ``astats`` and ``ametadata`` print them.

    Attributes:
        base_s: When the span begins.
        peaks_db: By the number of the window, counted from there.
    """

    base_s: float = 0.0
    peaks_db: dict[int, float] = field(default_factory=dict)
    _at_s: float = 0.0

    @property
    def filters(self) -> str:
        """What makes them, but for where they are printed."""
        stats = "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level"
        return f"{stats},ametadata=mode=print"

    def read(self, line: str) -> None:
        """Take one line."""
        key, _, value = line.strip().rpartition("=")
        if "pts_time:" in line:
            at = line.rpartition("pts_time:")[2].strip()
            self._at_s = self._at_s if at == "NOPTS" else float(at) - self.base_s
        elif key.endswith(".Peak_level"):
            window = round(self._at_s / WINDOW_S)
            self.peaks_db[window] = max(self.near(window, 0), float(value) if value != "nan" else SILENT_DB)

    def near(self, window: int, reach: int = 2) -> float:
        """The highest level around a window; `SILENT_DB` at least."""
        return max(self.peaks_db.get(at, SILENT_DB) for at in range(window - reach, window + reach + 1))


def check_audio(heard: Levels, made: Levels, clip: ClipPlan, start_s: float, span_s: float) -> None:
    """See that the audio of a span is audible where that of its source is, and that its source was read to the end.

    Args:
        heard: Of the decoded source; *made*: of the result.
        start_s: Of the span in the source.

    Raises:
        ContentLost: it is not.
    """
    lost = [window for window, peak in heard.peaks_db.items() if peak > AUDIBLE_DB and made.near(window) <= SILENT_DB]
    lost = [window for window in lost if 0 <= window * WINDOW_S < span_s - WINDOW_S]
    if len(lost) * WINDOW_S > SLACK_S / 2:
        hole = (min(lost) * WINDOW_S, (max(lost) + 1) * WINDOW_S)
        raise ContentLost(_missing("audio", clip, start_s, hole), hint=_HINT)
    tracks = clip.tracks
    first_s, last_s = max(0.0, tracks.audio_start_s - start_s), min(span_s, tracks.audio_end_s - start_s)
    if tracks.audio_end_s <= 0 or last_s <= first_s:
        return
    hole = _longest_hole([window * WINDOW_S for window in heard.peaks_db], first_s, last_s)
    if hole[1] - hole[0] > tracks.audio_hold_s + SLACK_S:
        raise ContentLost(_missing("audio", clip, start_s, hole), hint=_HINT)


_HINT = "Convert the video with another tool, or trim the clip so that this part is left out."


def _missing(what: str, clip: ClipPlan, start_s: float, hole: tuple[float, float]) -> str:
    first_s, last_s = start_s + hole[0], start_s + hole[1]
    where = f"from {first_s:.2f} s to {last_s:.2f} s of video {clip.video_id}"
    return f"Clip {clip.clip_id} would lose its {what} {where}: nothing could be decoded there."
