"""Where players and API clients fetch bytes, and where playback URLs are minted."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.delivery.answer import answer
from playhead.delivery.caching import caching
from playhead.delivery.errors import MediaNotFound, VideoNotFound
from playhead.delivery.grants import Grant
from playhead.delivery.hls import Name, answer_hls, name_of
from playhead.delivery.links import SignedLinks, verify_link
from playhead.delivery.media import Kind
from playhead.delivery.minting import PlaybackWish, mint
from playhead.delivery.ownership import require_own
from playhead.delivery.playback import DEFAULT_TTL_S, MAX_TTL_S, MIN_TTL_S
from playhead.delivery.previews import absolute, answer_reel, reel_list_of
from playhead.delivery.renditions import answer_rendition, rendition_of
from playhead.kit.clock import rfc3339
from playhead.kit.ids import is_id

signed_router = APIRouter(tags=["playback"])
"""Outside ``/api/v1``: ``app.include_router(signed_router)``."""

api_router = APIRouter(tags=["playback"], route_class=GuardedRoute)
"""Under ``/api/v1``: ``app.include_router(api_router, prefix="/api/v1")``."""

_FILE_NAME = re.compile(r"original(?:\.[a-z0-9]{1,8})?", re.ASCII)

BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole file", "content": {"application/octet-stream": {}}},
    206: {"description": "The ranges asked for", "content": {"application/octet-stream": {}}},
    304: {"description": "The client holds this version"},
    307: {"description": "The store serves it itself: follow Location"},
}

Reader = Annotated[Principal, Depends(requires("videos:read"))]
VideoId = Annotated[str, Path(max_length=64)]


class PlaybackRequest(PlaybackWish):
    """What is to be played, and for how long the link lives."""

    ttl_s: int | None = Field(
        default=None,
        ge=MIN_TTL_S,
        le=MAX_TTL_S,
        description="Seconds; null for this server's default, put off to a full hour. Links to pictures ignore it.",
    )


class Playback(BaseModel):
    """A signed link; whoever holds it may read this one kind of this one video until it expires."""

    url: str = Field(description="Absolute: by the server's public address, or the host that this request named.")
    path: str = Field(description="The same, relative to the server's root.")
    expires_at: str = Field(description="RFC 3339, UTC.")


@signed_router.get(
    "/v/{video_id}/{name}",
    summary="Play by a signed link",
    response_class=Response,
    responses={**BYTES, **problem_responses(403, 404, 412, 416, 503)},
)
@signed_router.head("/v/{video_id}/{name}", include_in_schema=False)
async def signed_media(
    request: Request,
    video_id: VideoId,
    name: Annotated[str, Path(max_length=64)],
    e: Annotated[str, Query(description="Expiry, Unix seconds.")] = "",
    k: Annotated[str, Query(description="Id of the signing key.")] = "",
    s: Annotated[str, Query(description="Signature.")] = "",
    d: Annotated[str, Query(description="`1`: download.")] = "",
) -> Response:
    """Ranges, conditional requests and HEAD after RFC 9110.

    A link of kind `hls` is good for its playlists, init segments and segments, which carry its query.
    """
    if (piece := name_of(name)) is not None and not _FILE_NAME.fullmatch(name):
        return await _signed_piece(request, video_id, piece, e, k, s)
    if (reel := reel_list_of(name)) is not None:
        return await answer_reel(request, video_id, reel, e=e, k=k, s=s)
    download = d == "1"
    if (rendition := rendition_of(name)) is not None:
        return await answer_rendition(request, video_id, rendition, e=e, k=k, s=s, download=download)
    kind = _kind_of(name)
    life_s = await verify_link(request, kind, video_id, e=e, k=k, s=s, download=download)
    if not is_id("vid", video_id):
        raise VideoNotFound("The link names no video.")
    cache = caching(request).lasting(life_s)
    return await answer(request, video_id, kind, cache_control=cache, download=download, life_s=life_s)


@api_router.get(
    "/videos/{video_id}/stream",
    summary="Read a video's file",
    response_class=Response,
    responses={**BYTES, **problem_responses(401, 403, 404, 412, 416, 503)},
)
@api_router.head("/videos/{video_id}/stream", include_in_schema=False)
async def stream(request: Request, video_id: VideoId, principal: Reader, download: bool = False) -> Response:
    """For API clients; browsers play by signed links, since a video element sends no key."""
    return await _own_media(request, video_id, "file", principal, download=download)


@api_router.post(
    "/videos/{video_id}/playback",
    summary="Make a signed link",
    responses=problem_responses(400, 401, 403, 404),
)
async def make_playback(
    request: Request, response: Response, video_id: VideoId, wanted: PlaybackRequest, principal: Reader
) -> Playback:
    """Links to pictures all live for 12 to 24 hours and stay the same for 12, so that browsers can cache them.

    To one of kind `thumbnail` add `&t=SECONDS` and `&w=PIXELS`; one of kind `storyboard` leads to its WebVTT.
    """
    await require_own(request, video_id, principal)
    grant = Grant(await _links(request).generation(video_id))
    link = await mint(request, video_id, wanted, grant=grant, ttl_s=wanted.ttl_s)
    response.headers["Cache-Control"] = "no-store"
    return Playback(url=absolute(request, link), path=link.path, expires_at=rfc3339(link.expires_at))


async def _signed_piece(request: Request, video_id: str, piece: Name, e: str, k: str, s: str) -> Response:
    kind: Kind = "cut" if piece.cut else "hls"
    life_s = await verify_link(request, kind, video_id, e=e, k=k, s=s, name=piece.cut or "")
    if not is_id("vid", video_id):
        raise VideoNotFound("The link names no video.")
    return await answer_hls(request, video_id, piece, query=f"?e={e}&k={k}&s={s}", life_s=life_s)


async def _own_media(request: Request, video_id: str, kind: Kind, principal: Principal, *, download: bool) -> Response:
    await require_own(request, video_id, principal)
    return await answer(
        request,
        video_id,
        kind,
        cache_control="private, no-cache",  # the credential decides anew each time; the ETag spares the bytes
        download=download,
        life_s=DEFAULT_TTL_S,
    )


def _kind_of(name: str) -> Kind:
    if name == "poster.jpg":
        return "poster"
    if _FILE_NAME.fullmatch(name):
        return "file"
    raise MediaNotFound("The link names no file of a video.")


def _links(request: Request) -> SignedLinks:
    return service(request, SignedLinks)
