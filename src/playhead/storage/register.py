"""What storage adds to a process."""

from datetime import timedelta

from playhead.db.reserve import SPARE
from playhead.kit.clock import utc_now
from playhead.services import Check, Services, Sweep
from playhead.settings import Settings, SettingsInvalid
from playhead.storage.open import open_staging, open_store
from playhead.storage.store import Guarded, Staging, Store

LEFTOVER_AGE = timedelta(minutes=5)
"""Age of an unlocked partial write at which it is swept; only where locks do not work must it be long."""


def register(services: Services, settings: Settings) -> None:
    """Add the store and its staging area."""

    async def sweep_partial() -> object:
        return await services.get(Store).sweep_partial(utc_now() - LEFTOVER_AGE)

    async def check() -> str | None:
        store = services.get(Store)
        await store.check()
        return str(store.guard.state) if isinstance(store, Guarded) else None

    services.add(Store, lambda: _open(settings))
    services.add(Staging, lambda: open_staging(services.get(Store)))
    services.sweeps.append(Sweep("partial writes", sweep_partial))
    services.checks.append(Check("store", check))


def _open(settings: Settings) -> Store:
    try:
        return open_store(settings.store_url, spare=SPARE)
    except ValueError as error:
        raise SettingsInvalid(f"PLAYHEAD_STORE cannot be used: {error}") from error
