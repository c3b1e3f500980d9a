"""Bytes in the store become a video: the one way in for uploads, samples and reels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from playhead.catalog.tables import VideoRow
from playhead.storage.store import Written

Origin = Literal["upload", "generation", "recording", "reel"]


@dataclass(frozen=True, slots=True)
class Stored:
    """Size and hash of stored bytes."""

    size_bytes: int
    sha256: str

    @classmethod
    def of(cls, written: Written) -> Self:
        """What a write to the store returned."""
        return cls(written.size_bytes, written.sha256)

    @classmethod
    def read(cls, recorded: Mapping[str, Any]) -> Self:
        """What a job recorded of a write, as JSON."""
        return cls(recorded["size_bytes"], recorded["sha256"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """An original that is stored under its key, and what is known of it.

    Args:
        filename: Name that a client gave it, for display.
        probe: Facts of the file (``media.probe.Probe.to_dict``). With them the video is ready at once; without, an
            ingest job reads the file first.
        poster: Size and hash of its poster, which is stored too.
        project_id: Project that a reel was stitched from.
    """

    video_id: str
    owner_id: str
    title: str
    origin: Origin
    written: Stored
    filename: str | None = None
    probe: dict[str, Any] | None = None
    poster: Stored | None = None
    project_id: str | None = None

    def row(self, now: datetime) -> VideoRow:
        """The catalog's row of it."""
        row = VideoRow(
            id=self.video_id,
            owner_id=self.owner_id,
            title=self.title,
            filename=self.filename,
            origin=self.origin,
            state="preparing",
            size_bytes=self.written.size_bytes,
            sha256=self.written.sha256,
            project_id=self.project_id,
            version=1,
            created_at=now,
            updated_at=now,
        )
        if self.probe is not None:
            make_ready(row, self.probe, self.poster, now)
        return row


def make_ready(row: VideoRow, probe: dict[str, Any], poster: Stored | None, now: datetime) -> None:
    """Fill a video's facts in: from now on it can be played."""
    for column, value in probe_facts(probe).items():
        setattr(row, column, value)
    if poster is not None:
        row.poster_sha256, row.poster_size_bytes = poster.sha256, poster.size_bytes
    row.state, row.job_id, row.updated_at = "ready", None, now
    row.error_code = row.error_message = row.error_hint = None


def probe_facts(probe: dict[str, Any]) -> dict[str, Any]:
    """The columns that a probe (``media.probe.Probe.to_dict``) fills."""
    from playhead.media.probe import Probe

    found = Probe.from_dict(probe)
    return {
        "probe": probe,
        "container": found.container,
        "duration_s": found.duration_s,
        "width": found.video.width,
        "height": found.video.height,
        "fps": round(float(found.video.fps), 3),
        "video_codec": found.video.codec,
        "audio_codec": found.audio.codec if found.audio else None,
    }
