"""Links to watch a recording: its growing files while they are there, its video afterwards."""

from dataclasses import dataclass

from playhead.access.principals import Principal
from playhead.catalog.seams import SignedPath, VideoLinks
from playhead.catalog.videos import Videos
from playhead.live.recordings import Recordings


@dataclass(frozen=True, slots=True)
class PlaybackLink:
    """A signed link.

    Attributes:
        live: It leads to the recording itself, not to the video that it became.
    """

    link: SignedPath
    live: bool


class RecordingPlayback:
    """Creates links for those who may read a recording."""

    def __init__(self, recordings: Recordings, videos: Videos, links: VideoLinks) -> None:
        self._recordings, self._videos, self._links = recordings, videos, links

    async def open(self, principal: Principal, recording_id: str) -> PlaybackLink:
        """Create a link.

        Raises:
            RecordingNotFound: none, or a stranger's.
            VideoNotFound: its video was deleted.
        """
        row = await self._recordings.get(principal, recording_id)
        if row.state == "ready" and row.video_id is not None:
            video = await self._videos.get(principal, row.video_id)
            return PlaybackLink(self._links.stream(video), live=False)
        return PlaybackLink(self._links.live(row.id), live=True)
