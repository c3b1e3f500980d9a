"""The catalog as delivery sees it: files of videos that are ready."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from playhead.catalog.artifacts import find_artifact
from playhead.catalog.renditions import KINDS
from playhead.catalog.stills import PREVIEW, STORYBOARD
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.db.database import Database
from playhead.delivery.media import Kind, Media, Rung
from playhead.delivery.media_cache import ShareState
from playhead.delivery.shares.tables import ShareRow
from playhead.media.audio_tracks import streaming_order
from playhead.media.probe import Probe
from playhead.storage import keys

EXTENSIONS = {"mpegts": "ts", "mpeg": "mpg"}
"""Where the name of a container (``media.sniff``) is not how its files end."""


RENDITION = "rendition"
"""The kind of those artifacts that are rungs; ``720p`` lies in the store as ``720p.mp4``."""

ARTIFACTS: dict[Kind, str] = {"storyboard": STORYBOARD, "preview": PREVIEW}
"""Kinds that are artifacts, and their names."""


@dataclass(frozen=True, slots=True)
class VideoFile:
    """A file of a ready video (``delivery.media.Media``)."""

    key: str
    size_bytes: int
    sha256: str
    content_type: str | None
    filename: str
    modified_at: datetime


class VideoMedia:
    """Reads the catalog; never the store. Also the `delivery.media_cache.LinkStates`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def media(self, video_id: str, kind: Kind) -> Media | None:
        """A file of a video; None when it is not there or not ready."""
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
            if row is None or row.state != "ready":
                return None
            if kind not in ARTIFACTS:
                return _file(row) if kind == "file" else _poster(row)
            made = await find_artifact(session, video_id, ARTIFACTS[kind])
            return _artifact(row, made) if made is not None else None

    async def rungs(self, video_id: str) -> list[Rung]:
        """The renditions of a ready video, the largest first."""
        statement = select(ArtifactRow).where(ArtifactRow.video_id == video_id, ArtifactRow.kind == RENDITION)
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
            made = list(await session.scalars(statement))
        if row is None or row.state != "ready":
            return []
        made.sort(key=lambda artifact: -int(artifact.facts.get("height") or 0))
        return [Rung(artifact.name, _rendition(row, artifact)) for artifact in made]

    async def rendition(self, video_id: str, name: str) -> Media | None:
        """A rendition, or file to download, of a ready video."""
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
            made = await find_artifact(session, video_id, name)
        if row is None or row.state != "ready" or made is None or made.kind not in KINDS:
            return None
        return _rendition(row, made)

    async def audio_tracks(self, video_id: str) -> tuple[int, ...]:
        """The audio tracks of an original that may be heard, the chosen one first; empty without a choice."""
        row = await self._row(video_id)
        return () if row is None or row.probe is None else streaming_order(Probe.from_dict(row.probe))

    async def owner(self, video_id: str) -> str | None:
        """Whose video it is."""
        row = await self._row(video_id)
        return row.owner_id if row else None

    async def generation(self, video_id: str) -> int | None:
        """The generation of a video's links."""
        row = await self._row(video_id)
        return row.link_generation if row else None

    async def share(self, share_id: str) -> ShareState | None:
        """What decides whether a share's links are good."""
        async with self._database.read() as session:
            row = await session.get(ShareRow, share_id)
        return ShareState(row.video_id, row.expires_at, row.revoked_at is not None) if row else None

    async def _row(self, video_id: str) -> VideoRow | None:
        async with self._database.read() as session:
            return await session.get(VideoRow, video_id)


def _file(row: VideoRow) -> VideoFile:
    return VideoFile(
        key=keys.original(row.id),
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        content_type=None,
        filename=f"{_stem(row)}.{_extension(row)}",
        modified_at=row.created_at,
    )


def _poster(row: VideoRow) -> VideoFile | None:
    if row.poster_sha256 is None or row.poster_size_bytes is None:
        return None
    return VideoFile(
        key=keys.poster(row.id),
        size_bytes=row.poster_size_bytes,
        sha256=row.poster_sha256,
        content_type="image/jpeg",
        filename=f"{_stem(row)}.jpg",
        modified_at=row.created_at,
    )


def _artifact(row: VideoRow, made: ArtifactRow) -> VideoFile:
    return VideoFile(
        key=keys.artifact(row.id, made.name),
        size_bytes=made.size_bytes,
        sha256=made.sha256,
        content_type=None,
        filename=f"{_stem(row)} {made.name}",
        modified_at=made.created_at,
    )


def _rendition(row: VideoRow, made: ArtifactRow) -> VideoFile:
    return VideoFile(
        key=keys.artifact(row.id, f"{made.name}.mp4"),
        size_bytes=made.size_bytes,
        sha256=made.sha256,
        content_type="video/mp4",
        filename=f"{_stem(row)} {made.name}.mp4",
        modified_at=made.created_at,
    )


def _stem(row: VideoRow) -> str:
    return row.title.replace("/", "-").replace("\\", "-")[:120].strip(" .") or row.id


def _extension(row: VideoRow) -> str:
    """What the probe found counts; the name that came with the file may say anything."""
    container = row.container or "mp4"
    return EXTENSIONS.get(container, container)
