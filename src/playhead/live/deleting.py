"""Deletion of recordings: the row, the parts on disk and in the store, and the video if that is wanted."""

import asyncio
import shutil
from pathlib import Path

import structlog

from playhead.access.principals import Principal
from playhead.catalog.deletions import Deletions
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.errors import Conflict
from playhead.live.recordings import Recordings
from playhead.storage import keys

log = structlog.get_logger(__name__)


class RecordingDeletion:
    """Deletes recordings.

    Args:
        folder: With the folders of recordings.
    """

    def __init__(
        self, database: Database, recordings: Recordings, videos: Videos, deletions: Deletions, folder: Path
    ) -> None:
        self._database, self._recordings, self._videos = database, recordings, videos
        self._deletions, self._folder = deletions, folder

    async def delete(self, principal: Principal, recording_id: str, *, with_video: bool, force: bool = False) -> None:
        """Delete a recording that has ended, with the parts that are left of it.

        Args:
            with_video: Delete the video that it became as well; else that stays.
            force: Delete the video although projects hold clips of it.

        Raises:
            RecordingNotFound: none, or a stranger's.
            Conflict: it is running, or projects use its video; nothing is deleted.
        """
        row = await self._recordings.get(principal, recording_id)
        _refuse_running(row.id, row.state)
        if with_video and row.video_id:
            await self._videos.delete(principal, row.video_id, force=force)
        async with self._database.write(reserve=True) as session:
            row = await self._recordings.find(session, principal, recording_id)
            _refuse_running(row.id, row.state)
            await session.delete(row)
            await self._deletions.intend(session, keys.recording_prefix(row.id))
        await asyncio.to_thread(shutil.rmtree, self._folder / row.id, ignore_errors=True)
        await self._deletions.carry_out(keys.recording_prefix(row.id))
        log.info("recording_deleted", recording_id=row.id, user_id=principal.user_id, video_id=row.video_id)


def _refuse_running(recording_id: str, state: str) -> None:
    if state in ("recording", "finalising"):
        raise Conflict(
            f"Recording {recording_id} is {state}.",
            hint="Stop it, and wait until it has become a video."
            if state == "recording"
            else "Wait until it has ended.",
            code="recording_running",
            title="The recording has not ended",
        )
