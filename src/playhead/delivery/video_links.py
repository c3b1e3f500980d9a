"""Delivery's side of the catalog: signed paths of images in lists, and what follows when a video changes."""

from playhead.access.grant import Grant
from playhead.catalog.seams import SignedPath
from playhead.catalog.tables import VideoRow
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.links.target import ANIMATION, LIVE, Kind, Target
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.transfers.everywhere import AllTransfers


class SignedVideoLinks:
    """The `catalog.seams.VideoLinks` of this server."""

    def __init__(self, links: SignedLinks) -> None:
        self._links = links

    def poster(self, video: VideoRow) -> str | None:
        """The poster; None without one."""
        return self._path("poster", video, video.poster_version) if video.has_poster else None

    def thumbnail(self, video: VideoRow) -> str | None:
        """The first thumbnail; None until the video is ready."""
        return self._path("thumbnail", video) if video.state == "ready" else None

    def storyboard(self, video: VideoRow) -> str:
        """The storyboard, whether it exists or not."""
        return self._path("storyboard", video)

    def preview(self, video: VideoRow) -> str:
        """The animated preview, whether it exists or not."""
        return self._path(ANIMATION, video)

    def stream(self, video: VideoRow) -> SignedPath:
        """The video as HLS, whether it can be streamed or not."""
        link = self._links.sign(Target.opening("hls", video.id), grant=Grant(video.link_generation))
        return SignedPath(link.path, link.expires_at)

    def live(self, recording_id: str) -> SignedPath:
        """The playlist of a recording while it grows."""
        link = self._links.sign(Target.opening(LIVE, recording_id))
        return SignedPath(link.path, link.expires_at)

    def _path(self, kind: Kind, video: VideoRow, name: str = "") -> str:
        return self._links.sign(Target.opening(kind, video.id, name), grant=Grant(video.link_generation)).path


class MediaListener:
    """The `catalog.seams.VideoListener` of delivery.

    Args:
        media: The cache that any change clears.
        transfers: The transfers of a deleted video, which end.
    """

    def __init__(self, media: MediaCache, transfers: AllTransfers) -> None:
        self._media, self._transfers = media, transfers

    def changed(self) -> None:
        """Clear the cache in all processes of this host."""
        self._media.forget()

    async def deleted(self, video_id: str) -> None:
        """Abort the transfers of a video in all processes of this server."""
        await self._transfers.abort(video_id)
