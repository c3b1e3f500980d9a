"""The pages of share links: the interface's own page, whose head describes the video to other programs."""

from html import escape
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from playhead.api.addresses import address_of
from playhead.api.services import service
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.shares.public import poster_of
from playhead.delivery.shares.shares import Shared, Shares
from playhead.errors import PlayheadError

PRIVATE = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
"""Share pages are for people with the link, not for search engines."""


def add_share_pages(app: FastAPI, shell: Path) -> None:
    """Serve ``/s/{token}`` and ``/embed/{token}``, whatever a client says it accepts.

    Args:
        shell: The interface's page, read once.
    """
    page = shell.read_text(encoding="utf-8")

    @app.get("/s/{token}", include_in_schema=False)
    @app.head("/s/{token}", include_in_schema=False)
    async def share_page(request: Request, token: str) -> HTMLResponse:
        return await _page(request, token, page)

    @app.get("/embed/{token}", include_in_schema=False)
    @app.head("/embed/{token}", include_in_schema=False)
    async def embed_page(request: Request, token: str) -> HTMLResponse:
        return await _page(request, token, page)


async def _page(request: Request, token: str, page: str) -> HTMLResponse:
    head = await _head(request, token)
    return HTMLResponse(page.replace("</head>", f"{head}</head>", 1), headers=PRIVATE)


async def _head(request: Request, token: str) -> str:
    """What other programs look for; of a link with a password, or one that leads to nothing, only where to ask."""
    base = address_of(request)
    ask = f"{base}/oembed?format=json&url={quote(f'{base}/s/{token}', safe='')}"
    lines = [f'<link rel="alternate" type="application/json+oembed" href="{escape(ask)}" />']
    try:
        shared = await service(request, Shares).open(token)
    except PlayheadError:  # the page says what is wrong
        return lines[0]
    if shared.share.password_hash is None:
        lines += _card(request, base, shared)
    return "".join(lines)


def _card(request: Request, base: str, shared: Shared) -> list[str]:
    facts = {"og:type": "video.other", "og:title": shared.video.title, "twitter:card": "summary_large_image"}
    poster = poster_of(service(request, SignedLinks), shared)
    if poster is not None:
        facts["og:image"] = base + poster.path
    return [f'<meta property="{name}" content="{escape(value)}" />' for name, value in facts.items()]
