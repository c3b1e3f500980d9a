"""``/shared/{token}``: the API of the share page, which needs no session."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from playhead.access.errors import Forbidden
from playhead.access.limits import client_address
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.tables import VideoRow
from playhead.delivery.links.create import LinkCreator
from playhead.delivery.links.signature import Link, SignedLinks
from playhead.delivery.links.target import Target
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.shares.endpoints import SharesOf
from playhead.delivery.shares.password import SharePassword
from playhead.delivery.shares.shapes import SharedPlayback, SharedPlaybackRequest, SharedVideo, earlier
from playhead.delivery.shares.shares import Shared, Shares
from playhead.delivery.shares.views import ViewCounter
from playhead.media.audio_tracks import streamed_track
from playhead.media.probe import Probe

router = APIRouter(prefix="/shared", tags=["shares"])
"""Under ``/api/v1``; public."""

Token = Annotated[str, Path(max_length=64, description="Last part of a share link.")]


@router.get("/{token}", summary="Read what a share link leads to", responses=problem_responses(404))
async def get_shared(
    response: Response, token: Token, shares: SharesOf, links: Needs[SignedLinks], media: Needs[MediaCache]
) -> SharedVideo:
    """Needs no session. Of a link with a password it shows only that."""
    shared = await shares.open(token)
    response.headers["Cache-Control"] = "no-store"
    if shared.share.password_hash is not None:
        return SharedVideo(password_required=True)
    return await _described(shared, shares, links, media)


@router.post(
    "/{token}/playback", summary="Play a share link", responses=problem_responses(400, 403, 404, 409, 422, 429)
)
async def play_shared(
    request: Request,
    response: Response,
    token: Token,
    wanted: SharedPlaybackRequest,
    shares: SharesOf,
    password: Needs[SharePassword],
    creator: Needs[LinkCreator],
    links: Needs[SignedLinks],
    media: Needs[MediaCache],
    views: Needs[ViewCounter],
) -> SharedPlayback:
    """Create a signed link that ends with the share. Needs no session, but the password where there is one.

    403 `share_password_required` or `share_password_wrong`; 429 after too many failures. The first link to the video
    itself counts as a view.
    """
    shared, address = await shares.open(token), client_address(request)
    unlock_token = await password.verify(
        shared.share,
        password=wanted.password.get_secret_value() if wanted.password else None,
        unlock_token=wanted.pass_token.get_secret_value() if wanted.pass_token else None,
        address=address,
    )
    if wanted.download and not shared.share.allow_download:
        raise Forbidden(
            "The sender of this link allows it to be watched, not downloaded.",
            code="download_not_allowed",
            title="Download not allowed",
        )
    link = await creator.create(shared.video.id, wanted, grant=shared.grant)
    if wanted.kind in ("file", "hls"):
        views.saw(shared.share.id, address, request.headers.get("user-agent", ""), wanted.viewer or "")
    response.headers["Cache-Control"] = "no-store"
    return SharedPlayback(
        url=address_of(request) + link.path,
        path=link.path,
        expires_at=earlier(link.expires_at, shared.share.expires_at),
        pass_token=unlock_token,
        video=await _described(shared, shares, links, media),
    )


def poster_of(links: SignedLinks, shared: Shared) -> Link | None:
    """A signed link to a shared video's poster; None when there is none."""
    video = shared.video
    if not video.has_poster or video.state != "ready":
        return None
    return links.sign(Target.opening("poster", video.id, video.poster_version), grant=shared.grant)


async def _described(shared: Shared, shares: Shares, links: SignedLinks, media: MediaCache) -> SharedVideo:
    video: VideoRow = shared.video
    poster = poster_of(links, shared)
    has_renditions = video.state == "ready" and bool(await media.renditions(video.id))
    return SharedVideo(
        password_required=shared.share.password_hash is not None,
        title=video.title,
        state=video.state,  # type: ignore[arg-type]
        duration_s=video.duration_s,
        width=video.width,
        height=video.height,
        size_bytes=video.size_bytes,
        has_audio=video.audio_codec is not None,
        has_renditions=has_renditions,
        streamed_track=streamed_track(Probe.from_dict(video.probe)) if video.probe else None,
        poster_url=poster.path if poster else None,
        allow_download=shared.share.allow_download,
        comments=shares.comments_of(shared.share),
        expires_at=shared.share.expires_at,
    )
