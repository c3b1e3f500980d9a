"""A source of a growing file of another host: the objects that it was shipped in, one after the other."""

from collections.abc import AsyncIterator, Sequence

from playhead.catalog.seams import ShippedSpan
from playhead.delivery.ranges import Span
from playhead.delivery.transfers.upstream import UpstreamSource
from playhead.storage.store import Remote


class ShippedSource:
    """Objects as a ``Source``, whose spans count from the start of the growing file."""

    def __init__(self, sources: Sequence[tuple[ShippedSpan, UpstreamSource]]) -> None:
        self._sources = sources

    @classmethod
    async def open(
        cls, store: Remote, objects: Sequence[ShippedSpan], parts: Sequence[Span | bytes]
    ) -> "ShippedSource":
        """Ask each object for what the first span among the parts wants of it; a segment is in one or two.

        Raises:
            ObjectNotFound, StoreUnavailable, StoreWrong: as of ``Remote.open_read``.
        """
        first = next((part for part in parts if isinstance(part, Span)), Span(0, 0))
        sources = []
        for each in objects:
            wanted = _within(each, first)
            spans = (wanted,) if wanted.length > 0 else ()
            sources.append((each, await UpstreamSource.open(store, each.key, each.end - each.start, spans)))
        return cls(sources)

    async def chunks(self, span: Span) -> AsyncIterator[bytes]:
        for each, source in self._sources:
            wanted = _within(each, span)
            if wanted.length > 0:
                async for chunk in source.chunks(wanted):
                    yield chunk

    async def gather(self, spans: Sequence[Span]) -> AsyncIterator[bytes]:
        for span in spans:
            async for chunk in self.chunks(span):
                yield chunk

    def close(self) -> None:
        for _, source in self._sources:
            source.close()


def _within(each: ShippedSpan, span: Span) -> Span:
    """What an object has of a span, on its own count; of no length or a negative one if it has nothing."""
    return Span(max(span.start, each.start) - each.start, min(span.end, each.end) - each.start)
