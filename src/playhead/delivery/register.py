"""What delivery adds to a process."""

from datetime import timedelta
from functools import partial

from playhead.access.passwords import Passwords
from playhead.access.signed import Signer
from playhead.api.peers import Peers
from playhead.api.proxies import client_of
from playhead.api.server import Server
from playhead.catalog.captions.tracks import CaptionTracks
from playhead.catalog.files import VideoFiles
from playhead.catalog.indexes import Indexes
from playhead.catalog.seams import LiveStreams, VideoLinks, VideoListener
from playhead.catalog.stills import Stills
from playhead.catalog.thumbnails import Thumbnails
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.delivery.bodies.find import Bodies
from playhead.delivery.bodies.previews import Previews
from playhead.delivery.bodies.project_versions import ProjectVersions
from playhead.delivery.bodies.respond import Responder
from playhead.delivery.bodies.streams import Streams
from playhead.delivery.cors import CrossOrigin
from playhead.delivery.fast_path import FastPath
from playhead.delivery.links.create import LinkCreator
from playhead.delivery.links.serve import SignedMedia
from playhead.delivery.links.signature import SignedLinks
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.shares.comment_limits import CommentLimits
from playhead.delivery.shares.password import SharePassword
from playhead.delivery.shares.shares import Shares
from playhead.delivery.shares.state import read_share
from playhead.delivery.shares.views import ViewCounter
from playhead.delivery.transfers.everywhere import AllTransfers
from playhead.delivery.transfers.offload import Offload
from playhead.delivery.transfers.registry import StallLimits, Transfers
from playhead.delivery.transfers.sources import Sources
from playhead.delivery.video_links import MediaListener, SignedVideoLinks
from playhead.delivery.watching import Watching
from playhead.kit.clock import utc_now
from playhead.kit.marker import Marker
from playhead.observe.metrics import Metrics
from playhead.observe.security_headers import security_headers
from playhead.reels.preview_renders import PreviewRenders
from playhead.services import Routes, Services
from playhead.settings import Settings
from playhead.storage.store import Store


def register(services: Services, settings: Settings) -> None:
    """Add signed links, the bodies that they lead to, transfers, and share links."""
    get = services.get
    services.add(VideoListener, lambda: MediaListener(get(MediaCache), get(AllTransfers)))
    services.add(CrossOrigin, lambda: CrossOrigin(settings.cors_origins))
    services.add(FastPath, lambda: _fast_path(services, settings))
    _add_links(services, settings)
    _add_bodies(services)
    _add_transfers(services, settings)
    _add_shares(services, settings)
    services.complete.append(lambda: _listen(services))
    services.routes.append(routes)


def _add_links(services: Services, settings: Settings) -> None:
    get = services.get
    services.add(
        MediaCache,
        lambda: MediaCache(
            VideoFiles(get(Database)),
            partial(read_share, get(Database)),
            marker=Marker(settings.data / "media.changed"),
        ),
    )
    services.add(
        SignedLinks,
        lambda: SignedLinks(
            get(Signer),
            utc_now,
            get(MediaCache),
            default_ttl=settings.playback_ttl,
            shared_cache=settings.shared_cache,
        ),
    )
    services.add(VideoLinks, lambda: SignedVideoLinks(get(SignedLinks)))
    services.add(LinkCreator, lambda: LinkCreator(get(SignedLinks), get(Bodies)))
    services.add(SignedMedia, lambda: SignedMedia(get(SignedLinks), get(Bodies), get(Responder)))


def _add_bodies(services: Services) -> None:
    get = services.get
    services.add(Streams, lambda: Streams(get(MediaCache), get(Indexes)))
    services.add(Previews, lambda: Previews(ProjectVersions(get(Database)), get(Streams), get(SignedLinks)))
    services.add(
        Bodies,
        lambda: Bodies(
            get(MediaCache),
            get(Streams),
            get(Previews),
            get(Stills),
            get(Thumbnails),
            get(LiveStreams),
            get(CaptionTracks),
            get(PreviewRenders),
        ),
    )
    services.add(Responder, lambda: Responder(get(Sources), get(Offload), get(Transfers)))


def _add_transfers(services: Services, settings: Settings) -> None:
    get = services.get
    stall = StallLimits(settings.stall_timeout.total_seconds(), settings.stall_timeout_images.total_seconds())
    services.add(
        Transfers,
        lambda: Transfers(get(Metrics), stall=stall, per_client=settings.client_transfers),
        close=Transfers.abort_all,
    )
    services.add(Watching, lambda: Watching(get(Database), get(Transfers)), close=Watching.close)
    services.add(AllTransfers, lambda: AllTransfers(get(Transfers), get(Peers)))
    services.add(Sources, lambda: Sources(get(Store)), close=Sources.close)
    services.add(Offload, lambda: Offload(get(Store), settings.delivery))


def _add_shares(services: Services, settings: Settings) -> None:
    get = services.get
    services.add(
        Shares,
        lambda: Shares(
            get(Database),
            get(Videos),
            get(Signer),
            get(Passwords),
            default_life=timedelta(days=settings.share_default_days) if settings.share_default_days else None,
            visitor_comments=settings.visitor_comments,
            forget=get(MediaCache).forget,
            clock=utc_now,
        ),
    )
    services.add(SharePassword, lambda: SharePassword(get(Signer), get(Passwords), utc_now))
    services.add(CommentLimits, CommentLimits)
    services.add(ViewCounter, lambda: ViewCounter(get(Database)), close=ViewCounter.settle)


def _listen(services: Services) -> None:
    """Make what listens to others from its beginning."""
    services.get(AllTransfers)
    services.get(Watching)


def _fast_path(services: Services, settings: Settings) -> FastPath:
    get = services.get
    return FastPath(
        get(SignedLinks),
        get(MediaCache),
        get(Sources),
        get(Offload),
        get(Transfers),
        get(Metrics),
        cross_origin=get(CrossOrigin),
        added=security_headers(get(Server).media_origins),
        client=client_of(settings.trusted_proxies),
    )


def routes() -> Routes:
    """Playback links, share links, transfers, and the media themselves."""
    from playhead.delivery import combined, images
    from playhead.delivery.links import assets, endpoints
    from playhead.delivery.shares import comments as shared_comments
    from playhead.delivery.shares import endpoints as shares
    from playhead.delivery.shares import oembed, public, sharing
    from playhead.delivery.transfers import endpoints as transfers

    return Routes(
        api=(
            endpoints.api_router,
            assets.api_router,
            assets.public_router,
            shares.router,
            public.router,
            shared_comments.router,
            sharing.router,
            endpoints.thumbnail_router,
            endpoints.preview_router,
            transfers.router,
            images.router,
            combined.router,
        ),
        root=(endpoints.signed_router, oembed.router),
    )
