"""Routes of media: signed links for players, streams for API clients, and the creation of links."""

# ruff: noqa: ARG001 - path parameters are declared for the API description; `Target.parse` reads the path

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.grant import Grant
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.find import DEFAULT_WIDTH, Bodies, FrameRequest
from playhead.delivery.bodies.previews import Previews
from playhead.delivery.bodies.respond import REVALIDATE, Responder
from playhead.delivery.links.create import LinkCreator
from playhead.delivery.links.serve import SignedMedia
from playhead.delivery.links.shapes import (
    ANIMATION,
    BYTES,
    CUES,
    IMAGE,
    Playback,
    PlaybackRequest,
    Preview,
    PreviewProblem,
    PreviewRender,
    PreviewRequest,
)
from playhead.delivery.links.signature import DEFAULT_TTL_S, SignedLinks, SignedQuery
from playhead.delivery.links.target import PROJECT, RENDER, Kind, Target
from playhead.delivery.media_cache import MediaCache
from playhead.kit.clock import rfc3339
from playhead.reels.errors import ProjectNotFound
from playhead.reels.preview_renders import PreviewRenders

signed_router = APIRouter(tags=["playback"])
"""Outside ``/api/v1``."""

api_router = APIRouter(tags=["playback"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

thumbnail_router = APIRouter(tags=["playback"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

preview_router = APIRouter(tags=["projects"], route_class=GuardedRoute)
"""Under ``/api/v1``."""

MAX_TIME_S = 31 * 86_400.0
MAX_WIDTH = 10_000

VideoReader = Annotated[Principal, Depends(requires("videos:read"))]
ProjectReader = Annotated[Principal, Depends(requires("projects:read"))]
VideoId = Annotated[str, Path(max_length=64)]
Time = Annotated[
    float,
    Query(ge=0, le=MAX_TIME_S, allow_inf_nan=False, description="Seconds; the last frame for a time past the end."),
]
Width = Annotated[
    int, Query(ge=1, le=MAX_WIDTH, description="Pixels, rounded up to 160, 320, 480, 640, 960 or 1280; never enlarged.")
]


async def _read_query(
    e: Annotated[str, Query(description="Expiry, Unix seconds.")] = "",
    k: Annotated[str, Query(description="Id of the signing key.")] = "",
    s: Annotated[str, Query(description="Signature.")] = "",
) -> SignedQuery:
    return SignedQuery(e, k, s)


async def _read_download(d: Annotated[str, Query(description="`1`: download.")] = "") -> str:
    return d


Signed = Needs[SignedMedia]
SignedBy = Annotated[SignedQuery, Depends(_read_query)]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def _signed(
    name: str, summary: str, answers: dict[int | str, dict[str, Any]], *refusals: int
) -> Callable[[Endpoint], Endpoint]:
    """Register a route for signed links, by GET and by HEAD."""
    path = f"/v/{{video_id}}/{name}"

    def register(endpoint: Endpoint) -> Endpoint:
        signed_router.get(
            path,
            summary=summary,
            response_class=Response,
            responses={**answers, **problem_responses(*refusals)},
        )(endpoint)
        signed_router.head(path, include_in_schema=False)(endpoint)
        return endpoint

    return register


@_signed("thumbnail.jpg", "Get a thumbnail by a signed link", IMAGE, 400, 403, 404, 412, 416, 503)
async def signed_thumbnail(
    request: Request, video_id: VideoId, media: Signed, query: SignedBy, t: Time = 0.0, w: Width = DEFAULT_WIDTH
) -> Response:
    """`t` and `w` are not signed: one link is valid for every frame of its video."""
    return await media.respond(request, query, frame=FrameRequest(t, w))


@_signed("storyboard.jpg", "Get a storyboard's sheet by a signed link", IMAGE, 403, 404, 412, 416, 503)
async def signed_storyboard_sheet(request: Request, video_id: VideoId, media: Signed, query: SignedBy) -> Response:
    """Up to 100 tiles; `storyboard.vtt` lists their places and times."""
    return await media.respond(request, query)


@_signed("storyboard.vtt", "Get a storyboard's cues by a signed link", CUES, 403, 404, 412, 416, 503)
async def signed_storyboard(request: Request, video_id: VideoId, media: Signed, query: SignedBy) -> Response:
    """A track of kind `metadata` for players: each cue names a tile of the signed `storyboard.jpg` (`#xywh=`)."""
    return await media.respond(request, query)


@_signed("preview.webp", "Get the animated preview by a signed link", ANIMATION, 403, 404, 412, 416, 503)
async def signed_preview(request: Request, video_id: VideoId, media: Signed, query: SignedBy) -> Response:
    """About 3 s from four places, without audio, at most 320 pixels wide."""
    return await media.respond(request, query)


@_signed("{name}", "Play by a signed link", BYTES, 403, 404, 412, 416, 503)
async def signed_media(
    request: Request,
    video_id: VideoId,
    name: Annotated[str, Path(max_length=64)],
    media: Signed,
    query: SignedBy,
    d: Annotated[str, Depends(_read_download)],
) -> Response:
    """Ranges, conditional requests and HEAD as in RFC 9110.

    A link of kind `hls` is valid for its playlists, init segments and segments, which carry its query.
    """
    return await media.respond(request, query, d=d)


@api_router.get(
    "/videos/{video_id}/stream",
    summary="Read a video's file",
    response_class=Response,
    responses={**BYTES, **problem_responses(401, 403, 404, 412, 416, 503)},
)
@api_router.head("/videos/{video_id}/stream", include_in_schema=False)
async def stream(
    request: Request,
    video_id: VideoId,
    principal: VideoReader,
    media: Needs[MediaCache],
    bodies: Needs[Bodies],
    responder: Needs[Responder],
    download: bool = False,
) -> Response:
    """For API clients; browsers play signed links, since a video element sends no key."""
    await media.require_access(video_id, principal)
    body = Body.of_file(await bodies.file(video_id, "file"))
    return await responder.respond(
        request,
        body,
        subject=video_id,
        kind="file",
        cache_control=REVALIDATE,
        life_s=DEFAULT_TTL_S,
        download=download,
    )


@thumbnail_router.get(
    "/videos/{video_id}/thumbnail",
    summary="Read a video's poster, or the frame at a time",
    response_class=Response,
    responses={**IMAGE, **problem_responses(400, 401, 403, 404, 412, 416, 503)},
)
@thumbnail_router.head("/videos/{video_id}/thumbnail", include_in_schema=False)
async def thumbnail(
    request: Request,
    video_id: VideoId,
    principal: VideoReader,
    media: Needs[MediaCache],
    bodies: Needs[Bodies],
    responder: Needs[Responder],
    t: Time | None = None,
    w: Width | None = None,
) -> Response:
    """JPEG. Without `t` and `w` the poster, 404 until there is one; `w` alone means the first frame."""
    await media.require_access(video_id, principal)
    is_poster = t is None and w is None
    if is_poster:
        body = Body.of_file(await bodies.file(video_id, "poster"))
    else:
        body = await bodies.thumbnail(video_id, FrameRequest(t or 0.0, w or DEFAULT_WIDTH))
    kind: Kind = "poster" if is_poster else "thumbnail"
    return await responder.respond(
        request, body, subject=video_id, kind=kind, cache_control=REVALIDATE, life_s=DEFAULT_TTL_S
    )


@api_router.post(
    "/videos/{video_id}/playback",
    summary="Create a signed link",
    responses=problem_responses(400, 401, 403, 404),
)
async def make_playback(
    request: Request,
    response: Response,
    video_id: VideoId,
    wanted: PlaybackRequest,
    principal: VideoReader,
    media: Needs[MediaCache],
    links: Needs[SignedLinks],
    creator: Needs[LinkCreator],
) -> Playback:
    """Links to images live for 12 to 24 hours and stay the same for 12, so that browsers can cache the images.

    Add `&t=SECONDS` and `&w=PIXELS` to a link of kind `thumbnail`. Links of kind `storyboard` and `chapters` lead to
    WebVTT.
    """
    await media.require_access(video_id, principal)
    link = await creator.create(video_id, wanted, grant=await links.grant(video_id), ttl_s=wanted.ttl_s)
    response.headers["Cache-Control"] = "no-store"
    return Playback(url=address_of(request) + link.path, path=link.path, expires_at=rfc3339(link.expires_at))


@preview_router.post(
    "/projects/{project_id}/preview",
    summary="Create a signed link to a preview",
    responses=problem_responses(400, 401, 403, 404, 409, 503),
)
async def preview_project(
    request: Request,
    response: Response,
    project_id: Annotated[str, Path(max_length=64)],
    principal: ProjectReader,
    previews: Needs[Previews],
    links: Needs[SignedLinks],
    wanted: PreviewRequest | None = None,
) -> Preview:
    """Play a project without stitching it. 409 `preview_not_available` lists the clips that must be stitched first,
    such as those that are not H.264."""
    project = await previews.find(project_id)
    if project.owner_id != principal.user_id and not principal.is_admin:
        raise ProjectNotFound(project_id)
    clips = await previews.clips(project)
    target = Target.opening(PROJECT, project.id, str(project.version))
    link = links.sign(target, ttl_s=wanted.ttl_s if wanted else None, grant=Grant(project.generation))
    response.headers["Cache-Control"] = "no-store"
    return Preview(
        url=address_of(request) + link.path,
        path=link.path,
        expires_at=rfc3339(link.expires_at),
        version=project.version,
        duration_s=round(float(sum(each.served.stream.video.bounds_s[-1] for each in clips)), 3),
        problems=[
            PreviewProblem(clip_id=each.clip.id, message=each.audio_problem) for each in clips if each.audio_problem
        ],
    )


@preview_router.get(
    "/projects/{project_id}/preview-render/{job_id}",
    summary="Read a rendered span of a project",
    responses=problem_responses(401, 403, 404),
)
async def read_preview_render(
    request: Request,
    response: Response,
    project_id: Annotated[str, Path(max_length=64)],
    job_id: Annotated[str, Path(max_length=64)],
    principal: ProjectReader,
    renders: Needs[PreviewRenders],
    links: Needs[SignedLinks],
) -> PreviewRender:
    """The state of a render that was requested by `POST /projects/{project_id}/preview-render`, with a link to the MP4
    once it is there. It is kept for an hour."""
    found = await renders.get(principal, project_id, job_id)
    link = links.sign(Target.opening(RENDER, job_id)) if found.is_kept else None
    response.headers["Cache-Control"] = "no-store"
    return PreviewRender(
        job_id=job_id,
        state=found.job.state,
        progress=found.job.progress,
        version=found.job.args["version"],
        start_s=found.start_s,
        end_s=found.end_s,
        url=None if link is None else address_of(request) + link.path,
        path=None if link is None else link.path,
        expires_at=None if link is None else rfc3339(link.expires_at),
    )
