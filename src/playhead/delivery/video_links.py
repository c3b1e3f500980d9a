"""Signed paths of the pictures of a video, for lists."""

from playhead.api.peers import Peers
from playhead.catalog.tables import VideoRow
from playhead.delivery.grants import Grant
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.playback import PlaybackUrls
from playhead.delivery.transfer_endpoints import cut_everywhere


class SignedVideoLinks:
    """The `catalog.links.VideoLinks` of this server."""

    def __init__(self, playback: PlaybackUrls) -> None:
        self._playback = playback

    def poster(self, video: VideoRow) -> str | None:
        """The poster; None without one."""
        return self._playback.poster(video.id, grant=_grant(video)).path if video.poster_sha256 else None

    def thumbnail(self, video: VideoRow) -> str | None:
        """The first thumbnail; None until the video is ready."""
        return self._playback.thumbnail(video.id, grant=_grant(video)).path if video.state == "ready" else None

    def storyboard(self, video: VideoRow) -> str:
        """The storyboard, whether it exists or not."""
        return self._playback.storyboard(video.id, grant=_grant(video)).path

    def preview(self, video: VideoRow) -> str:
        """The animated preview, whether it exists or not."""
        return self._playback.preview(video.id, grant=_grant(video)).path


def _grant(video: VideoRow) -> Grant:
    return Grant(video.link_generation)


class MediaListener:
    """The `catalog.seams.VideoListener` of delivery.

    Args:
        media: Forgets all when any video changes.
        peers: End what they still send of a deleted video.
    """

    def __init__(self, media: MediaCache, peers: Peers) -> None:
        self._media = media
        self._peers = peers

    def changed(self) -> None:
        """Forget what was read of videos, in all processes of this host."""
        self._media.forget()

    async def deleted(self, video_id: str) -> None:
        """End the transfers of a video in all processes of this server."""
        await cut_everywhere(self._peers, video_id)
