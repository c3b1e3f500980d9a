"""What delivery adds to a process."""

from playhead.access.passwords import Passwords
from playhead.access.signed import Signer
from playhead.api.peers import Peers
from playhead.api.proxies import client_of
from playhead.api.server import Server
from playhead.catalog.indexes import Indexes
from playhead.catalog.seams import VideoLinks, VideoListener
from playhead.catalog.stills import Stills
from playhead.catalog.thumbnails import Thumbnails
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.delivery.caching import Caching
from playhead.delivery.cors import CrossOrigin
from playhead.delivery.edits import Edits
from playhead.delivery.fast_path import FastPath
from playhead.delivery.handover import Handover
from playhead.delivery.links import SignedLinks
from playhead.delivery.media import MediaCatalog
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.playback import PlaybackUrls
from playhead.delivery.shares.door import ShareDoor
from playhead.delivery.shares.shares import Shares
from playhead.delivery.shares.views import ViewCounter
from playhead.delivery.sources import Sources
from playhead.delivery.stills import StoryboardCues, ThumbnailMaker
from playhead.delivery.streams import Streams
from playhead.delivery.transfer_endpoints import Everywhere, cut, ended, listed
from playhead.delivery.transfers import StallLimits, Transfers
from playhead.delivery.video_links import MediaListener, SignedVideoLinks
from playhead.kit.clock import utc_now
from playhead.observe.metrics import Metrics
from playhead.observe.security_headers import security_headers
from playhead.services import Routes, Services
from playhead.settings import Settings
from playhead.storage.store import Store


def register(services: Services, settings: Settings) -> None:
    """Add signed links, share links and transfers."""
    get = services.get
    stall = StallLimits(settings.stall_timeout.total_seconds(), settings.stall_timeout_images.total_seconds())
    services.add(PlaybackUrls, lambda: PlaybackUrls(get(Signer), utc_now, default_ttl=settings.playback_ttl))
    services.add(VideoLinks, lambda: SignedVideoLinks(get(PlaybackUrls)))
    services.add(VideoListener, lambda: MediaListener(get(MediaCache), get(Peers)))
    services.add(MediaCatalog, lambda: get(MediaCache))
    services.add(StoryboardCues, lambda: get(Stills))
    services.add(ThumbnailMaker, lambda: get(Thumbnails))
    services.add(Everywhere, lambda: get(Peers))
    services.add(SignedLinks, lambda: SignedLinks(get(PlaybackUrls), get(MediaCache)))
    services.add(
        Shares,
        lambda: Shares(
            get(Database),
            get(Videos),
            get(Signer),
            get(Passwords),
            forget=get(MediaCache).forget,
            clock=utc_now,
        ),
    )
    services.add(ShareDoor, lambda: ShareDoor(get(Signer), get(Passwords), utc_now))
    services.add(ViewCounter, lambda: ViewCounter(get(Database)), close=ViewCounter.settle)
    services.add(
        Transfers,
        lambda: Transfers(get(Metrics), stall=stall, per_client=settings.client_transfers),
        close=Transfers.shed_all,
    )
    services.add(Caching, lambda: Caching(settings.shared_cache))
    services.add(CrossOrigin, lambda: CrossOrigin(settings.cors_origins))
    services.add(Sources, lambda: Sources(get(Store)), close=Sources.close)
    services.add(Handover, lambda: Handover(get(Store), settings.delivery))
    services.add(Streams, lambda: Streams(get(MediaCache), get(Indexes)))
    services.add(Edits, lambda: Edits(get(Database)))
    services.add(FastPath, lambda: _fast_path(services, settings))
    services.complete.append(lambda: _answer_peers(services))
    services.routes.append(routes)


def _fast_path(services: Services, settings: Settings) -> FastPath:
    get = services.get
    return FastPath(
        get(SignedLinks),
        get(MediaCache),
        get(Sources),
        get(Handover),
        get(Transfers),
        get(Metrics),
        caching=get(Caching),
        cross_origin=get(CrossOrigin),
        added=security_headers(get(Server).media_origins),
        client=client_of(settings.trusted_proxies),
    )


def _answer_peers(services: Services) -> None:
    """Let the other processes of this server ask for the transfers of this one."""
    get, peers = services.get, services.get(Peers)
    peers.answer("transfers", lambda wanted: listed(get(Transfers), wanted))
    peers.answer("end", lambda transfer_id: ended(get(Transfers), transfer_id))
    peers.answer("cut", lambda wanted: cut(get(Transfers), wanted))
    peers.answer("ended", lambda _: dict(get(Transfers).ended_by_kind))


def routes() -> Routes:
    """Playback links, share links, transfers, and the media themselves."""
    from playhead.delivery import assets, endpoints, previews, stills, transfer_endpoints
    from playhead.delivery.shares import endpoints as shares
    from playhead.delivery.shares import oembed, public, sharing

    return Routes(
        api=(
            endpoints.api_router,
            assets.api_router,
            assets.public_router,
            shares.router,
            public.router,
            sharing.router,
            stills.api_router,
            previews.api_router,
            transfer_endpoints.router,
        ),
        root=(stills.signed_router, endpoints.signed_router, oembed.router),
    )
