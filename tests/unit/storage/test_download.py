"""Reading on over a store that breaks off, and never passing on what is not the object."""

from collections.abc import AsyncIterator

import pytest

from playhead.storage.download import RESUMES, Begun, Download
from playhead.storage.errors import StoreUnavailable, StoreWrong

CONTENT = bytes(range(100))


class Flaky:
    """A store of one object; each answer gives so many bytes, then breaks off."""

    def __init__(self, *given: int, size: int = 100, etags: str = "aaaaaaaaaa") -> None:
        self.given, self.size, self.etags = given, size, etags
        self.asked: list[tuple[int, int | None]] = []

    async def begin(self, start: int, end: int | None) -> Begun:
        number = len(self.asked)
        self.asked.append((start, end))
        last = min(self.size, self.size if end is None else end)
        stop = start + (self.given[number] if number < len(self.given) else self.size)
        rest = self._rest(start, last, stop)
        return Begun(start, last, self.size, self.etags[number], await anext(rest, b""), rest)

    async def _rest(self, start: int, end: int, stop: int) -> AsyncIterator[bytes]:
        for at in range(start, end, 7):
            yield CONTENT[at : min(at + 7, end)]
            if at + 7 >= stop:
                raise StoreUnavailable("broke off")


class Lying:
    """A store whose answer is given by the test."""

    def __init__(self, *chunks: bytes, said: tuple[int, int, int] = (10, 20, 100)) -> None:
        self.chunks, self.said = chunks, said

    async def begin(self, start: int, end: int | None) -> Begun:
        rest = self._rest()
        return Begun(*self.said, "etag", await anext(rest, b""), rest)

    async def _rest(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk


async def read(store: Flaky | Lying, start: int, end: int | None, into: list[bytes] | None = None) -> bytes:
    download = await Download.open("key", store.begin, start, end)
    got = [] if into is None else into
    async for chunk in download.chunks():
        got.append(chunk)
    return b"".join(got)


async def test_a_read_that_broke_off_goes_on_from_its_last_byte() -> None:
    store = Flaky(14, 21)

    assert await read(store, 10, 90) == CONTENT[10:90]
    assert store.asked == [(10, 90), (24, 90), (45, 90)]


async def test_the_end_of_an_object_may_be_unknown() -> None:
    store = Flaky(14)

    assert await read(store, 0, None) == CONTENT
    assert store.asked == [(0, None), (14, 100)]


async def test_a_store_that_breaks_off_all_the_time_is_given_up() -> None:
    store = Flaky(*[7] * 20)

    with pytest.raises(StoreUnavailable, match="broke off"):
        await read(store, 0, 100)
    assert len(store.asked) == 1 + RESUMES


async def test_an_object_that_changed_in_the_middle_is_never_mixed() -> None:
    store, got = Flaky(14, etags="ab"), list[bytes]()

    with pytest.raises(StoreWrong, match="became another object"):
        await read(store, 0, 100, got)
    assert b"".join(got) == CONTENT[:14]


@pytest.mark.parametrize(
    "said", [(0, 10, 100), (10, 15, 100), (10, 21, 100), (0, 100, 100)], ids=["other", "shorter", "longer", "whole"]
)
async def test_another_range_is_refused_before_its_first_byte(said: tuple[int, int, int]) -> None:
    with pytest.raises(StoreWrong, match="asked for"):
        await Download.open("key", Lying(CONTENT, said=said).begin, 10, 20)


@pytest.mark.parametrize("chunks", [(b"12345",), (b"12345", b"6789012"), (b"1234567890", b"1"), (b"x" * 11,)])
async def test_fewer_or_more_bytes_than_promised_never_pass_for_the_whole(chunks: tuple[bytes, ...]) -> None:
    got: list[bytes] = []
    with pytest.raises(StoreWrong):
        await read(Lying(*chunks), 10, 20, got)

    assert len(b"".join(got)) < 10
