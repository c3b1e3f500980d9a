"""What joins several domains: activity, the system page, figures of all processes, room on all disks."""

from playhead.api.outgoing import Outgoing
from playhead.api.peers import Peers
from playhead.app.public_address import PublicAddress
from playhead.app.system import Sums
from playhead.catalog.asset_urls import AssetUrls
from playhead.db.database import Database
from playhead.db.reserve import SPARE
from playhead.jobs.client import Jobs
from playhead.observe.checks import disk_headroom
from playhead.observe.metrics import Metrics
from playhead.services import Routes, Services
from playhead.settings import Settings
from playhead.storage.local import LocalStore
from playhead.storage.store import Guarded, Store


def register(services: Services, settings: Settings) -> None:
    """Add the services that need more than one domain."""
    services.add(Metrics, lambda: _metrics(services))
    services.add(Sums, lambda: Sums(services.get(Database), settings))
    services.add(
        PublicAddress,
        lambda: PublicAddress(services.get(AssetUrls), services.get(Outgoing), settings.public_url),
    )
    services.complete.append(lambda: _complete(services, settings))
    services.routes.append(routes)


def _metrics(services: Services) -> Metrics:
    store = services.get(Store)
    metrics = Metrics(
        jobs=lambda: services.get(Jobs).counts(), others=lambda: services.get(Peers).ask_others("figures")
    )
    if isinstance(store, Guarded):
        from playhead.storage.figures import StoreFigures

        metrics.registry.register(StoreFigures(store.guard))
    return metrics


def _complete(services: Services, settings: Settings) -> None:
    store, peers = services.get(Store), services.get(Peers)
    written = [settings.data, *([store.root] if isinstance(store, LocalStore) else []), settings.work]
    services.checks.append(disk_headroom(*written, min_free_bytes=max(settings.disk_headroom, SPARE)))
    peers.answer("figures", lambda _: services.get(Metrics).samples())


def routes() -> Routes:
    """Status, activity, system and health."""
    from playhead.app.endpoints import activity, health, public_address, status, system

    return Routes(api=(status.router, activity.router, system.router, public_address.router), root=(health.router,))
