"""Files of videos: where the store keeps them, how large they are, and under which name they are saved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from playhead.catalog.artifacts import find_artifact
from playhead.catalog.chapters import CHAPTERS
from playhead.catalog.chapters import KIND as CHAPTERS_KIND
from playhead.catalog.images.tables import ImageRow
from playhead.catalog.renditions import KINDS as RENDITION_KINDS
from playhead.catalog.stills import KINDS as STILL_KINDS
from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.media.audio_tracks import audible_names, streaming_order
from playhead.media.probe import Probe
from playhead.storage import keys

FileKind = Literal["file", "poster", "storyboard", "preview", "chapters"]
"""``file`` is the original, or the rendition of a given name; ``preview`` is the animation."""

EXTENSIONS = {"mpegts": "ts", "mpeg": "mpg"}
"""File extensions of containers (``media.sniff``) that are not named after them."""

CONTENT_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
    "mpeg": "video/mpeg",
    "flv": "video/x-flv",
    "ogg": "video/ogg",
    "wmv": "video/x-ms-wmv",
    "gif": "image/gif",
}
"""Media types of containers, as the bytes have them."""

_ARTIFACTS = {kind: name for name, kind in STILL_KINDS.items()} | {CHAPTERS_KIND: CHAPTERS}


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of a ready video, as it was verified.

    Attributes:
        key: Key in the store.
        sha256: Lower-case hex of the content; ETags are made from it.
        content_type: None: by the extension of the file name.
        filename: Name of a download; any text.
        modified_at: Time at which these bytes became this file.
    """

    key: str
    size_bytes: int
    sha256: str
    content_type: str | None
    filename: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Rendition:
    """A rendition of a video.

    Attributes:
        name: Lower-case letters and digits, such as ``720p``; part of URLs.
    """

    name: str
    file: MediaFile


class VideoFiles:
    """Reads which files videos have; asks the database, never the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, video_id: str, kind: FileKind, rendition: str = "") -> MediaFile | None:
        """Return a file of a video; None when the video or the file is missing or not ready.

        Args:
            rendition: Name of a rendition or a download; its kind is ``file``. The version of a poster is ignored: the
                present one is given.
        """
        rendition = "" if kind == "poster" else rendition
        async with self._database.read() as session:
            row = await visible_video(session, video_id)
            name = rendition or _ARTIFACTS.get(kind)
            made = await find_artifact(session, video_id, name) if name else None
        if row is None or row.state != "ready":
            return None
        if rendition:
            return _rendition(row, made) if made is not None and made.kind in RENDITION_KINDS else None
        if kind in _ARTIFACTS:
            return _artifact(row, made) if made is not None else None
        return _original(row) if kind == "file" else poster_file(row)

    async def renditions(self, video_id: str) -> list[Rendition]:
        """Return the renditions of a ready video, the largest first."""
        statement = select(ArtifactRow).where(ArtifactRow.video_id == video_id, ArtifactRow.kind == RENDITION_KINDS[0])
        async with self._database.read() as session:
            row = await visible_video(session, video_id)
            made = list(await session.scalars(statement))
        if row is None or row.state != "ready":
            return []
        made.sort(key=lambda artifact: -int(artifact.facts.get("height") or 0))
        return [Rendition(artifact.name, _rendition(row, artifact)) for artifact in made]

    async def audio_tracks(self, video_id: str) -> tuple[int, ...]:
        """Return the indexes of the original's audio tracks that may be played, the chosen one first.

        Empty where there is no choice.
        """
        row = await self._row(video_id)
        return () if row is None or row.probe is None else streaming_order(Probe.from_dict(row.probe))

    async def audio_names(self, video_id: str) -> dict[int, tuple[str, str]]:
        """Return the name and the language of each audio track that can be heard, by its index, in file order.

        Empty for a file with one track. No two have the same name.
        """
        row = await self._row(video_id)
        return {} if row is None or row.probe is None else audible_names(Probe.from_dict(row.probe))

    async def duration_s(self, video_id: str) -> float | None:
        """Return the seconds of a video; None when there is no such video, or they are not known."""
        row = await self._row(video_id)
        return row.duration_s if row else None

    async def owner(self, video_id: str) -> str | None:
        """Return the user id of a video's owner; None when there is no such video."""
        row = await self._row(video_id)
        return row.owner_id if row else None

    async def generation(self, video_id: str) -> int | None:
        """Return the generation of a video's links; None when there is no such video."""
        row = await self._row(video_id)
        return row.link_generation if row else None

    async def _row(self, video_id: str) -> VideoRow | None:
        async with self._database.read() as session:
            return await visible_video(session, video_id)


def _original(row: VideoRow) -> MediaFile:
    container = row.container or "mp4"  # what the probe found counts; the uploaded name may say anything
    return MediaFile(
        key=keys.original(row.id),
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        content_type=CONTENT_TYPES.get(container),
        filename=f"{stem_of(row)}.{EXTENSIONS.get(container, container)}",
        modified_at=row.created_at,
    )


def poster_version(file: MediaFile) -> str:
    """What names a chosen poster in URLs (`VideoRow.poster_version`); empty for the automatic one."""
    return "" if file.key.endswith("/poster.jpg") else file.sha256[:8]


def poster_file(row: VideoRow) -> MediaFile | None:
    """The poster of a video: the chosen one, else the automatic one; None without any."""
    if (chosen := row.poster_choice) is not None:
        return MediaFile(
            key=keys.artifact(row.id, chosen["name"]),
            size_bytes=chosen["size_bytes"],
            sha256=chosen["sha256"],
            content_type="image/jpeg",
            filename=f"{stem_of(row)}.jpg",
            modified_at=datetime.fromisoformat(chosen["chosen_at"]),
        )
    if row.poster_sha256 is None or row.poster_size_bytes is None:
        return None
    return MediaFile(
        key=keys.poster(row.id),
        size_bytes=row.poster_size_bytes,
        sha256=row.poster_sha256,
        content_type="image/jpeg",
        filename=f"{stem_of(row)}.jpg",
        modified_at=row.created_at,
    )


def _artifact(row: VideoRow, made: ArtifactRow, extension: str = "", content_type: str | None = None) -> MediaFile:
    name = made.name + extension
    return MediaFile(
        key=keys.artifact(row.id, name),
        size_bytes=made.size_bytes,
        sha256=made.sha256,
        content_type=content_type,
        filename=f"{stem_of(row)} {name}",
        modified_at=made.created_at,
    )


def _rendition(row: VideoRow, made: ArtifactRow) -> MediaFile:
    return _artifact(row, made, ".mp4", "video/mp4")


def stem_of(row: VideoRow | ImageRow) -> str:
    """File name of a download, without its extension."""
    return row.title.replace("/", "-").replace("\\", "-")[:120].strip(" .") or row.id
