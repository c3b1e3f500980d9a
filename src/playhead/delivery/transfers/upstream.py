"""A source of files in a remote store, for viewers who are not redirected to it."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from itertools import takewhile

from playhead.delivery.ranges import Span
from playhead.kit.units import KIB
from playhead.storage.errors import StoreWrong
from playhead.storage.store import Reading, Remote

GAP_BYTES = 1024 * KIB
"""Largest gap that is read and discarded instead of sending another request: about 10 ms against about 30."""


class UpstreamSource:
    """An object as a ``Source``.

    Its first bytes are read before the head of the response is sent, so that an error of the store can be reported.
    A viewer holds at most 1 MiB of the rest, however slow it is.

    Args:
        size_bytes: Size in the catalog; ranges were resolved with it, so no other is accepted.
    """

    def __init__(self, store: Remote, key: str, size_bytes: int) -> None:
        self._store, self._key = store, key
        self._size_bytes = size_bytes
        self._begun: tuple[Span, Reading] | None = None
        self.found_bytes = size_bytes

    @classmethod
    async def open(
        cls, store: Remote, key: str, size_bytes: int, parts: Sequence[Span | bytes] = ()
    ) -> "UpstreamSource":
        """Ask for the first spans among the parts of a body; for nothing when there are none.

        Sets ``found_bytes`` to the object's length, where the store sent it.

        Raises:
            ObjectNotFound, StoreUnavailable, StoreWrong: as of ``Remote.open_read``.
        """
        source = cls(store, key, size_bytes)
        spans = list(_first_spans(parts))
        window = _around(windows(spans)[0]) if spans else Span(0, 0)
        if window.length:
            reading = await store.open_read(key, window.start, window.end)
            source._begun, source.found_bytes = (window, reading), reading.size_bytes
        return source

    async def chunks(self, span: Span) -> AsyncIterator[bytes]:
        async with aclosing(self._window([span])) as chunks:
            async for chunk in chunks:
                yield chunk

    async def gather(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:
        for window in windows(spans):
            async with aclosing(self._window(window)) as chunks:
                async for chunk in chunks:
                    yield chunk

    def close(self) -> None:
        self._begun = None

    async def _window(self, spans: Sequence[Span]) -> AsyncGenerator[bytes, None]:
        """Ascending spans out of one read."""
        at = spans[0].start
        if at == spans[-1].end:  # the whole of an empty file
            return
        wanted = iter(spans)
        span = next(wanted)
        async for chunk in (await self._read(_around(spans))).chunks():
            end = at + len(chunk)
            while span.start < end:
                yield chunk[max(span.start, at) - at : span.end - at]
                if span.end > end:
                    break
                following = next(wanted, None)
                if following is None:
                    break
                span = following
            at = end

    async def _read(self, window: Span) -> Reading:
        if self._begun is not None and self._begun[0] == window:
            (_, reading), self._begun = self._begun, None
            return reading
        reading = await self._store.open_read(self._key, window.start, window.end)
        if reading.size_bytes != self._size_bytes:
            raise StoreWrong(f"{self._key} has {reading.size_bytes} bytes now, not {self._size_bytes}.")
        return reading


def windows(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans in groups that are each worth one read: ascending, with gaps of at most ``GAP_BYTES``."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and 0 <= span.start - groups[-1][-1].end <= GAP_BYTES:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _around(spans: Sequence[Span]) -> Span:
    return Span(spans[0].start, spans[-1].end)


def _first_spans(parts: Sequence[Span | bytes]) -> Iterator[Span]:
    """The spans that stand together before anything else does; that is how a body is sent."""
    first = next((number for number, part in enumerate(parts) if isinstance(part, Span)), len(parts))
    for part in takewhile(lambda part: isinstance(part, Span), parts[first:]):
        assert isinstance(part, Span)
        yield part
