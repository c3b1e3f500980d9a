"""What the catalog asks of domains above it; each is a service that one of them registers."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import VideoRow


class VideoLinks(Protocol):
    """Signed paths of the pictures of a video, for lists. Delivery makes them."""

    def poster(self, video: VideoRow) -> str | None:
        """The poster; None without one."""
        ...

    def thumbnail(self, video: VideoRow) -> str | None:
        """The first thumbnail; None until the video is ready."""
        ...

    def storyboard(self, video: VideoRow) -> str:
        """The storyboard, whether it exists or not."""
        ...

    def preview(self, video: VideoRow) -> str:
        """The animated preview, whether it exists or not."""
        ...


class VideoUses(Protocol):
    """Projects that hold clips of videos. Reels know them."""

    async def projects_with(self, session: AsyncSession, video_id: str) -> list[dict[str, str]]:
        """``id`` and ``title`` of the first hundred projects with clips of a video, by title."""
        ...

    async def uses_of(self, session: AsyncSession, video_ids: Sequence[str]) -> list[dict[str, str]]:
        """``video_id``, ``project_id`` and ``title`` of each use of these videos, without duplicates."""
        ...


class VideoListener(Protocol):
    """What follows, after the commit, when videos change. Delivery forgets what it remembered."""

    def changed(self) -> None:
        """A video or one of its files was deleted, or a video got another audio track."""
        ...

    async def deleted(self, video_id: str) -> None:
        """A video was deleted: what is still sent of it ends."""
        ...
