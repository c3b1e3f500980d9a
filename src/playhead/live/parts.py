"""Parts of a recording on disk: one growing fragmented MP4 per capture, with its manifest beside it.

The files are the truth of a recording; rows only sum them up. ``<folder>/<capture id>.mp4`` is the media, and
``<capture id>.json`` says when it began, on which clock, and what the hole before it came from. Ids sort by time, so
the names give the order. A folder can be finalised by hand, without a database.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, Self

from playhead.kit.ids import is_id, made_at
from playhead.kit.units import MIB

Cause = Literal["ad", "source", "capture", "disk", "host"]
"""What a hole came from: an advertisement, the source, a capture that died or stalled, a full disk, a lost host."""


WORTH_BYTES: Final = MIB
"""A part of this size holds media, whatever a reader makes of it: it is never deleted unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartManifest:
    """The facts of a part that its media do not hold.

    Attributes:
        capture_id: Names the process, the files and this part (``cap_...``).
        lane: Number of the redundant capture it belongs to, from 0.
        clock: Identity of the source's clock: timestamps of parts with the same clock compare, those of others do not.
        began_at: Wall clock of its first frame, RFC 3339 UTC; None until it came.
        cause: What the hole before it came from; None for the first part, and where nothing is missing.
        sequence: Media sequence number of the last HLS segment that is whole in it.
        place: Where an HLS capture goes on (`live.capture.continuity.Place`); None to begin afresh.
        ad: Whether it holds an advertisement that the platform put over the programme.
        ended_at: Wall clock at which the capture ended; None while it runs, or when it was lost.
        end: Why it ended, in words for the log.
    """

    capture_id: str
    lane: int = 0
    clock: str = ""
    began_at: str | None = None
    cause: Cause | None = None
    sequence: int | None = None
    place: dict[str, Any] | None = None
    ad: bool = False
    ended_at: str | None = None
    end: str | None = None

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a manifest; what is missing or damaged takes its default, the id comes from the name."""
        try:
            data = path.read_bytes()
        except OSError:
            data = b""
        return cls.parse(data, path.stem)

    @classmethod
    def parse(cls, data: bytes, capture_id: str) -> Self:
        """As `read`, of what a manifest's file contains."""
        try:
            found: Any = json.loads(data)
        except ValueError:
            found = None
        known = {name: found[name] for name in cls.__dataclass_fields__ if name in found} if found else {}
        return cls(**(known | {"capture_id": capture_id}))

    def write(self, folder: Path) -> None:
        """Write it under its name, at once or not at all."""
        path = folder / f"{self.capture_id}.json"
        temporary = path.with_suffix(".json.tmp")
        temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")
        temporary.replace(path)

    def but(self, **changes: Any) -> Self:
        """A copy with other facts."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its manifest and where its media are."""

    manifest: PartManifest
    path: Path

    @property
    def recorded_at(self) -> datetime:
        """Wall clock of its first frame, or of its start."""
        began = self.manifest.began_at
        return datetime.fromisoformat(began) if began else made_at(self.manifest.capture_id)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether it holds media even if it cannot be read."""
        return self.path.exists() and self.path.stat().st_size >= WORTH_BYTES


def folder_of(recordings: Path, recording_id: str) -> Path:
    """Folder of the parts of a recording.

    Raises:
        ValueError: not the id of one.
    """
    if not is_id("rec", recording_id):
        raise ValueError(f"not a rec id: {recording_id!r}")
    return recordings / recording_id


def manifests_in(folder: Path, lane: int) -> list[PartManifest]:
    """The manifests of a lane in the order they began, with those of parts that have no media here."""
    found = (PartManifest.read(path) for path in sorted(folder.glob("cap_*.json")) if is_id("cap", path.stem))
    return [manifest for manifest in found if manifest.lane == lane]


def parts_in(folder: Path) -> list[Part]:
    """The parts of a folder in the order they began; a media file without a manifest is a part, too."""
    return list(_parts(folder))


def _parts(folder: Path) -> Iterator[Part]:
    for path in sorted(folder.glob("*.mp4")):
        if is_id("cap", path.stem):
            yield Part(PartManifest.read(path.with_suffix(".json")), path)
