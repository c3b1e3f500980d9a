"""Sources of a reel: the videos and images that a snapshot names, each verified to be there."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.images.tables import ImageRow
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import videos_by_id
from playhead.errors import PlayheadError
from playhead.reels.errors import ClipImageGone, ClipVideoGone, MusicGone, WatermarkGone

if TYPE_CHECKING:
    from playhead.media.probe import Probe


@dataclass(frozen=True, slots=True)
class Sources:
    """What an edit is made of.

    Attributes:
        videos: By id, with their probes; also that of the music.
        images: By id; also the watermark.
        fonts: Folder of more fonts than the packaged one.
    """

    videos: Mapping[str, VideoRow]
    images: Mapping[str, ImageRow]
    fonts: Path | None = None

    @property
    def lengths(self) -> dict[str, float]:
        """Seconds of each video."""
        return {video.id: video.duration_s or 0.0 for video in self.videos.values()}

    @property
    def hashes(self) -> dict[str, str]:
        """Identity of the bytes of each source, and of what draws words where fonts were added."""
        found = {video.id: video.sha256 for video in self.videos.values()}
        found |= {image.id: image.sha256 for image in self.images.values()}
        if self.fonts is None:
            return found
        from playhead.media.render.tasks import TEXT
        from playhead.media.text.identity import text_identity

        return {**found, TEXT: text_identity(self.fonts)}


async def read_sources(session: AsyncSession, snapshot: Mapping[str, Any], fonts: Path | None = None) -> Sources:
    """Read the sources of a snapshot.

    Raises:
        ClipVideoGone, ClipImageGone, MusicGone, WatermarkGone: one was deleted.
    """
    music, watermark = music_of(snapshot), watermark_of(snapshot)
    videos = await videos_by_id(session, {*_named(snapshot, "video_id"), *filter(None, [music])})
    images = await images_by_id(session, {*_named(snapshot, "image_id"), *filter(None, [watermark])})
    for number, clip in enumerate(snapshot["clips"], start=1):
        video = videos.get(clip["video_id"] or "")
        if clip["video_id"] and (video is None or video.probe is None):
            raise ClipVideoGone(number)
        if clip.get("image_id") and clip["image_id"] not in images:
            raise ClipImageGone(number)
    if music is not None and (music not in videos or videos[music].probe is None):
        raise MusicGone
    if watermark is not None and watermark not in images:
        raise WatermarkGone
    return Sources(videos, images, fonts)


async def images_by_id(session: AsyncSession, ids: Collection[str]) -> dict[str, ImageRow]:
    """Images by id, in batches that every database takes."""
    wanted, found = sorted(ids), dict[str, ImageRow]()
    for start in range(0, len(wanted), 500):
        rows = await session.scalars(select(ImageRow).where(ImageRow.id.in_(wanted[start : start + 500])))
        found.update({row.id: row for row in rows})
    return found


async def probes_of(session: AsyncSession, ids: Sequence[str]) -> "dict[str, Probe]":
    """What the probe found of videos; as rows hold it, it would take three times the memory."""
    from playhead.media.probe import Probe

    found = {}
    for start in range(0, len(ids), 100):
        statement = select(VideoRow.id, VideoRow.probe).where(VideoRow.id.in_(ids[start : start + 100]))
        for video_id, facts in await session.execute(statement):
            if facts:
                found[video_id] = Probe.from_dict(facts)
    return found


def music_of(snapshot: Mapping[str, Any]) -> str | None:
    """The video of the music."""
    music = (snapshot.get("edit") or {}).get("music")
    return None if music is None else str(music["video_id"])


def watermark_of(snapshot: Mapping[str, Any]) -> str | None:
    """The image of the watermark."""
    watermark = (snapshot.get("edit") or {}).get("watermark")
    return None if watermark is None else str(watermark["image_id"])


def gone_error(snapshot: Mapping[str, Any], source_id: str) -> PlayheadError:
    """The error of a source that is no longer in the store."""
    for number, clip in enumerate(snapshot["clips"], start=1):
        if clip["video_id"] == source_id:
            return ClipVideoGone(number)
        if clip.get("image_id") == source_id:
            return ClipImageGone(number)
    return WatermarkGone() if source_id == watermark_of(snapshot) else MusicGone()


def _named(snapshot: Mapping[str, Any], name: str) -> Iterator[str]:
    return (clip[name] for clip in snapshot["clips"] if clip.get(name))
