"""Offloading: responses whose bytes are sent by the store, after a redirect, or by nginx, after X-Accel-Redirect."""

import time
from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from playhead.catalog.files import MediaFile
from playhead.delivery.ranges import Span
from playhead.delivery.selection import RawHeaders, Selection
from playhead.delivery.transfers.sources import Sources
from playhead.kit.recent import Recent
from playhead.storage.keys import check_key
from playhead.storage.store import LocalFiles, Presigning, Store

Mode = Literal["redirect", "proxy", "accel"]
"""``redirect``: a remote store serves browsers itself. ``proxy``: Playhead sends everything. ``accel``: nginx does,
by ``X-Accel-Redirect``."""

ACCEL_STORE = "/_playhead/store/"
"""nginx's internal location over the folder of a local store."""

ACCEL_REMOTE = "/_playhead/remote"
"""nginx's internal location that proxies to a remote store; the path and query of a presigned URL follow."""

ACCEL_LIFE_S = 300
"""A presigned URL that only nginx sees is used at once."""

WANTED_RANGE = "X-Playhead-Range"
"""The range as it was resolved here, for nginx to ask the store for: some answer a suffix range wrongly."""

_PUT_ASIDE = frozenset({"Cache-Control", "Content-Disposition"})
"""nginx would copy these to an error page of its own, too: it gets them under ``X-Playhead-...``."""

SAME_URL_S = 30.0
"""Time for which a link leads to the same presigned URL, so that a player that seeks needs no new one."""

_OWN_CONDITIONS = frozenset({b"if-match", b"if-unmodified-since"})
"""nginx would judge them by the file's time, and refuse what we have found to hold."""


class Offload:
    """Offloads files of one store.

    Args:
        clock: Unix seconds.
    """

    def __init__(self, store: Store, mode: Mode = "redirect", *, clock: Callable[[], float] = time.time) -> None:
        self._mode = mode
        self._clock = clock
        self._is_local = isinstance(store, LocalFiles)
        self._presigning = None if self._is_local or not isinstance(store, Presigning) else store
        self._urls: Recent[tuple[str, int], str] = Recent(max_age_s=SAME_URL_S, max_entries=4096)

    async def respond(
        self,
        selection: Selection,
        file: MediaFile,
        *,
        method: str,
        fields: Mapping[bytes, bytes],
        sources: Sources,
        headers: Mapping[str, str],
        life_s: int,
    ) -> Response | None:
        """The response that has others send the bytes; None when they are sent from here.

        It needs no request to a remote store.

        Args:
            fields: Headers of the request.
            headers: Headers that the endpoint adds.
            life_s: Seconds for which a presigned URL may live.

        Raises:
            MediaNotFound, Unavailable: a local file is not there.
        """
        if self._mode == "redirect" and self._presigning is not None:
            if method == "GET" and selection.status != 304:
                return _redirect(await self._presigned(self._presigning, file.key, max(life_s, 1)), headers)
            return _bare(selection.status, selection.headers, headers)
        if self._mode == "accel" and len(selection.parts) == 1:  # several ranges are assembled here
            if self._is_local:
                return await self._file_by_nginx(selection, file, fields, sources, headers)
            return await self._object_by_nginx(selection, file, headers)
        return None

    def peek(self, key: str, life_s: int) -> str | None:
        """The presigned URL of a redirect if it is in memory; nothing is requested or signed.

        Args:
            life_s: See `respond`.
        """
        if self._mode != "redirect" or self._presigning is None:
            return None
        now = self._clock()
        return self._urls.get((key, int(now) + max(life_s, 1)), now)

    async def _presigned(self, store: Presigning, key: str, life_s: int) -> str:
        now = self._clock()
        place = key, int(now) + life_s  # the same for one link, whenever it is requested
        url = self._urls.get(place, now)
        if url is None:
            url = await store.presign(key, expires_s=life_s)
            self._urls.put(place, url, now=now, generation=self._urls.generation)
        return url

    async def _file_by_nginx(
        self,
        selection: Selection,
        file: MediaFile,
        fields: Mapping[bytes, bytes],
        sources: Sources,
        headers: Mapping[str, str],
    ) -> Response | None:
        if not _OWN_CONDITIONS.isdisjoint(fields):
            return None
        (await sources.open(file)).close()  # a missing file must be our problem document, not an nginx page
        return _by_nginx(selection, headers, {"X-Accel-Redirect": ACCEL_STORE + check_key(file.key)})

    async def _object_by_nginx(
        self, selection: Selection, file: MediaFile, headers: Mapping[str, str]
    ) -> Response | None:
        span = selection.parts[0]
        if self._presigning is None or not isinstance(span, Span):
            return None
        url = urlsplit(await self._presigned(self._presigning, file.key, ACCEL_LIFE_S))
        accel = {"X-Accel-Redirect": f"{ACCEL_REMOTE}{url.path}?{url.query}"}
        if selection.status == 206:
            accel[WANTED_RANGE] = f"bytes={span.start}-{span.end - 1}"
        return _by_nginx(selection, headers, accel)


def _redirect(url: str, headers: Mapping[str, str]) -> Response:
    """A redirect with the headers that protect the page; the rest is up to the store."""
    kept = {name: value for name, value in headers.items() if name != "Content-Disposition"}
    return RedirectResponse(url, 307, headers={**kept, "Cache-Control": "no-store"})


def _by_nginx(selection: Selection, headers: Mapping[str, str], accel: Mapping[str, str]) -> Response:
    kept = {f"X-Playhead-{name}" if name in _PUT_ASIDE else name: value for name, value in headers.items()}
    fields = [field for field in selection.headers if field[0] not in _OF_A_BODY]
    return _bare(200, fields, {**kept, **accel})


_OF_A_BODY = frozenset({b"content-length", b"content-range", b"accept-ranges"})
"""Headers that the sender of the body adds."""


def _bare(status: int, fields: RawHeaders, headers: Mapping[str, str]) -> Response:
    response = Response(status_code=status)
    added = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    response.raw_headers = [*fields, *added]
    return response
