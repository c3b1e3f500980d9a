"""Tools of media work: ffmpeg, and its number of threads."""

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
        known: Previously examined ffmpeg; *binary* is then ignored.
        fonts: Folder of fonts for letters that the packaged one lacks.
    """

    binary: Path | None = None
    threads: int = 2
    known: "Ffmpeg | None" = None
    fonts: Path | None = None

    def ffmpeg(self) -> "Ffmpeg":
        """Find and examine ffmpeg.

        Raises:
            FfmpegMissing: it was not found.
        """
        from playhead.media.ffmpeg import find_ffmpeg

        return self.known or find_ffmpeg(self.binary)
