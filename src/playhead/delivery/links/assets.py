"""``/assets/{video_id}?token=``: one file of one video for an external program, such as a model provider's.

Such a program knows a URL and nothing else, so the token is its only credential.
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
from playhead.api.services import Needs
from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.catalog.files import MediaFile
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.respond import REVALIDATE, Responder
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.links.shapes import BYTES
from playhead.delivery.links.signature import DEFAULT_TTL_S, SignedLinks, SignedQuery
from playhead.delivery.links.target import Target
from playhead.delivery.media_cache import MediaCache
from playhead.errors import InvalidInput
from playhead.kit.ids import is_id

public_router = APIRouter(tags=["playback"])
"""Under ``/api/v1``; public, as a token is enough."""

api_router = APIRouter(tags=["playback"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

MIN_LIFE_S, DEFAULT_LIFE_S, MAX_LIFE_S = 60, 900, 24 * 3600

AssetKind = Literal["file", "poster"]
Reader = Annotated[Principal, Depends(requires("videos:read"))]
VideoId = Annotated[str, Path(max_length=64)]


class AssetTokenRequest(Payload):
    """The file, and the life of the token."""

    kind: AssetKind = "file"
    rendition: str | None = Field(
        default=None, max_length=40, description="For kind `file`: a rendition such as `720p`, instead of the original."
    )
    ttl_s: int = Field(default=DEFAULT_LIFE_S, ge=MIN_LIFE_S, le=MAX_LIFE_S, description="Seconds.")


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
    wanted: AssetTokenRequest | None = None,
) -> AssetToken:
    """For an external program, such as a model provider's, to fetch one file of a private video. Revoked as links."""
    options = wanted or AssetTokenRequest()
    await media.require_access(video_id, principal)
    target = _target(video_id, options.kind, options.rendition)
    await _file(media, video_id, options.kind, options.rendition)
    made = links.token(target, ttl_s=options.ttl_s, grant=await links.grant(video_id))
    response.headers["Cache-Control"] = "no-store"
    path = f"/api/v1/assets/{video_id}?token={made.token}{_query(options)}"
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
    media: Needs[MediaCache],
    links: Needs[SignedLinks],
    responder: Needs[Responder],
    token: Annotated[str | None, Query(description="Without a token, a session or an API key is needed.")] = None,
    kind: AssetKind = "file",
    rendition: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """A token is enough, and a bad one is 401 whatever else came with it."""
    target = _target(video_id, kind, rendition)
    if token is None:
        await media.require_access(video_id, await requires("videos:read").check(request))
        life_s, cache_control = DEFAULT_TTL_S, REVALIDATE
    else:
        life_s = await _verified_life(links, target, token)
        cache_control = f"private, max-age={life_s}"
    body = Body.of_file(await _file(media, video_id, kind, rendition))
    return await responder.respond(
        request, body, subject=video_id, kind=kind, cache_control=cache_control, life_s=life_s
    )


async def _verified_life(links: SignedLinks, target: Target, token: str) -> int:
    """Seconds for which a token is still valid.

    Raises:
        InvalidCredential: it is not valid for this file.
    """
    try:
        return (await links.verify(target, SignedQuery.of_token(token))).life_s
    except (SignatureInvalid, SignatureExpired, SignatureRevoked) as error:
        what = "The token does not fit this file." if isinstance(error, SignatureInvalid) else error.detail
        raise InvalidCredential(
            what, hint="Ask for a new asset token.", code="asset_token_invalid", title="This asset token is not valid"
        ) from error


async def _file(media: MediaCache, video_id: str, kind: AssetKind, rendition: str | None) -> MediaFile:
    file = await media.find(video_id, kind, rendition or "") if is_id("vid", video_id) else None
    if file is None:
        raise MediaNotFound(f"Video {video_id} has no {rendition or kind} that can be fetched.")
    return file


def _target(video_id: str, kind: AssetKind, rendition: str | None) -> Target:
    """The target that a token is signed for.

    Raises:
        InvalidInput: a rendition of a poster.
    """
    if rendition is not None and kind != "file":
        raise InvalidInput(f"A rendition is fetched as a file, not as {kind}.")
    return Target("asset", video_id, name=kind if rendition is None else f"file:{rendition}")


def _query(options: AssetTokenRequest) -> str:
    if options.rendition is not None:
        return "&" + urlencode({"rendition": options.rendition})
    return "" if options.kind == "file" else f"&kind={options.kind}"
