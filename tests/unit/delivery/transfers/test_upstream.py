"""Reading a remote store for a viewer: what is asked of it, and when."""

from collections.abc import AsyncIterator, Sequence

import pytest

from playhead.delivery.ranges import Span
from playhead.delivery.transfers.upstream import GAP_BYTES, UpstreamSource, windows
from playhead.storage.errors import StoreUnavailable, StoreWrong
from playhead.storage.store import Reading

FILE = bytes(n * 13 % 251 for n in range(400))


class CountingStore:
    """Gives ten bytes at a time, of an object that may have another length than it should."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = list(sizes)
        self.reads: list[tuple[int, int]] = []

    async def open_read(self, key: str, start: int, end: int) -> Reading:
        self.reads.append((start, end))
        return TenBytes(FILE[start:end], self.sizes.pop(0) if self.sizes else len(FILE))


class TenBytes:
    """A span that was begun."""

    def __init__(self, content: bytes, size_bytes: int) -> None:
        self._content, self.size_bytes = content, size_bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._content), 10):
            yield self._content[at : at + 10]


async def opened(store: CountingStore, *parts: Span | bytes) -> UpstreamSource:
    return await UpstreamSource.open(store, "key", len(FILE), parts)


async def collected(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


SPANS = [Span(3, 4), Span(8, 25), Span(25, 30), Span(39, 40), Span(40, 61), Span(7, 9)]


async def test_the_store_is_asked_once_for_spans_that_lie_together() -> None:
    store = CountingStore()
    source = await opened(store, b"moof", *SPANS)
    assert store.reads == [(3, 61)]

    data = await collected(source.gather(SPANS))
    assert data == b"".join(FILE[span.start : span.end] for span in SPANS)
    assert store.reads == [(3, 61), (7, 9)]


async def test_of_several_ranges_the_first_is_asked_for_before_the_head_is_sent() -> None:
    store = CountingStore()
    source = await opened(store, b"--x", Span(0, 10), b"--x", Span(20, 45), b"--x--")
    assert store.reads == [(0, 10)]

    assert await collected(source.chunks(Span(0, 10))) == FILE[:10]
    assert await collected(source.chunks(Span(20, 45))) == FILE[20:45]
    assert store.reads == [(0, 10), (20, 45)]


@pytest.mark.parametrize("parts", [(), (b"only bytes",), (Span(0, 0),)])
async def test_a_body_without_bytes_of_the_file_asks_for_nothing(parts: Sequence[Span | bytes]) -> None:
    store = CountingStore()
    source = await opened(store, *parts)

    assert await collected(source.chunks(Span(0, 0))) == b""
    assert (store.reads, source.found_bytes) == ([], len(FILE))


async def test_an_object_of_another_length_is_noticed_with_its_first_bytes() -> None:
    assert (await opened(CountingStore(399), Span(0, 10))).found_bytes == 399


async def test_an_object_that_is_another_later_on_is_not_passed_on() -> None:
    source = await opened(CountingStore(400, 401), Span(0, 10))
    await collected(source.chunks(Span(0, 10)))

    with pytest.raises(StoreWrong) as refusal:
        await collected(source.chunks(Span(20, 30)))
    assert isinstance(refusal.value, StoreUnavailable)
    assert refusal.value.status == 502


def test_a_wide_gap_is_worth_another_request() -> None:
    spans = [Span(0, 10), Span(10 + GAP_BYTES, 20 + GAP_BYTES), Span(21 + 2 * GAP_BYTES, 22 + 2 * GAP_BYTES)]

    assert windows(spans) == [spans[:2], spans[2:]]
