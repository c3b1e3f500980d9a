"""Spool of the segments that an HLS capture has fetched and its muxer has perhaps not written yet.

It lies beside the parts, so that the capture after one that was killed goes on with them, even when the source lists
them no more. A segment is a file: one line of JSON, then its bytes; it gets its name when it is whole.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from playhead.media.first_time import HEAD_BYTES, first_time, has_adts


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a playlist said of a segment.

    Attributes:
        init: Name of its initialization section in the spool; None for MPEG-TS.
        wall_s, exact: As in `Place`.
    """

    sequence: int
    discontinuity: int
    duration_s: float
    wall_s: float
    exact: bool
    ad: bool
    init: str | None


@dataclass(frozen=True, slots=True)
class Spooled:
    """A segment on disk.

    Attributes:
        time_s: Decode time of its first frame as the segment says it; None where that cannot be read.
        offset: Where its bytes begin in the file.
        adts: Whether its audio has headers that MP4 has not.
    """

    facts: Facts
    time_s: float | None
    path: Path
    offset: int
    adts: bool


class Spool:
    """The spooled segments of one track of a lane.

    Args:
        folder: Folder of the recording.
        lane: Number of the redundant capture.
        track: ``main`` or ``audio``.
    """

    def __init__(self, folder: Path, lane: int, track: str) -> None:
        self._folder = folder / "spool" / f"{lane}-{track}"

    def draft(self, facts: Facts) -> Path:
        """Begin the file of a segment; its bytes are added at the end, and `keep` gives it its name."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{facts.sequence:020d}.draft"
        path.write_bytes(json.dumps(asdict(facts)).encode() + b"\n")
        return path

    def keep(self, draft: Path) -> Spooled:
        """Take a segment that is whole."""
        path = draft.with_suffix(".seg")
        draft.replace(path)
        return self._read(path)

    def find(self, sequence: int) -> Spooled | None:
        """A segment that is here already, and intact."""
        try:
            return self._read(self._folder / f"{sequence:020d}.seg")
        except (OSError, ValueError, TypeError):
            return None

    def held(self) -> list[int]:
        """The sequence numbers that are here, ascending."""
        return sorted(int(path.stem) for path in self._folder.glob("*.seg"))

    def add_init(self, data: bytes) -> str:
        """Keep an initialization section; its name."""
        name = hashlib.sha256(data).hexdigest()[:32]
        path = self.init_path(name)
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".draft")
            draft.write_bytes(data)
            draft.replace(path)
        return name

    def init_path(self, name: str) -> Path:
        """Where an initialization section is."""
        return self._folder / f"{name}.init"

    def drop(self, up_to: int) -> None:
        """Forget the segments up to a sequence number, inclusive."""
        for sequence in self.held():
            if sequence <= up_to:
                (self._folder / f"{sequence:020d}.seg").unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything, as when the source began to count anew."""
        for path in self._paths():
            path.unlink(missing_ok=True)
        with suppress(OSError):
            self._folder.rmdir()
            self._folder.parent.rmdir()

    def _paths(self) -> Iterator[Path]:
        return self._folder.iterdir() if self._folder.is_dir() else iter(())

    def _read(self, path: Path) -> Spooled:
        with path.open("rb") as file:
            line = file.readline()
            facts = Facts(**json.loads(line))
            head = file.read(HEAD_BYTES)
        init = self.init_path(facts.init).read_bytes() if facts.init else b""
        return Spooled(facts, first_time(head, init), path, len(line), not init and has_adts(head))
