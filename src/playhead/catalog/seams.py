"""Protocols that domains above the catalog implement and register as services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import VideoRow


class VideoLinks(Protocol):
    """Signed paths of the images of a video, for lists. Implemented by delivery."""

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

    def stream(self, video: VideoRow) -> "SignedPath":
        """The video as HLS, whether it can be streamed or not."""
        ...

    def live(self, recording_id: str) -> "SignedPath":
        """The playlist of a recording while it grows (`LiveStreams`)."""
        ...


class NoLinks:
    """The `VideoLinks` of a process that answers nobody, such as a worker."""

    def poster(self, video: VideoRow) -> str | None:  # noqa: ARG002
        """None."""
        return None

    thumbnail = poster

    def storyboard(self, video: VideoRow) -> str:
        """Not given out here."""
        raise LookupError(f"no links to {video.id} in this process")

    preview = storyboard

    def stream(self, video: VideoRow) -> "SignedPath":
        """Not given out here."""
        raise LookupError(f"no links to {video.id} in this process")

    def live(self, recording_id: str) -> "SignedPath":
        """Not given out here."""
        raise LookupError(f"no links to {recording_id} in this process")


@dataclass(frozen=True, slots=True)
class SignedPath:
    """A signed URL, relative to the server's root."""

    path: str
    expires_at: datetime


class LiveStreams(Protocol):
    """HLS of recordings while they grow. Implemented by live, served by delivery."""

    async def playlist(
        self, recording_id: str, query: str, *, wait_for: "tuple[int, int] | None" = None, skip: bool = False
    ) -> str:
        """The playlist of a recording; one that has just begun is waited for.

        Args:
            query: Query of its URIs, with the question mark.
            wait_for: Media sequence number and part (-1 for a whole segment) that a blocking reload waits for.
            skip: The player asks for a delta update.

        Raises:
            NotFound: no such recording, it has no picture yet, or its parts have become a video.
        """
        ...

    async def bytes_of(self, recording_id: str, capture_id: str, first: int | None, count: int) -> "LiveSpan":
        """Where the init section (*first* is None) or the fragments ``[first, first + count)`` of a part are.

        Raises:
            NotFound: it does not exist, or not any more.
        """
        ...


@dataclass(frozen=True, slots=True)
class ShippedSpan:
    """Bytes ``[start, end)`` of a growing file, as an object of the store."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LiveSpan:
    """Bytes ``[start, end)`` of a growing file, which will not change.

    Attributes:
        path: The file; of the host that records where there are objects.
        objects: Objects that hold the bytes, in their order; none where the file is here.
    """

    path: Path
    start: int
    end: int
    objects: tuple[ShippedSpan, ...] = ()


class VideoUses(Protocol):
    """Projects that hold clips of videos, or have them as their music. Implemented by reels."""

    async def projects_with(self, session: AsyncSession, video_id: str) -> list[dict[str, str]]:
        """``id`` and ``title`` of the first hundred projects that use a video, by title."""
        ...

    async def uses_of(self, session: AsyncSession, video_ids: Sequence[str]) -> list[dict[str, str]]:
        """``video_id``, ``project_id`` and ``title`` of each use of these videos, without duplicates."""
        ...


class VideoListener(Protocol):
    """Listener to changes of videos, called after the commit. Delivery drops its caches."""

    def changed(self) -> None:
        """A video or one of its files was deleted, or a video got another audio track."""
        ...

    async def deleted(self, video_id: str) -> None:
        """A video was deleted: its active transfers end."""
        ...


class NoListener:
    """The `VideoListener` of a process without caches and transfers, such as a worker."""

    def changed(self) -> None:
        """Do nothing."""

    async def deleted(self, video_id: str) -> None:
        """Do nothing."""


class MakeRoom(Protocol):
    """Deletes what may go, so that recordings have room to go on. Implemented by retention."""

    async def make_room(self, wanted_bytes: int = 0) -> "Room":
        """Free space in a local store: the trash is emptied first, then the oldest videos that nothing holds go.

        It deletes no more than is needed for the floor of free space, or for *wanted_bytes* if that is more, and
        nothing when the store is remote. Calls from all processes of a host take turns.

        Args:
            wanted_bytes: Free bytes that the caller needs.
        """
        ...


@dataclass(frozen=True, slots=True)
class Room:
    """The outcome of making room.

    Attributes:
        free_bytes: Free space of the store's disk now; None for a remote store.
        freed_bytes: Bytes of what was deleted for it.
        enough: Whether there is as much as was wanted; when not, the rest is held, or more than half would have to go.
        detail: The same in words, for a log or a recording's error.
    """

    free_bytes: int | None
    freed_bytes: int
    enough: bool
    detail: str
