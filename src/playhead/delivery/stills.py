"""Pictures of videos: thumbnails at any time, storyboards, animated previews. There, or 404; a lack starts a job."""

import hashlib
import time
from datetime import datetime
from typing import Annotated, Any, Protocol

import structlog
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.delivery.answer import SECURITY_HEADERS, answer, answer_with, raise_for
from playhead.delivery.caching import caching
from playhead.delivery.errors import MediaNotFound, VideoNotFound
from playhead.delivery.links import verify_link
from playhead.delivery.media import Kind, Media, MediaCatalog
from playhead.delivery.ownership import require_own
from playhead.delivery.playback import DEFAULT_TTL_S
from playhead.delivery.ranges import Span
from playhead.delivery.selection import Entity, fold, select
from playhead.errors import PlayheadError
from playhead.kit.ids import is_id

signed_router = APIRouter(tags=["playback"])
"""Outside ``/api/v1``, before the router that takes every name."""

api_router = APIRouter(tags=["playback"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

MAX_TIME_S = 31 * 86_400.0
DEFAULT_WIDTH, MAX_WIDTH = 320, 10_000

Reader = Annotated[Principal, Depends(requires("videos:read"))]
VideoId = Annotated[str, Path(max_length=64)]
Expiry = Annotated[str, Query(description="Expiry, Unix seconds.")]
KeyId = Annotated[str, Query(description="Id of the signing key.")]
SignatureText = Annotated[str, Query(description="Signature.")]
Time = Annotated[
    float, Query(ge=0, le=MAX_TIME_S, allow_inf_nan=False, description="Seconds; past the end: the last picture.")
]
Width = Annotated[
    int, Query(ge=1, le=MAX_WIDTH, description="Pixels: the next of 160, 320, 480, 640, 960, 1280; never enlarged.")
]

log = structlog.get_logger(__name__)


class StoryboardCues(Protocol):
    """Implemented above; a service of the app."""

    async def web_vtt(self, video_id: str, sheet_url: str) -> tuple[str, datetime] | None:
        """The cues of a video's storyboard, and when it was made; None when there is none."""
        ...

    async def want(self, video_id: str) -> None:
        """Have the pictures of a ready video made, unless that was tried."""
        ...


class ThumbnailMaker(Protocol):
    """Implemented by the catalog; a service of the app."""

    async def get(self, video_id: str, at_s: float, width: int) -> Media | None:
        """A picture in the store; None when there is no such ready video."""
        ...


_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": {"image/jpeg": {}}},
    304: {"description": "The client holds this version"},
    307: {"description": "The store serves it itself: follow Location"},
}
_MOTION: dict[int | str, dict[str, Any]] = {
    **_PICTURE,
    200: {"description": "The picture", "content": {"image/webp": {}}},
}
_CUES: dict[int | str, dict[str, Any]] = {
    200: {"description": "WebVTT whose cues point to parts of the sheet", "content": {"text/vtt": {}}},
    304: {"description": "The client holds this version"},
}


@signed_router.get(
    "/v/{video_id}/thumbnail.jpg",
    summary="See one moment by a signed link",
    response_class=Response,
    responses={**_PICTURE, **problem_responses(400, 403, 404, 412, 416, 503)},
)
@signed_router.head("/v/{video_id}/thumbnail.jpg", include_in_schema=False)
async def signed_thumbnail(
    request: Request,
    video_id: VideoId,
    t: Time = 0.0,
    w: Width = DEFAULT_WIDTH,
    e: Expiry = "",
    k: KeyId = "",
    s: SignatureText = "",
) -> Response:
    """`t` and `w` are not signed: one link is good for every moment of its video."""
    life_s = await _verify(request, "thumbnail", video_id, e, k, s)
    return await _thumbnail(request, video_id, t, w, cache_control=caching(request).lasting(life_s), life_s=life_s)


@signed_router.get(
    "/v/{video_id}/storyboard.jpg",
    summary="See a storyboard's sheet by a signed link",
    response_class=Response,
    responses={**_PICTURE, **problem_responses(403, 404, 412, 416, 503)},
)
@signed_router.head("/v/{video_id}/storyboard.jpg", include_in_schema=False)
async def signed_storyboard_sheet(
    request: Request, video_id: VideoId, e: Expiry = "", k: KeyId = "", s: SignatureText = ""
) -> Response:
    """Up to 100 tiles; `storyboard.vtt` tells which is where."""
    return await _signed_artifact(request, "storyboard", video_id, e, k, s)


@signed_router.get(
    "/v/{video_id}/storyboard.vtt",
    summary="Find a storyboard's tiles by a signed link",
    response_class=Response,
    responses={**_CUES, **problem_responses(403, 404, 412, 416, 503)},
)
@signed_router.head("/v/{video_id}/storyboard.vtt", include_in_schema=False)
async def signed_storyboard(
    request: Request, video_id: VideoId, e: Expiry = "", k: KeyId = "", s: SignatureText = ""
) -> Response:
    """A track of kind `metadata` for players: each cue is a part of the signed `storyboard.jpg` (`#xywh=`)."""
    life_s = await _verify(request, "storyboard", video_id, e, k, s)
    found = await _stills(request).web_vtt(video_id, f"storyboard.jpg?e={e}&k={k}&s={s}")
    if found is None:
        await want_pictures(request, video_id, "storyboard")
        raise MediaNotFound(f"Video {video_id} has no storyboard yet.")
    text, made_at = found
    return _answer_text(request, video_id, text.encode(), made_at, cache_control=caching(request).lasting(life_s))


@signed_router.get(
    "/v/{video_id}/preview.webp",
    summary="See a few moments in motion by a signed link",
    response_class=Response,
    responses={**_MOTION, **problem_responses(403, 404, 412, 416, 503)},
)
@signed_router.head("/v/{video_id}/preview.webp", include_in_schema=False)
async def signed_preview(
    request: Request, video_id: VideoId, e: Expiry = "", k: KeyId = "", s: SignatureText = ""
) -> Response:
    """About 3 s from four places, without sound, at most 320 pixels wide."""
    return await _signed_artifact(request, "preview", video_id, e, k, s)


@api_router.get(
    "/videos/{video_id}/thumbnail",
    summary="Read a video's poster, or the picture at a time",
    response_class=Response,
    responses={**_PICTURE, **problem_responses(400, 401, 403, 404, 412, 416, 503)},
)
@api_router.head("/videos/{video_id}/thumbnail", include_in_schema=False)
async def thumbnail(
    request: Request,
    video_id: VideoId,
    principal: Reader,
    t: Time | None = None,
    w: Width | None = None,
) -> Response:
    """JPEG. Without `t` and `w` the poster, 404 as long as there is none; `w` alone means the first picture."""
    await require_own(request, video_id, principal)
    cache = "private, no-cache"  # the credential decides anew each time; the ETag spares the bytes
    if t is None and w is None:
        return await answer(request, video_id, "poster", cache_control=cache, download=False, life_s=DEFAULT_TTL_S)
    return await _thumbnail(request, video_id, t or 0.0, w or DEFAULT_WIDTH, cache_control=cache, life_s=DEFAULT_TTL_S)


async def _thumbnail(
    request: Request, video_id: str, at_s: float, width: int, *, cache_control: str, life_s: int
) -> Response:
    maker = service(request, ThumbnailMaker)
    try:
        media = await maker.get(video_id, at_s, width)
    except PlayheadError as error:
        if error.status == 503:
            raise
        log.warning("thumbnail_failed", video=video_id, at_s=at_s, code=error.code, detail=error.detail)
        raise MediaNotFound(f"Video {video_id} shows no picture at {at_s:g} s.") from error
    if media is None:
        raise MediaNotFound(f"Video {video_id} has no pictures.")
    return await answer_with(
        request, video_id, "thumbnail", media, cache_control=cache_control, download=False, life_s=life_s
    )


async def _signed_artifact(request: Request, kind: Kind, video_id: str, e: str, k: str, s: str) -> Response:
    life_s = await _verify(request, kind, video_id, e, k, s)
    media = await service(request, MediaCatalog).media(video_id, kind)
    if media is None:
        await want_pictures(request, video_id, kind)
        raise MediaNotFound(f"Video {video_id} has no {kind} yet.")
    return await answer_with(
        request, video_id, kind, media, cache_control=caching(request).lasting(life_s), download=False, life_s=life_s
    )


def _answer_text(request: Request, video_id: str, text: bytes, made_at: datetime, *, cache_control: str) -> Response:
    entity = Entity(
        size=len(text),
        etag=b'"%b"' % hashlib.sha256(text).hexdigest()[:32].encode(),
        modified=int(made_at.timestamp()),
        content_type=b"text/vtt; charset=utf-8",
    )
    selection = select(request.method, fold(request.headers.raw), entity, now=time.time())
    raise_for(selection, len(text), video_id)
    parts = (text[part.start : part.end] if isinstance(part, Span) else part for part in selection.parts)
    response = Response(b"".join(parts), status_code=selection.status)
    headers = {**SECURITY_HEADERS, "Cache-Control": cache_control}
    added = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    response.raw_headers = [*selection.headers, *added]
    return response


async def _verify(request: Request, kind: Kind, video_id: str, e: str, k: str, s: str) -> int:
    life_s = await verify_link(request, kind, video_id, e=e, k=k, s=s)
    if not is_id("vid", video_id):
        raise VideoNotFound("The link names no video.")
    return life_s


async def want_pictures(request: Request, video_id: str, kind: str) -> None:
    """Have a job make what a video lacks, for the next one who asks."""
    try:
        await _stills(request).want(video_id)
    except PlayheadError as error:  # the answer is 404 all the same
        log.warning("stills_not_asked_for", video=video_id, kind=kind, code=error.code, detail=error.detail)


def _stills(request: Request) -> StoryboardCues:
    return service(request, StoryboardCues)
