"""How media work is run: which ffmpeg, with how many threads."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playhead.media.ffmpeg import Ffmpeg


@dataclass(frozen=True, slots=True)
class MediaTools:
    """The tools of one process.

    Attributes:
        binary: Path of ffmpeg; None for the bundled one.
        threads: Threads of one ffmpeg process; 0 lets it choose.
        known: An ffmpeg that was examined before; *binary* is then ignored.
    """

    binary: Path | None = None
    threads: int = 2
    known: "Ffmpeg | None" = None

    def ffmpeg(self) -> "Ffmpeg":
        """Find and examine ffmpeg.

        Raises:
            FfmpegMissing: there is none.
        """
        from playhead.media.ffmpeg import find_ffmpeg

        return self.known or find_ffmpeg(self.binary)
