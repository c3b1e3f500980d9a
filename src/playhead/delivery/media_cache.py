"""A TTL cache of files, owners, link generations and shares, which a marker file invalidates across processes.

Most media requests need no query. Whatever takes something back (a deletion, a revocation) clears the whole cache: at
once in every process of the host, within five seconds on other hosts.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, cast

from playhead.access.principals import Principal
from playhead.catalog.errors import VideoNotFound
from playhead.catalog.files import FileKind, MediaFile, Rendition, VideoFiles
from playhead.delivery.shares.state import ShareState
from playhead.kit.ids import is_id
from playhead.kit.marker import Marker
from playhead.kit.recent import Recent

MAX_AGE_S = 4.0
"""Age limit of an entry; the fast path trusts it for up to one second more, which makes the promised five."""

MAX_ENTRIES = 8192
"""Entry limit, at about 0.6 KiB each; a video that is played takes three."""

Found = TypeVar("Found")
MonotonicClock = Callable[[], float]
ReadShare = Callable[[str], Awaitable[ShareState | None]]


class MediaCache:
    """`VideoFiles` and shares, cached; only what exists is cached.

    `peek`, `peek_generation` and `peek_share` answer from memory alone: None means unknown.
    """

    def __init__(
        self,
        files: VideoFiles,
        share: ReadShare,
        *,
        marker: Marker | None = None,
        clock: MonotonicClock = time.monotonic,
    ) -> None:
        self._files, self._share = files, share
        self._clock = clock
        self._recent: Recent[tuple[str, ...], Any] = Recent(max_age_s=MAX_AGE_S, max_entries=MAX_ENTRIES, marker=marker)
        self._asking: dict[tuple[int, tuple[str, ...]], asyncio.Task[Any]] = {}

    @property
    def era(self) -> int:
        """A number that changes whenever the cache is cleared."""
        return self._recent.generation

    def peek(self, video_id: str, kind: FileKind, rendition: str = "") -> MediaFile | None:
        """A file; None when unknown."""
        return cast("MediaFile | None", self._peek("file", video_id, kind, rendition))

    def peek_generation(self, video_id: str) -> int | None:
        """The generation of a video's links; None when unknown."""
        return cast("int | None", self._peek("generation", video_id))

    def peek_share(self, share_id: str) -> ShareState | None:
        """A share; None when unknown."""
        return cast("ShareState | None", self._peek("share", share_id))

    async def find(self, video_id: str, kind: FileKind, rendition: str = "") -> MediaFile | None:
        """See `VideoFiles.find`."""
        key = ("file", video_id, kind, rendition)
        return await self._recall(key, lambda: self._files.find(video_id, kind, rendition))

    async def renditions(self, video_id: str) -> Sequence[Rendition]:
        """See `VideoFiles.renditions`."""
        return await self._recall(("renditions", video_id), lambda: self._files.renditions(video_id))

    async def audio_tracks(self, video_id: str) -> Sequence[int]:
        """See `VideoFiles.audio_tracks`."""
        return await self._recall(("audio", video_id), lambda: self._files.audio_tracks(video_id))

    async def audio_names(self, video_id: str) -> dict[int, tuple[str, str]]:
        """See `VideoFiles.audio_names`."""
        return await self._recall(("audio names", video_id), lambda: self._files.audio_names(video_id))

    async def duration_s(self, video_id: str) -> float | None:
        """See `VideoFiles.duration_s`."""
        return await self._recall(("duration", video_id), lambda: self._files.duration_s(video_id))

    async def owner(self, video_id: str) -> str | None:
        """See `VideoFiles.owner`."""
        return await self._recall(("owner", video_id), lambda: self._files.owner(video_id))

    async def require_access(self, video_id: str, principal: Principal) -> None:
        """Check that a principal may read a video: its owner and admins may.

        Raises:
            VideoNotFound: no such video, or another owner's.
        """
        owner = await self.owner(video_id) if is_id("vid", video_id) else None
        if owner is None or (owner != principal.user_id and not principal.is_admin):
            raise VideoNotFound(video_id)

    async def generation(self, video_id: str) -> int | None:
        """See `VideoFiles.generation`."""
        return await self._recall(("generation", video_id), lambda: self._files.generation(video_id))

    async def share(self, share_id: str) -> ShareState | None:
        """A share; None when there is none."""
        return await self._recall(("share", share_id), lambda: self._share(share_id))

    def forget(self) -> None:
        """Clear the cache in all processes of this host; call it after the commit that took something back."""
        self._recent.clear()

    def _peek(self, *key: str) -> object:
        return self._recent.get(key, self._clock())

    async def _recall(self, key: tuple[str, ...], ask: Callable[[], Awaitable[Found]]) -> Found:
        found = self._recent.get(key, self._clock())
        if found is not None:
            return cast(Found, found)
        # Concurrent requests for one key share a query, unless the cache was cleared since it began.
        generation = self._recent.generation
        place = generation, key
        asking = self._asking.get(place)
        if asking is None:
            asking = asyncio.create_task(self._ask(key, generation, ask), name=f"look up {key[0]}")
            self._asking[place] = asking
            asking.add_done_callback(lambda _: self._asking.pop(place, None))
        return cast(Found, await asyncio.shield(asking))

    async def _ask(self, key: tuple[str, ...], generation: int, ask: Callable[[], Awaitable[Found]]) -> Found:
        now = self._clock()  # before the query: the entry is as old as that
        found = await ask()
        if found is not None:
            self._recent.put(key, found, now=now, generation=generation)
        return found
