"""What delivery knows of videos and shares, remembered for five seconds: most media requests need no query.

Whatever takes something back (a deletion, a revocation) forgets all of it, at once in every process of the host
through a marker file; on other hosts it is gone within those five.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from playhead.delivery.media import Kind, Media, MediaCatalog, Rung
from playhead.kit.marker import Marker
from playhead.kit.recent import Recent

MAX_AGE_S = 4.0
"""The short way trusts what it saw for up to a second more: five in all, which is what is promised."""

MAX_ENTRIES = 8192
"""Some 0.6 KiB each; a video that is played takes three."""

Found = TypeVar("Found")
MonotonicClock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class ShareState:
    """What decides whether a share's links are good."""

    video_id: str
    expires_at: datetime | None
    revoked: bool

    def left_s(self, now: float) -> float:
        """Seconds until it expires, from a Unix time; infinite without an end."""
        return math.inf if self.expires_at is None else self.expires_at.timestamp() - now


class LinkStates(Protocol):
    """What can end a link; read from the database."""

    async def generation(self, video_id: str) -> int | None:
        """The generation of a video's links; None when there is no such video."""
        ...

    async def share(self, share_id: str) -> ShareState | None:
        """A share; None when there is none."""
        ...


class MediaCache:
    """A `MediaCatalog` that remembers what it read; only what exists is remembered.

    `peek`, `peek_generation` and `peek_share` answer from memory alone: None means unknown, so ask.
    """

    def __init__(
        self,
        catalog: MediaCatalog,
        states: LinkStates,
        *,
        marker: Marker | None = None,
        clock: MonotonicClock = time.monotonic,
    ) -> None:
        self._catalog = catalog
        self._states = states
        self._clock = clock
        self._recent: Recent[tuple[str, ...], Any] = Recent(max_age_s=MAX_AGE_S, max_entries=MAX_ENTRIES, marker=marker)
        self._asking: dict[tuple[int, tuple[str, ...]], asyncio.Task[Any]] = {}

    @property
    def era(self) -> int:
        """Another number whenever all was forgotten."""
        return self._recent.generation

    def peek(self, video_id: str, kind: Kind, name: str = "") -> Media | None:
        """A file as it was known within the last 5 s; None when nothing is known of it.

        Args:
            name: Of a rendition; its kind is ``file``.
        """
        return cast("Media | None", self._peek("media", video_id, kind, name))

    def peek_generation(self, video_id: str) -> int | None:
        """The generation of a video's links; None when unknown."""
        return cast("int | None", self._peek("generation", video_id))

    def peek_share(self, share_id: str) -> ShareState | None:
        """A share; None when unknown."""
        return cast("ShareState | None", self._peek("share", share_id))

    async def get(self, video_id: str, kind: Kind, name: str = "") -> Media | None:
        """A file, from memory or from the catalog; None when it is not there or not ready."""
        if name:
            return await self.rendition(video_id, name)
        return await self.media(video_id, kind)

    async def media(self, video_id: str, kind: Kind) -> Media | None:
        """As of `MediaCatalog`."""
        return await self._recall(("media", video_id, kind, ""), lambda: self._catalog.media(video_id, kind))

    async def rendition(self, video_id: str, name: str) -> Media | None:
        """As of `MediaCatalog`."""
        return await self._recall(("media", video_id, "file", name), lambda: self._catalog.rendition(video_id, name))

    async def rungs(self, video_id: str) -> Sequence[Rung]:
        """As of `MediaCatalog`."""
        return await self._recall(("rungs", video_id), lambda: self._catalog.rungs(video_id))

    async def audio_tracks(self, video_id: str) -> Sequence[int]:
        """As of `MediaCatalog`."""
        return await self._recall(("audio", video_id), lambda: self._catalog.audio_tracks(video_id))

    async def owner(self, video_id: str) -> str | None:
        """As of `MediaCatalog`."""
        return await self._recall(("owner", video_id), lambda: self._catalog.owner(video_id))

    async def generation(self, video_id: str) -> int | None:
        """As of `LinkStates`."""
        return await self._recall(("generation", video_id), lambda: self._states.generation(video_id))

    async def share(self, share_id: str) -> ShareState | None:
        """As of `LinkStates`."""
        return await self._recall(("share", share_id), lambda: self._states.share(share_id))

    def forget(self) -> None:
        """Forget all, here and in the other processes of this host: after the commit that took something back."""
        self._recent.clear()

    def _peek(self, *key: str) -> object:
        return self._recent.get(key, self._clock())

    async def _recall(self, key: tuple[str, ...], ask: Callable[[], Awaitable[Found]]) -> Found:
        found = self._recent.get(key, self._clock())
        if found is not None:
            return cast(Found, found)
        # Those who ask for the same at once share one query, unless something was taken back since it began.
        generation = self._recent.generation
        place = generation, key
        asking = self._asking.get(place)
        if asking is None:
            asking = asyncio.create_task(self._ask(key, generation, ask), name=f"look up {key[0]}")
            self._asking[place] = asking
            asking.add_done_callback(lambda _: self._asking.pop(place, None))
        return cast(Found, await asyncio.shield(asking))

    async def _ask(self, key: tuple[str, ...], generation: int, ask: Callable[[], Awaitable[Found]]) -> Found:
        now = self._clock()  # before the query: the answer is as old as that
        found = await ask()
        if found is not None:
            self._recent.put(key, found, now=now, generation=generation)
        return found
