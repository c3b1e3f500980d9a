"""The exchange of a song's file for a video of it, which a crash may interrupt anywhere.

The video is stored beside the file first, then the row describes it, then it replaces the file. Whatever was done last,
the next attempt either begins again from the file or goes on from the stored video.
"""

from pathlib import Path

from playhead.catalog.errors import VideoNotFound
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.media.tools import MediaTools
from playhead.storage import keys
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store
from playhead.storage.verify import hash_object


class Songs:
    """Songs that become videos."""

    def __init__(self, database: Database, store: Store, tools: MediaTools) -> None:
        self._database, self._store, self._tools = database, store, tools

    async def exchange(self, video_id: str, path: Path, work: Path) -> None:
        """Make the video of a song and put it in place of its file.

        Args:
            path: The file.
            work: Folder for the video.
        """
        from playhead.media.songs import song_as_video

        out = work / "song.mp4"
        await song_as_video(path, out, self._tools)
        written = await self._store.write_file(keys.song(video_id), out)
        async with self._database.write() as session:
            row = await session.get(VideoRow, video_id)
            if row is None:
                raise VideoNotFound(video_id)
            row.sha256, row.size_bytes = written.sha256, written.size_bytes
        await self.settle(video_id)

    async def settle(self, video_id: str) -> bool:
        """Finish an exchange whose video the row describes already; whether there is one."""
        async with self._database.read() as session:
            row = await session.get(VideoRow, video_id)
        if row is None:
            raise VideoNotFound(video_id)
        if not await self._holds(keys.song(video_id), row):
            return False
        if not await self._holds(keys.original(video_id), row):
            await self._store.write(keys.original(video_id), self._store.read(keys.song(video_id)))
        return True

    async def forget(self, video_id: str) -> None:
        """Remove the second copy, once the job is done with it."""
        await self._store.delete(keys.song(video_id))

    async def _holds(self, key: str, row: VideoRow) -> bool:
        try:
            if (await self._store.stat(key)).size_bytes != row.size_bytes:
                return False
            return (await hash_object(self._store, key)).sha256 == row.sha256
        except ObjectNotFound:
            return False
