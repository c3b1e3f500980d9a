"""``/shared/{token}``: what the page of a share link asks, without a session."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from playhead.access.limits import client_address
from playhead.api.addresses import address_of
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.catalog.tables import VideoRow
from playhead.delivery.media import MediaCatalog
from playhead.delivery.minting import mint
from playhead.delivery.playback import PlaybackUrl, PlaybackUrls
from playhead.delivery.shares.door import ShareDoor
from playhead.delivery.shares.endpoints import SharesOf
from playhead.delivery.shares.errors import DownloadNotAllowed
from playhead.delivery.shares.resources import SharedPlayback, SharedPlaybackRequest, SharedVideo, earlier
from playhead.delivery.shares.shares import Shared
from playhead.delivery.shares.views import ViewCounter
from playhead.media.audio_tracks import streamed_track
from playhead.media.probe import Probe

router = APIRouter(prefix="/shared", tags=["shares"])
"""Under ``/api/v1``; public."""

Token = Annotated[str, Path(max_length=64, description="The last part of a share link.")]


@router.get("/{token}", summary="See what a share link leads to", responses=problem_responses(404))
async def get_shared(request: Request, response: Response, token: Token, shares: SharesOf) -> SharedVideo:
    """Without a session. Of a link with a password it says nothing but that."""
    shared = await shares.open(token)
    response.headers["Cache-Control"] = "no-store"
    if shared.share.password_hash is not None:
        return SharedVideo(password_required=True)
    return await _shown(request, shared)


@router.post(
    "/{token}/playback", summary="Play a share link", responses=problem_responses(400, 403, 404, 409, 422, 429)
)
async def play_shared(
    request: Request, response: Response, token: Token, wanted: SharedPlaybackRequest, shares: SharesOf
) -> SharedPlayback:
    """Make a signed link that ends with the share. Without a session; with the password where there is one.

    403 `share_password_required` or `share_password_wrong`; after too many wrong ones 429. The first link to the
    video itself counts as a view.
    """
    shared = await shares.open(token)
    password, pass_token = wanted.password, wanted.pass_token
    renewed = await service(request, ShareDoor).enter(
        shared.share,
        password=password.get_secret_value() if password else None,
        pass_token=pass_token.get_secret_value() if pass_token else None,
        address=client_address(request),
    )
    if wanted.download and not shared.share.allow_download:
        raise DownloadNotAllowed("Whoever sent this link lets it be watched, not saved.")
    link = await mint(request, shared.video.id, wanted, grant=shared.grant)
    if wanted.kind in ("file", "hls"):
        _count(request, shared, wanted.viewer)
    response.headers["Cache-Control"] = "no-store"
    return SharedPlayback(
        url=address_of(request) + link.path,
        path=link.path,
        expires_at=earlier(link.expires_at, shared.share.expires_at),
        pass_token=renewed,
        video=await _shown(request, shared),
    )


def poster_of(request: Request, shared: Shared) -> PlaybackUrl | None:
    """A signed link to a shared video's poster; None when there is none."""
    if shared.video.poster_sha256 is None or shared.video.state != "ready":
        return None
    return service(request, PlaybackUrls).poster(shared.video.id, grant=shared.grant)


async def _shown(request: Request, shared: Shared) -> SharedVideo:
    video: VideoRow = shared.video
    poster = poster_of(request, shared)
    ready = video.state == "ready"
    rungs = await service(request, MediaCatalog).rungs(video.id) if ready else ()
    return SharedVideo(
        password_required=shared.share.password_hash is not None,
        title=video.title,
        state=video.state,  # type: ignore[arg-type]
        duration_s=video.duration_s,
        width=video.width,
        height=video.height,
        size_bytes=video.size_bytes,
        has_audio=video.audio_codec is not None,
        has_renditions=bool(rungs),
        streamed_track=streamed_track(Probe.from_dict(video.probe)) if video.probe else None,
        poster_url=poster.path if poster else None,
        allow_download=shared.share.allow_download,
        expires_at=shared.share.expires_at,
    )


def _count(request: Request, shared: Shared, viewer: str | None) -> None:
    views = service(request, ViewCounter)
    views.saw(shared.share.id, client_address(request), request.headers.get("user-agent", ""), viewer or "")
