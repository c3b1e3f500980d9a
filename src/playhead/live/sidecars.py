"""Sidecars of a recording, for media servers: NFO (Kodi, Jellyfin), chapters, thumbnail; made when they are requested.

Their names begin alike, so that a media server finds them beside the video of that name.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from playhead.access.principals import Principal
from playhead.catalog.chapters import Chapters
from playhead.catalog.files import poster_file
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.kit.text import one_line
from playhead.live.names import safe_name
from playhead.live.recordings import Recordings
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store


@dataclass(frozen=True, slots=True)
class Facts:
    """What sidecars say."""

    recording: RecordingRow
    video: VideoRow
    channel: ChannelRow | None
    broadcast: BroadcastRow | None


class Sidecars:
    """Makes the sidecars of recordings."""

    def __init__(self, database: Database, store: Store, recordings: Recordings, chapters: Chapters) -> None:
        self._database, self._store = database, store
        self._recordings, self._chapters = recordings, chapters

    async def archive(self, principal: Principal, recording_id: str) -> tuple[str, bytes]:
        """A ZIP of all sidecars, and its name.

        Raises:
            RecordingNotFound: none, or a stranger's.
            Conflict: it has no video yet.
        """
        name, files = await self.files(principal, recording_id)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file_name, content in files.items():
                archive.writestr(zipfile.ZipInfo(file_name), content)
        return f"{name}.zip", packed.getvalue()

    async def files(self, principal: Principal, recording_id: str) -> tuple[str, dict[str, bytes]]:
        """The name that all begin with, and each file by its name."""
        from playhead.media.chapters import ffmetadata, web_vtt

        facts = await self._facts(principal, recording_id)
        name, duration_s = safe_name(facts.video.title), facts.video.duration_s or 0.0
        files = {f"{name}.nfo": nfo(facts)}
        chapters = await self._chapters.of(principal, facts.video.id)
        if chapters:
            files[f"{name}.chapters.vtt"] = web_vtt(chapters, duration_s).encode()
            files[f"{name}-ffmpeg-chapters.txt"] = ffmetadata(chapters, duration_s).encode()
        poster = await self._poster(facts.video)
        if poster is not None:
            files[f"{name}-thumb.jpg"] = poster
        return name, files

    async def _facts(self, principal: Principal, recording_id: str) -> Facts:
        async with self._database.read() as session:
            row = await self._recordings.find(session, principal, recording_id)
            video = await session.get(VideoRow, row.video_id) if row.video_id else None
            channel = await session.get(ChannelRow, row.channel_id) if row.channel_id else None
            broadcast = await session.get(BroadcastRow, row.broadcast_id) if row.broadcast_id else None
        if video is None:
            raise Conflict(
                f"Recording {row.id} is {row.state} and has no video.",
                hint="Sidecars are there when it is ready.",
                code="recording_without_video",
                title="No video yet",
            )
        return Facts(row, video, channel, broadcast)

    async def _poster(self, video: VideoRow) -> bytes | None:
        file = poster_file(video)
        if file is None:
            return None
        try:
            return b"".join([chunk async for chunk in self._store.read(file.key)])
        except ObjectNotFound:
            return None


def nfo(facts: Facts) -> bytes:
    """An episode of the channel, by the day it was broadcast (https://kodi.wiki/view/NFO_files/Episodes)."""
    from xml.etree import ElementTree

    began = facts.broadcast.started_at if facts.broadcast is not None else facts.recording.started_at
    root = ElementTree.Element("episodedetails")
    fields: dict[str, Any] = {
        "title": facts.video.title,
        "showtitle": facts.channel.name if facts.channel is not None else None,
        "season": began.year,
        "episode": f"{began:%m%d%H%M}".lstrip("0"),
        "aired": f"{began:%Y-%m-%d}",
        "genre": facts.broadcast.category if facts.broadcast is not None else None,
        "runtime": max(1, round((facts.video.duration_s or 0.0) / 60)),
        "dateadded": f"{facts.video.created_at:%Y-%m-%d %H:%M:%S}",
        "uniqueid": facts.recording.id,
    }
    for name, value in fields.items():
        if value is not None:
            ElementTree.SubElement(root, name).text = one_line(str(value))
    unique = root.find("uniqueid")
    if unique is not None:
        unique.attrib.update(type="playhead", default="true")
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
