"""``/oembed``: how other sites embed a share link in their pages (https://oembed.com, version 1.0)."""

import re
from html import escape
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.shares.endpoints import SharesOf
from playhead.delivery.shares.errors import ShareEnded, ShareNotFound
from playhead.delivery.shares.public import poster_of
from playhead.delivery.shares.shares import Shared
from playhead.errors import PlayheadError

router = APIRouter(tags=["shares"])
"""Outside ``/api/v1``; public."""

PROVIDER = "Playhead"
DEFAULT_WIDTH = 640
MAX_SIDE = 10_000
POSTER_WIDTH = 960
"""Largest width of a poster."""

_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_PATH = re.compile(r"/(?:s|embed)/([^/?#]+)/?(?:[?#].*)?$", re.DOTALL)

Side = Annotated[int | None, Query(ge=1, le=MAX_SIDE, description="Pixels.")]


class FormatNotOffered(PlayheadError):
    """oEmbed section 2.3.4.1: 501 for a format that the provider does not have."""

    code = "format_not_offered"
    title = "Format not supported"
    status = 501
    fault = "caller"


class EmbedNotPublic(PlayheadError):
    """oEmbed section 2.3.4.1: 401 for what is not for everybody."""

    code = "embed_not_public"
    title = "Embedding needs a public link"
    status = 401
    fault = "caller"


class Embed(Shape):
    """An embedded player for another page."""

    version: Literal["1.0"] = "1.0"
    type: Literal["video"] = "video"
    provider_name: str = PROVIDER
    provider_url: str
    title: str
    html: str = Field(description="An iframe. It is shown on the sites in this server's `embed_origins`.")
    width: int
    height: int
    cache_age: int = Field(description="Seconds.")
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None


@router.get(
    "/oembed",
    summary="Describe how to embed a share link",
    response_model_exclude_none=True,
    responses=problem_responses(401, 404, 501),
)
async def get_embed(
    request: Request,
    response: Response,
    shares: SharesOf,
    links: Needs[SignedLinks],
    url: Annotated[str, Query(max_length=2048, description="A share link of this server: `/s/...` or `/embed/...`.")],
    maxwidth: Side = None,
    maxheight: Side = None,
    wanted: Annotated[str, Query(alias="format", max_length=20, description="`json` alone.")] = "json",
) -> Embed:
    """oEmbed 1.0, public. 401 where a password is needed, 404 for a link that leads to nothing or has ended."""
    if wanted.lower() != "json":
        raise FormatNotOffered(f"There is no format {wanted!r} here.", hint="Ask for format=json.")
    token = _token_in(url, address_of(request))
    shared = await shares.open(token)
    if shared.share.password_hash is not None:
        raise EmbedNotPublic("The link has a password.")
    if shared.video.state != "ready":
        raise ShareEnded
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return _embed(address_of(request), links, shared, token, maxwidth, maxheight)


def fitted(shape: tuple[int, int], max_width: int | None, max_height: int | None) -> tuple[int, int]:
    """The largest size of a shape within bounds; without a width, 640 wide.

    Args:
        shape: Width and height, any unit.
    """
    width, height = shape
    scale = (max_width or DEFAULT_WIDTH) / width
    if max_height is not None:
        scale = min(scale, max_height / height)
    return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


def _embed(
    base: str, links: SignedLinks, shared: Shared, token: str, maxwidth: int | None, maxheight: int | None
) -> Embed:
    video = shared.video
    shape = (video.width or 16, video.height or 9)
    width, height = fitted(shape, maxwidth, maxheight)
    title = escape(video.title, quote=True)
    html = (
        f'<iframe src="{escape(base, quote=True)}/embed/{token}" width="{width}" height="{height}" title="{title}" '
        'style="border:0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
    )
    embed = Embed(provider_url=base, title=video.title, html=html, width=width, height=height, cache_age=3600)
    poster = poster_of(links, shared)
    thumbnail = fitted(shape, min(POSTER_WIDTH, shape[0]), None)
    if poster is not None and thumbnail[0] <= (maxwidth or MAX_SIDE) and thumbnail[1] <= (maxheight or MAX_SIDE):
        embed.thumbnail_url = base + poster.path
        embed.thumbnail_width, embed.thumbnail_height = thumbnail
    return embed


def _token_in(url: str, base: str) -> str:
    """The token of a share link of this server.

    Raises:
        ShareNotFound: another server's URL, or another page's.
    """
    host, rest = _SCHEME.sub("", base), _SCHEME.sub("", url)
    match = _PATH.match(rest, len(host)) if rest[: len(host)].lower() == host.lower() else None
    if match is None:
        raise ShareNotFound("This is not a share link of this server.")
    return match[1]
