"""What every capture has in common: the source that it opens, and how it ends.

A capture is one connection to a source and writes one part: ``<folder>/<capture id>.mp4`` with its manifest. It never
reconnects, and its end is never the end of a recording; the supervisor decides what comes next.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from playhead.live.parts import Cause, PartManifest

End = Literal["end", "failed", "stalled", "stopped", "changed", "disk_full"]
"""Why a capture ended.

``end``: the source said so (``EXT-X-ENDLIST``, an orderly end of its stream). ``changed``: the source goes on with
other parameters or on another clock, which begins a new part. ``stopped``: `Capture.stop` was called.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a capture connects to, as a platform resolved it or a URL says it.

    Attributes:
        kind: ``hls`` is fetched segment by segment; ``push`` is whatever ffmpeg opens: RTMP, RTSP, SRT, other HTTP.
        url: May hold a secret (a stream key, a token): never logged, never shown.
        headers: Of HTTP requests; as secret as the URL.
        quality: What is taken of a multivariant HLS playlist.
        by_tool: Whether a tool writes the stream to its standard output, because it must decrypt or filter it.
        argv: Command of that tool.
    """

    kind: Literal["hls", "push"]
    url: str = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    quality: str = "best"
    by_tool: bool = False
    argv: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a capture ended.

    Attributes:
        cause: What the hole after it comes from.
        detail: In words, without URLs and secrets.
    """

    why: End
    cause: Cause
    detail: str


class Capture(Protocol):
    """A capture: one connection that writes one part.

    It keeps the manifest in the folder up to date: ``began_at`` with the first frame, ``ended_at`` and ``end`` at its
    end. Canceling `run` ends its children at once; what was written stays whole.
    """

    async def run(self, folder: Path, manifest: PartManifest) -> Ended:
        """Write the part until the source or `stop` ends it; a failure is an `Ended`, not an exception."""
        ...

    async def stop(self) -> None:
        """End gracefully: what was received is written. Idempotent; returns at once or when it has ended."""
        ...
