"""Diagnosis of a failed ffmpeg: the error class, and the line of its log that explains it."""

import os
import re
import signal
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from playhead.media.children import Limits
from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegKilled, InputUnreadable, LimitReached

_FULL = ("No space left on device", "Disk quota exceeded")
_TOO_MUCH = ("Cannot allocate memory", "File too large")
_UNREADABLE = (
    "Error opening input",
    "Invalid data found when processing input",
    "matches no streams",
    "not on the allow list",
    "not in whitelist",
    "Picture size",
    "no decoder found",
    "Unknown decoder",
    "Cannot determine format of input",
    "Decode error rate",
    "No filtered frames",
)
"""Words of a log that mean an unreadable source; the last ones count from the explaining line on: before it, they may
be about one damaged frame."""

_ENDS = re.compile(
    r"Task finished with error|Terminating thread with|Error (opening|parsing options for) (input|output) file|"
    r"Error splitting the argument list|Error binding filtergraph|Conversion failed|Nothing was written"
)
"""Lines that ffmpeg writes while it gives up; the explanation comes before the first of them."""

_GENERIC = re.compile(
    rf"{_ENDS.pattern}|Error sending frames to consumers|Error while filtering|"
    r"Error submitting|Error while processing the decoded|"
    r"Error while opening (encoder|decoder)|Could not open encoder before EOF|Error reinitializing filters|"
    r"Error initializing (filters|bitstream filter)|Failed to configure (input|output) pad|Error selecting an encoder|"
    r"Decode error rate|Error opening input:|Cannot determine format of input|Error closing file|"
    r"Cannot initialize a standalone decoder|Last message repeated|Exiting"
)
"""Lines that accompany every failure and explain nothing."""

_NAME = re.compile(r"\[([^\]@]*?) ?@ [^\]]+\] |^(x26[45]) ")
_LEVEL = re.compile(r"\[(?:error|fatal|panic)\]:? ?|\[warning\] (?=No filtered frames)")


def failure(
    purpose: str,
    returncode: int,
    lines: Sequence[str],
    *,
    command: Sequence[str] = (),
    limits: Limits = Limits(),
    elapsed_s: float = 0.0,
) -> FfmpegFailed:
    """The error for a failed run.

    Args:
        purpose: Purpose of the run, with which the sentence begins.
        returncode: Exit code of ffmpeg; negative for a signal.
        lines: End of its log, with levels (``-v level+warning``).
        elapsed_s: Duration of the run.
    """
    at = _explaining(lines)
    kind, words = _kind(returncode, lines, at, limits, elapsed_s)
    reason = _for_people(lines[at]) if lines else "it said nothing"
    hint = "Free some space, then try again." if kind is DiskFull else None
    return kind(f"{purpose}: {words}: {reason}", hint=hint, command=summary(command), log_tail="\n".join(lines))


def _kind(
    returncode: int, lines: Sequence[str], at: int, limits: Limits, elapsed_s: float
) -> tuple[type[FfmpegFailed], str]:
    log, end = "\n".join(lines), "\n".join(lines[at:])
    if any(sign in log for sign in _FULL):
        return DiskFull, "no space is left on the disk"
    if any(sign in log for sign in _TOO_MUCH):
        return LimitReached, "ffmpeg needed more memory or room than it may take"
    if any(sign in end for sign in _UNREADABLE):
        return InputUnreadable, "the source cannot be read"
    if returncode < 0 or (returncode == _CAUGHT and not lines):
        return _by_signal(returncode, limits, elapsed_s)
    return FfmpegFailed, f"ffmpeg ended with code {returncode}"


def _explaining(lines: Sequence[str]) -> int:
    """Index of the line that explains a failure: the first message in a row of the component that complained last
    before ffmpeg gave up."""
    serious = [at for at, line in enumerate(lines) if _LEVEL.search(line)]
    before = list(takewhile(lambda at: not _ENDS.search(lines[at]), serious))
    specific = [at for at in before or serious if not _GENERIC.search(lines[at])]
    if not specific:
        return next(iter(serious), len(lines) - 1)
    found = len(specific) - 1
    while found and _component(lines[specific[found - 1]]) == _component(lines[specific[-1]]):
        found -= 1
    return specific[found]


def _component(line: str) -> str:
    """The innermost component of ffmpeg that a line names, such as ``libx264``; x264 itself speaks without brackets."""
    names = [name or f"lib{encoder}" for name, encoder in _NAME.findall(line)]
    return names[-1] if names else ""


def _for_people(line: str) -> str:
    """A line without levels and addresses in memory: ``crop: Invalid too big or non positive size``."""
    name = re.sub(r"^(Parsed_|dec:|enc:)|_\d+$", "", _component(line))
    words = _LEVEL.sub("", _NAME.sub("", line))
    return words if "#" in name or not name else f"{name}: {words}"


_CAUGHT = 255
"""ffmpeg's exit code after a signal that it handles, among them SIGXCPU and SIGTERM."""


def _by_signal(returncode: int, limits: Limits, elapsed_s: float) -> tuple[type[FfmpegFailed], str]:
    # The kernel sends SIGKILL both past the limit of processor time and when memory runs out.
    name = signal.Signals(-returncode).name if returncode < 0 else "a signal"
    used_up = limits.cpu_s is not None and elapsed_s * (os.cpu_count() or 1) >= limits.cpu_s
    if -returncode in (signal.SIGXCPU, signal.SIGXFSZ) or (-returncode in (signal.SIGKILL, -_CAUGHT) and used_up):
        return LimitReached, f"ffmpeg was stopped by {name} at its limit"
    return FfmpegKilled, f"ffmpeg was ended by {name} after {elapsed_s:.1f} s"


def summary(command: Sequence[str]) -> str:
    """A command for a log, without the folders of its files."""
    return without_folders(" ".join(command), command)


def without_folders(text: str, command: Sequence[str]) -> str:
    """A text in which the files of a command are named without their folders."""
    for part in command:
        path = part.rpartition("file:")[2]
        if path.startswith("/"):
            text = text.replace(f"{Path(path).parent}/", "")
    return text
