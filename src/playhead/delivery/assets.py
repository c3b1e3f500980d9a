"""``/assets/{video_id}?token=``: one file of one video for a program outside, such as a model provider's.

The token is all that it needs to show: such a program knows a URL and nothing else.
"""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.errors import InvalidCredential, SignatureExpired, SignatureInvalid, SignatureRevoked
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.delivery.answer import answer_with
from playhead.delivery.endpoints import BYTES
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.grants import Grant
from playhead.delivery.links import SignedLinks
from playhead.delivery.media import Media, MediaCatalog
from playhead.delivery.ownership import require_own
from playhead.delivery.playback import DEFAULT_TTL_S, PlaybackUrls
from playhead.errors import InvalidInput
from playhead.kit.ids import is_id

public_router = APIRouter(tags=["playback"])
"""Under ``/api/v1``; whoever shows a token needs no more."""

api_router = APIRouter(tags=["playback"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

MIN_LIFE_S, DEFAULT_LIFE_S, MAX_LIFE_S = 60, 900, 24 * 3600

AssetKind = Literal["file", "poster"]
Reader = Annotated[Principal, Depends(requires("videos:read"))]
VideoId = Annotated[str, Path(max_length=64)]


class AssetTokenInvalid(InvalidCredential):
    """A token that is wrong or over counts, even when a good session came with it."""

    code = "asset_token_invalid"
    title = "This asset token is not valid"


class AssetTokenRequest(Payload):
    """Which file, and for how long."""

    kind: AssetKind = "file"
    rendition: str | None = Field(
        default=None, max_length=40, description="For kind `file`: such as `720p`, in place of the original."
    )
    ttl_s: int = Field(default=DEFAULT_LIFE_S, ge=MIN_LIFE_S, le=MAX_LIFE_S, description="Seconds.")


class AssetToken(Shape):
    """A URL that a program outside can fetch without any other credential."""

    url: str = Field(description="Absolute: by the server's public address, or the host that this request named.")
    token: str
    expires_at: Timestamp


@api_router.post(
    "/videos/{video_id}/asset-token",
    summary="Make an asset token",
    responses=problem_responses(400, 401, 403, 404, 422),
)
async def make_asset_token(
    request: Request, response: Response, video_id: VideoId, principal: Reader, wanted: AssetTokenRequest | None = None
) -> AssetToken:
    """For a program that is to fetch one file of a private video, such as a model provider's. Ended like any link."""
    wish = wanted or AssetTokenRequest()
    await require_own(request, video_id, principal)
    name = _name(wish.kind, wish.rendition)
    await _media(request, video_id, name)
    links = service(request, SignedLinks)
    grant = Grant(await links.generation(video_id))
    made = service(request, PlaybackUrls).asset(video_id, name, ttl_s=wish.ttl_s, grant=grant)
    response.headers["Cache-Control"] = "no-store"
    path = f"/api/v1/assets/{video_id}?token={made.token}{_query(wish)}"
    return AssetToken(url=address_of(request) + path, token=made.token, expires_at=made.expires_at)


@public_router.get(
    "/assets/{video_id}",
    summary="Fetch a file by an asset token",
    response_class=Response,
    responses={**BYTES, **problem_responses(400, 401, 403, 404, 412, 416, 503)},
)
@public_router.head("/assets/{video_id}", include_in_schema=False)
async def get_asset(
    request: Request,
    video_id: VideoId,
    token: Annotated[str | None, Query(description="Without it a session or an API key.")] = None,
    kind: AssetKind = "file",
    rendition: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """A token is enough, and a bad one is 401 whatever else came with it."""
    name = _name(kind, rendition)
    if token is None:
        await require_own(request, video_id, await requires("videos:read").check(request))
        life_s, cache = DEFAULT_TTL_S, "private, no-cache"
    else:
        life_s = await _verified(request, video_id, name, token)
        cache = f"private, max-age={life_s}"
    media = await _media(request, video_id, name)
    return await answer_with(request, video_id, kind, media, cache_control=cache, download=False, life_s=life_s)


async def _verified(request: Request, video_id: str, name: str, token: str) -> int:
    """How many seconds a token is still good for.

    Raises:
        AssetTokenInvalid: it is not good for this file.
    """
    e, _, rest = token.partition(".")
    k, _, s = rest.rpartition(".")
    try:
        return await service(request, SignedLinks).verify("asset", video_id, e=e, k=k, s=s, name=name)
    except (SignatureInvalid, SignatureExpired, SignatureRevoked) as error:
        what = "The token does not fit this file." if isinstance(error, SignatureInvalid) else error.detail
        raise AssetTokenInvalid(what, hint="Ask for a new asset token.") from error


async def _media(request: Request, video_id: str, name: str) -> Media:
    catalog = service(request, MediaCatalog)
    kind, _, rendition = name.partition(":")
    media = None
    if is_id("vid", video_id):
        media = await (catalog.rendition(video_id, rendition) if rendition else catalog.media(video_id, _kind(kind)))
    if media is None:
        raise MediaNotFound(f"Video {video_id} has no {rendition or kind} that can be fetched.")
    return media


def _kind(text: str) -> AssetKind:
    return "poster" if text == "poster" else "file"


def _name(kind: AssetKind, rendition: str | None) -> str:
    """What a token is signed for.

    Raises:
        InvalidInput: a rendition of a poster.
    """
    if rendition is None:
        return kind
    if kind != "file":
        raise InvalidInput(f"A rendition is fetched as a file, not as {kind}.")
    return f"file:{rendition}"


def _query(wish: AssetTokenRequest) -> str:
    if wish.rendition is not None:
        return "&" + urlencode({"rendition": wish.rendition})
    return "" if wish.kind == "file" else f"&kind={wish.kind}"
