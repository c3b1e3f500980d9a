"""Results of providers, opened from a byte on at hosts that are allowed."""

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from playhead.generate.errors import ProviderKeyRefused, ProviderThrottled, ResultExpired, ResultNotReady, ResultRefused
from playhead.generate.provider import Download
from playhead.generate.providers.hosts import Hosts
from playhead.kit.retry_after import read_retry_after
from playhead.kit.text import shorten
from playhead.kit.urls import HostUnknown, UrlRefused

if TYPE_CHECKING:
    import httpx2

MAX_REDIRECTS: Final = 5
HEAD_TIMEOUT_S: Final = 60.0
REDIRECTS: Final = (301, 302, 303, 307, 308)
PIECE: Final = 1 << 20


@asynccontextmanager
async def open_url(
    client: "httpx2.AsyncClient", url: str, *, name: str, start: int, hosts: Hosts, auth: Mapping[str, str]
) -> AsyncIterator[Download]:
    """Open a result. A ``data:`` URL is one, too.

    Args:
        name: Of the provider.
        hosts: Where it and each redirect must lead.
        auth: Headers of the first request; redirects go without.

    Raises:
        ResultNotReady, ResultExpired, ResultRefused: see `Provider.open_result`.
        ProviderThrottled: 429.
    """
    if url.startswith("data:"):
        yield _of_data(url, start)
        return
    response = await _follow(client, url, name, start, hosts, auth)
    if response.status_code == 416 and start and _total(response.headers) != start:
        await response.aclose()  # it is shorter than what we have of it: from the beginning
        start, response = 0, await _follow(client, url, name, 0, hosts, auth)
    try:
        async with aclosing(_chunks(response)) as chunks:
            yield _download(response, name, start, chunks)
    finally:
        await response.aclose()


async def _follow(
    client: "httpx2.AsyncClient", url: str, name: str, start: int, hosts: Hosts, auth: Mapping[str, str]
) -> "httpx2.Response":
    headers = {"accept-encoding": "identity", **({"range": f"bytes={start}-"} if start else {}), **auth}
    for _ in range(MAX_REDIRECTS + 1):
        if not hosts.allow(url):
            raise ResultRefused(
                f"{name} gave a result at {shorten(urlsplit(url).netloc or url, 100)}, which is not one of its hosts.",
                hint="If the result is really there, add the host to the result hosts of the provider.",
            )
        response = await _get(client, url, headers)
        if response.status_code not in REDIRECTS:
            return response
        url = urljoin(url, response.headers.get("location", ""))
        await response.aclose()
        headers = {key: value for key, value in headers.items() if key not in auth}
    raise ResultRefused(f"{name} redirects the result more than {MAX_REDIRECTS} times.")


async def _get(client: "httpx2.AsyncClient", url: str, headers: Mapping[str, str]) -> "httpx2.Response":
    import httpx2

    timeout = httpx2.Timeout(HEAD_TIMEOUT_S, connect=15)
    try:
        request = client.build_request("GET", url, headers=headers, timeout=timeout)
        async with asyncio.timeout(HEAD_TIMEOUT_S):
            return await client.send(request, stream=True, follow_redirects=False)
    except HostUnknown as error:
        raise ResultNotReady(f"The result cannot be fetched now: {error}") from error
    except UrlRefused as error:
        raise ResultRefused(f"The result is not fetched: {error}") from error
    except httpx2.InvalidURL as error:
        raise ResultRefused("The address of the result is malformed.") from error
    except (httpx2.HTTPError, OSError) as error:
        raise ResultNotReady(f"The result cannot be fetched now: {str(error) or type(error).__name__}.") from error


def _download(response: "httpx2.Response", name: str, start: int, chunks: AsyncIterator[bytes]) -> Download:
    status, headers = response.status_code, response.headers
    content_type = headers.get("content-type")
    if status == 206:
        found = re.match(r"bytes (\d+)-", headers.get("content-range", ""))
        if found is None or int(found[1]) > start:
            raise ResultNotReady(f"{name} gave another part of the result than the one from byte {start}.")
        return Download(int(found[1]), _total(headers), content_type, chunks)
    if status == 200:
        encoded = headers.get("content-encoding", "identity") != "identity"
        length = headers.get("content-length", "")
        return Download(0, int(length) if length.isdecimal() and not encoded else None, content_type, chunks)
    if status == 416 and start:
        return Download(start, start, content_type, _pieces(b"", 0))
    said = f"{name} responded with {status} to the request for the result."
    if status == 401:
        raise ProviderKeyRefused(said, hint=f"Check the key of {name} in the settings of providers.")
    if status in (403, 404, 410):
        raise ResultExpired(f"{said} It does not exist any more.")
    if status == 429:
        raise ProviderThrottled(said, retry_after_s=_wait(headers))
    raise ResultNotReady(said)


async def _chunks(response: "httpx2.Response") -> AsyncGenerator[bytes]:
    import httpx2

    try:
        async for chunk in response.aiter_bytes():
            yield chunk
    except (httpx2.HTTPError, OSError) as error:
        raise ResultNotReady(f"The download broke off: {str(error) or type(error).__name__}.") from error


async def _pieces(content: bytes, start: int) -> AsyncGenerator[bytes]:
    for at in range(start, len(content), PIECE):
        yield content[at : at + PIECE]


def _total(headers: Mapping[str, str]) -> int | None:
    found = re.search(r"/(\d+)$", headers.get("content-range", ""))
    return int(found[1]) if found else None


def _wait(headers: Mapping[str, str]) -> float | None:
    found = read_retry_after(headers.get("retry-after"), datetime.now(UTC))
    return found.total_seconds() if found else None


def _of_data(url: str, start: int) -> Download:
    head, comma, data = url[len("data:") :].partition(",")
    media_type, *options = head.split(";")
    try:
        content = base64.b64decode(data, validate=True) if "base64" in options else unquote_to_bytes(data)
    except (binascii.Error, ValueError) as error:
        raise ResultRefused("The provider gave a malformed data URL.") from error
    if not comma:
        raise ResultRefused("The provider gave a malformed data URL.")

    return Download(min(start, len(content)), len(content), media_type or None, _pieces(content, start))
