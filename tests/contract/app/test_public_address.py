"""The doctor of the public address: what a provider would meet there, said in words."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from playhead.api.outgoing import Outgoing
from playhead.app.public_address import Finding, PublicAddress
from playhead.catalog.asset_urls import AssetUrls
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.site import Site, open_site

Respond = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """An app at an address of this computer."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not server.started:
                await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def answering(response: Callable[[], Response]) -> ASGIApp:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await response()(scope, receive, send)

    return app


async def examined(site: Site, url: str | None) -> dict[str, Finding]:
    address = PublicAddress(site.get(AssetUrls), Outgoing(allow_private=True), url)
    return {finding.name: finding for finding in await address.examine()}


async def test_what_is_found_at_the_public_address(tmp_path: Path, sqlite_url: str, migrated_sqlite: Path) -> None:
    """This server, a redirect, another program, another Playhead, nothing at all."""
    async with open_site(tmp_path / "one", sqlite_url) as site:
        async with serving(site.app) as url:
            found = await examined(site, url)
            assert (found["address"].verdict, found["reach"].verdict) == ("failed", "failed")
            assert "https" in str(found["address"].hint)
            assert "127.0.0.1" in found["reach"].detail
            assert found["fetch"] == Finding("fetch", "Fetch", "ok", found["fetch"].detail)
        closed = (await examined(site, url))["fetch"]
        assert (closed.verdict, url in closed.detail) == ("failed", True)
        rows: list[tuple[Callable[[], Response], str]] = [
            (lambda: RedirectResponse("https://www.example.com/x?y=1", 308), "redirected to https://www.example.com,"),
            (lambda: PlainTextResponse("hello"), "answered with 200, and not by"),
            (lambda: PlainTextResponse("no", 502), "answered with 502"),
            (lambda: PlainTextResponse("no", 401), "answered with 401"),
        ]
        for response, words in rows:
            async with serving(answering(response)) as url:
                fetch = (await examined(site, url))["fetch"]
            assert (fetch.verdict, words in fetch.detail) == ("failed", True), fetch
        shutil.copy(migrated_sqlite, tmp_path / "two.db")
        async with open_site(tmp_path / "two", f"sqlite:///{tmp_path}/two.db") as other, serving(other.app) as url:
            assert "Another Playhead" in (await examined(site, url))["fetch"].detail


async def test_without_a_public_address_the_doctor_says_what_works(site: Site) -> None:
    await site.make_admin(site.ann)
    answer = (await site.ann.client.get("/api/v1/system/public-address")).json()

    assert (answer["public_url"], answer["verdict"]) == (None, "warning")
    assert "PLAYHEAD_PUBLIC_URL" in answer["findings"][0]["hint"]
    assert (await site.bob.client.get("/api/v1/system/public-address")).status_code == 403
    found = await examined(site, "https://nowhere.invalid")
    assert (found["host"].verdict, found["fetch"].verdict) == ("failed", "off")
