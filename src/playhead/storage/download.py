"""Bytes of one object on their way from a remote store: checked as they come, resumed where the store broke off."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import structlog

from playhead.kit.units import MIB
from playhead.storage.errors import StoreUnavailable, StoreWrong

RESUMES = 5
"""Times in a row that a store may break off before it has given another MiB."""

MAX_CHUNK = MIB

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer of the store whose head and first bytes are here.

    Args:
        start: Of the span that it says it gives, ``[start, end)``.
        size_bytes: Of the whole object.
        first: Its first bytes; empty for an empty span.
        rest: What follows; raises ``StoreUnavailable`` where the store breaks off.
    """

    start: int
    end: int
    size_bytes: int
    etag: str
    first: bytes
    rest: AsyncIterator[bytes]


Begin = Callable[[int, int | None], Awaitable[Begun]]
"""Asks for the span ``[start, end)``; None means the object's end."""


class Download:
    """One span of an object, begun.

    Attributes:
        start, end: The span that comes; shorter than what was asked for where the object is.
        size_bytes: Of the whole object.
    """

    def __init__(self, key: str, begin: Begin, begun: Begun) -> None:
        self._key, self._begin, self._begun = key, begin, begun
        self.start, self.end, self.size_bytes = begun.start, begun.end, begun.size_bytes

    @classmethod
    async def open(cls, key: str, begin: Begin, start: int, end: int | None) -> "Download":
        """Wait for the first bytes.

        Raises:
            StoreWrong: others come than those that were asked for.
        """
        return cls(key, begin, _checked(key, await begin(start, end), start, end))

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the bytes, at most 1 MiB at a time; none that is too many, and never fewer without an error. Once.

        Raises:
            StoreUnavailable: the store breaks off again and again.
            StoreWrong: it gives more or fewer bytes than it said, or another object in the middle.
        """
        at, since, broken = self.start, self.start, 0
        while at < self.end:
            try:
                chunk = await self._next(at)
            except StoreWrong:
                raise
            except StoreUnavailable as error:
                broken = 1 if at - since >= MIB else broken + 1
                since = at
                if broken > RESUMES:
                    raise
                await self._resume(at, error)
                continue
            at += len(chunk)
            for piece in _pieces(chunk):
                yield piece

    async def _next(self, at: int) -> bytes:
        """The bytes that come next. The last are held until it is certain that they are."""
        begun = self._begun
        chunk = begun.first or await anext(begun.rest, b"")
        if begun.first:
            self._begun = replace(begun, first=b"")
        left = self.end - at
        if not chunk:
            raise StoreWrong(f"The store ended {self._key} {left} bytes early.")
        if len(chunk) > left or (len(chunk) == left and await self._goes_on()):
            raise StoreWrong(f"The store gave more of {self._key} than [{self.start}, {self.end}).")
        return chunk

    async def _goes_on(self) -> bool:
        return bool(await anext(self._begun.rest, b""))

    async def _resume(self, at: int, error: StoreUnavailable) -> None:
        log.warning("store_read_resumed", key=self._key, at_bytes=at, end_bytes=self.end, error=error.detail)
        before = self._begun
        self._begun = _checked(self._key, await self._begin(at, self.end), at, self.end)
        if (self._begun.size_bytes, self._begun.etag) != (before.size_bytes, before.etag):
            raise StoreWrong(f"{self._key} became another object while it was read.")


def _checked(key: str, begun: Begun, start: int, end: int | None) -> Begun:
    wanted = begun.size_bytes if end is None else min(end, begun.size_bytes)
    if (begun.start, begun.end) != (start, wanted):
        raise StoreWrong(f"The store gave [{begun.start}, {begun.end}) of {key}, asked for [{start}, {wanted}).")
    return begun


def _pieces(chunk: bytes) -> list[bytes]:
    if len(chunk) <= MAX_CHUNK:
        return [chunk]
    return [chunk[at : at + MAX_CHUNK] for at in range(0, len(chunk), MAX_CHUNK)]
