"""Requests of an HLS capture: playlists and segments, each of bounded size and time."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from playhead.kit.units import KIB, MIB
from playhead.kit.urls import UrlRefused
from playhead.media.hls.read import MediaPlaylist, MultivariantPlaylist, Span, read_playlist

if TYPE_CHECKING:
    import httpx2

MAX_PLAYLIST = 16 * MIB
MAX_SEGMENT = 256 * MIB
MAX_INIT = MIB

REQUEST_S = 30.0
"""Time of one request from its start to its last byte."""

_LONG = 256 * KIB  # a playlist that takes more than some milliseconds to read
_BLOCK = MIB  # what is written at once; a hop to a thread is worth it


Take = Callable[[bytes], Awaitable[object] | None]
"""Takes a chunk of a body."""


class FetchFailed(Exception):
    """A request without the wanted answer; the text names no URL."""


class Fetching:
    """Requests to one source.

    Args:
        client: From `api.outgoing.Outgoing`: it refuses addresses that must not be opened.
        headers: As secret as a URL.
    """

    def __init__(self, client: "httpx2.AsyncClient", headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    async def playlist(self, url: str) -> tuple[MediaPlaylist | MultivariantPlaylist, str]:
        """A playlist, and the URL that it came from in the end.

        Raises:
            FetchFailed: no answer.
            PlaylistUnreadable: the answer is no playlist.
        """
        kept: list[bytes] = []
        final = await self._stream(url, None, MAX_PLAYLIST, kept.append)
        text = b"".join(kept).decode("utf-8", errors="replace")
        if len(text) < _LONG:
            return read_playlist(text, final), final
        return await asyncio.to_thread(read_playlist, text, final), final

    async def small(self, url: str, span: Span | None) -> bytes:
        """An initialization section.

        Raises:
            FetchFailed: no answer.
        """
        kept: list[bytes] = []
        await self._stream(url, span, MAX_INIT, kept.append)
        return b"".join(kept)

    async def append(self, url: str, span: Span | None, path: Path) -> None:
        """Add a segment's bytes to the end of a file.

        Raises:
            FetchFailed: no answer, or not the whole of it.
            OSError: the disk.
        """
        with await asyncio.to_thread(path.open, "ab") as file:
            blocks = _Blocks(file)
            await self._stream(url, span, MAX_SEGMENT, blocks.add)
            await asyncio.to_thread(file.write, blocks.rest())

    async def _stream(self, url: str, span: Span | None, most: int, take: Take) -> str:
        import httpx2

        headers = {**self._headers, **({"Range": f"bytes={span[0]}-{span[1] - 1}"} if span else {})}
        try:
            async with asyncio.timeout(REQUEST_S), self._client.stream("GET", url, headers=headers) as response:
                if response.status_code not in (200, 206):
                    raise FetchFailed(f"the server answered {response.status_code}")
                await _read(response, span if response.status_code == 200 else None, most, take)
                return str(response.url)
        except TimeoutError:
            raise FetchFailed(f"the server took more than {REQUEST_S:.0f} s") from None
        except httpx2.HTTPError as error:
            raise FetchFailed(f"the connection failed ({type(error).__name__})") from None
        except (httpx2.InvalidURL, UrlRefused) as error:
            raise FetchFailed(f"the address is refused: {error}") from None


async def _read(response: "httpx2.Response", cut: Span | None, most: int, take: Take) -> None:
    """Take the body; of a server that ignores ranges, the span of it."""
    size = 0
    async for chunk in response.aiter_bytes():
        start, size = size, size + len(chunk)
        if size > (cut[1] if cut else 0) + most:
            raise FetchFailed(f"the answer has more than {most} bytes")
        kept = chunk if cut is None else chunk[max(0, cut[0] - start) : max(0, cut[1] - start)]
        if (written := take(kept)) is not None:
            await written


class _Blocks:
    """Gathers chunks, so that few writes leave the event loop."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._held, self._size = file, list[bytes](), 0

    def add(self, chunk: bytes) -> Awaitable[object] | None:
        self._held.append(chunk)
        self._size += len(chunk)
        return asyncio.to_thread(self._file.write, self.rest()) if self._size >= _BLOCK else None

    def rest(self) -> bytes:
        held, self._held, self._size = self._held, [], 0
        return b"".join(held)
