"""``/assets/{id}?token=``: one file of one video, or one image, for an external program, such as a model provider's.

Such a program knows a URL and nothing else, so the token is its only credential. It gets the bytes from here, never a
redirect: many of them follow none.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.errors import InvalidCredential, SignatureExpired, SignatureInvalid, SignatureRevoked
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.catalog.asset_urls import (
    DEFAULT_LIFE_S,
    KIND,
    MAX_LIFE_S,
    MIN_LIFE_S,
    PROBE,
    PROBE_IMAGE,
    Asset,
    AssetKind,
    AssetUrls,
)
from playhead.catalog.asset_urls import AssetToken as MadeToken
from playhead.catalog.images.files import image_file
from playhead.catalog.images.images import Images
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.respond import REVALIDATE, Responder
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.links.shapes import OWN_BYTES
from playhead.delivery.links.signature import DEFAULT_TTL_S, SignedLinks, SignedQuery
from playhead.delivery.links.target import Target
from playhead.delivery.media_cache import MediaCache
from playhead.kit.ids import is_id

public_router = APIRouter(tags=["playback"])
"""Under ``/api/v1``; public, as a token is enough."""

api_router = APIRouter(tags=["playback"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

Reader = Annotated[Principal, Depends(requires("videos:read"))]
VideoId = Annotated[str, Path(max_length=64)]
ImageId = Annotated[str, Path(max_length=64)]
AssetId = Annotated[str, Path(max_length=64, description="Id of a video or an image.")]
Life = Annotated[int, Field(ge=MIN_LIFE_S, le=MAX_LIFE_S, description="Seconds.")]


class AssetTokenRequest(Payload):
    """The file, and the life of the token."""

    kind: AssetKind = "file"
    rendition: str | None = Field(
        default=None, max_length=40, description="For kind `file`: a rendition such as `720p`, instead of the original."
    )
    ttl_s: Life = DEFAULT_LIFE_S


class ImageTokenRequest(Payload):
    """The life of the token."""

    ttl_s: Life = DEFAULT_LIFE_S


class AssetToken(Shape):
    """A URL that an external program can fetch without any other credential."""

    url: str = Field(description="Absolute, with the server's public address or the host of this request.")
    token: str
    expires_at: Timestamp


@api_router.post(
    "/videos/{video_id}/asset-token",
    summary="Create an asset token",
    responses=problem_responses(400, 401, 403, 404, 422),
)
async def make_asset_token(
    request: Request,
    response: Response,
    video_id: VideoId,
    principal: Reader,
    media: Needs[MediaCache],
    links: Needs[SignedLinks],
    urls: Needs[AssetUrls],
    wanted: AssetTokenRequest | None = None,
) -> AssetToken:
    """For an external program, such as a model provider's, to fetch one file of a private video. Revoked as links."""
    options = wanted or AssetTokenRequest()
    await media.require_access(video_id, principal)
    asset = Asset(video_id, options.kind, options.rendition)
    await _video_file(media, asset)
    return _made(request, response, asset, urls.token(asset, ttl_s=options.ttl_s, grant=await links.grant(video_id)))


@api_router.post(
    "/images/{image_id}/asset-token",
    summary="Create an asset token of an image",
    responses=problem_responses(401, 403, 404, 422),
)
async def make_image_token(
    request: Request,
    response: Response,
    image_id: ImageId,
    principal: Reader,
    images: Needs[Images],
    urls: Needs[AssetUrls],
    wanted: ImageTokenRequest | None = None,
) -> AssetToken:
    """For an external program, such as a model provider's, to fetch a private image. It ends with the image."""
    asset = Asset((await images.get(principal, image_id)).id)
    return _made(request, response, asset, urls.token(asset, ttl_s=(wanted or ImageTokenRequest()).ttl_s))


@public_router.get(
    "/assets/{asset_id}",
    summary="Fetch a file by an asset token",
    response_class=Response,
    responses={**OWN_BYTES, **problem_responses(400, 401, 403, 404, 412, 416, 503)},
)
@public_router.head("/assets/{asset_id}", include_in_schema=False)
async def get_asset(
    request: Request,
    asset_id: AssetId,
    media: Needs[MediaCache],
    images: Needs[Images],
    links: Needs[SignedLinks],
    responder: Needs[Responder],
    token: Annotated[str | None, Query(description="Without a token, a session or an API key is needed.")] = None,
    kind: AssetKind = "file",
    rendition: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """A token is enough, and a bad one is 401 whatever else came with it. Never a redirect."""
    asset = Asset(asset_id, kind, rendition)
    if token is None:
        await _require_access(request, media, images, asset_id)
        life_s, cache_control = DEFAULT_TTL_S, REVALIDATE
    else:
        life_s = await _verified_life(links, asset, token)
        cache_control = f"private, max-age={life_s}"
    return await responder.respond(
        request,
        await _body(media, images, asset),
        subject=asset_id,
        kind="asset",
        cache_control=cache_control,
        life_s=life_s,
        offload=False,
    )


async def _require_access(request: Request, media: MediaCache, images: Images, asset_id: str) -> None:
    principal = await requires("videos:read").check(request)
    if is_id("img", asset_id):
        await images.get(principal, asset_id)
    else:
        await media.require_access(asset_id, principal)


async def _verified_life(links: SignedLinks, asset: Asset, token: str) -> int:
    """Seconds for which a token is still valid.

    Raises:
        InvalidCredential: it is not valid for this file.
    """
    target, query = Target(KIND, asset.subject, name=asset.name), SignedQuery.of_token(token)
    try:
        if is_id("vid", asset.subject):
            return (await links.verify(target, query)).life_s
        return links.signed(target, query).life_s  # an image's links have no generations: they end with it
    except (SignatureInvalid, SignatureExpired, SignatureRevoked) as error:
        what = "The token does not fit this file." if isinstance(error, SignatureInvalid) else error.detail
        raise InvalidCredential(
            what, hint="Ask for a new asset token.", code="asset_token_invalid", title="This asset token is not valid"
        ) from error


async def _body(media: MediaCache, images: Images, asset: Asset) -> Body:
    if asset.subject == PROBE:
        return Body.of_bytes(PROBE_IMAGE, b"image/png", datetime(2026, 1, 1, tzinfo=UTC))
    if is_id("img", asset.subject):
        row = await images.look_up(asset.subject) if asset.kind == "file" else None
        if row is None:
            raise MediaNotFound(f"Image {asset.subject} has no {asset.kind} that can be fetched.")
        return Body.of_file(image_file(row))
    return await _video_file(media, asset)


async def _video_file(media: MediaCache, asset: Asset) -> Body:
    file = None
    if is_id("vid", asset.subject):
        file = await media.find(asset.subject, asset.kind, asset.rendition or "")
    if file is None:
        raise MediaNotFound(f"Video {asset.subject} has no {asset.rendition or asset.kind} that can be fetched.")
    return Body.of_file(file)


def _made(request: Request, response: Response, asset: Asset, made: MadeToken) -> AssetToken:
    response.headers["Cache-Control"] = "no-store"
    return AssetToken(url=address_of(request) + asset.path(made.token), token=made.token, expires_at=made.expires_at)
