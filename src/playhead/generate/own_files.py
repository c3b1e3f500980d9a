"""Input files for a provider that runs here: it reads them out of the store, so nobody has to reach this server."""

from typing import Final

import httpx2

from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Store

SCHEME: Final = "store://"


class StoreTransport(httpx2.AsyncBaseTransport):
    """Answers GET of ``store://`` and a key with the object's bytes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """200 or 404."""
        key = f"{request.url.host}{request.url.path}"
        try:
            size_bytes = (await self._store.stat(key)).size_bytes
        except ObjectNotFound:
            return httpx2.Response(404)
        return httpx2.Response(200, headers={"Content-Length": str(size_bytes)}, content=self._store.read(key))


def own_client(store: Store | None, *, timeout_s: float) -> httpx2.AsyncClient:
    """A client for files of this installation: of its store, or of this very server, wherever it listens."""
    mounts = {SCHEME: StoreTransport(store)} if store is not None else None
    return httpx2.AsyncClient(timeout=timeout_s, mounts=mounts)
