"""What notify adds to a process."""

from playhead.api.outgoing import Outgoing
from playhead.db.database import Database
from playhead.db.reserve import SPARE
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.notify.deliveries import Deliveries
from playhead.notify.disk import DiskWatch
from playhead.notify.jobs import NotifyJob
from playhead.notify.notifier import Notifier
from playhead.notify.webhooks import Webhooks
from playhead.services import Routes, Services, Sweep
from playhead.settings import Settings
from playhead.storage.local import LocalStore
from playhead.storage.store import Store


def register(services: Services, settings: Settings) -> None:
    """Add webhooks, their deliveries, the job that sends them, and the watch over free space."""
    get = services.get
    services.add(Notifier, lambda: Notifier(get(Database), get(Jobs), lifetime=settings.event_lifetime))
    services.add(Webhooks, lambda: Webhooks(get(Database), get(Outgoing), get(Notifier)))
    services.add(Deliveries, lambda: Deliveries(get(Database), get(Notifier)))
    services.add(DiskWatch, lambda: _disk_watch(services, settings))
    services.sweeps += (
        Sweep("notifications", lambda: get(Notifier).sweep()),
        Sweep("low disks", lambda: get(DiskWatch).sweep()),
    )
    services.complete.append(lambda: _add_kinds(services, settings))
    services.routes.append(routes)


def _add_kinds(services: Services, settings: Settings) -> None:
    get = services.get
    job = NotifyJob(get(Database), get(Outgoing), get(Jobs), address=settings.public_url)
    get(JobKinds).register(job.kind())


def _disk_watch(services: Services, settings: Settings) -> DiskWatch:
    store = services.get(Store)
    written = [settings.data, *([store.root] if isinstance(store, LocalStore) else [])]
    return DiskWatch(services.get(Database), written, floor=max(settings.disk_headroom, SPARE))


def routes() -> Routes:
    """Webhooks."""
    from playhead.notify import endpoints

    return Routes(api=(endpoints.router, endpoints.secrets))
