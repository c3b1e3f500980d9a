"""The list of domains, and the services of a process: the same for the API, a worker and the tests."""

from typing import Final

import playhead.access.register
import playhead.catalog.register
import playhead.delivery.register
import playhead.jobs.register
import playhead.reels.register
import playhead.storage.register
from playhead.api.peers import Peers
from playhead.api.server import Server, Stopping
from playhead.app import register
from playhead.app.database import open_database
from playhead.app.folders import prepare_folder
from playhead.db.database import Database
from playhead.observe.checks import Readiness
from playhead.services import Check, Services, Sweep
from playhead.settings import Settings

DOMAINS: Final = (
    playhead.storage.register,
    playhead.access.register,
    playhead.jobs.register,
    playhead.catalog.register,
    playhead.reels.register,
    playhead.delivery.register,
    register,
)
"""Each with ``register(services, settings)``. The order is that of their routes."""


def open_services(settings: Settings, *, prompt: bool = False) -> Services:
    """Register all domains; nothing is started, and nothing is read but the secrets.

    Args:
        prompt: Requests wait for the answers of the database (`Database`).

    Raises:
        SettingsInvalid: an invalid URL, or a folder that cannot be written.
    """
    prepare_folder(settings.data)
    services = Services()

    async def ping() -> None:
        await services.get(Database).ping()

    services.add(Settings, lambda: settings)
    services.add(Database, lambda: open_database(settings, prompt=prompt), close=Database.close)
    services.add(Server, Server)
    services.add(Stopping, Stopping)
    services.add(Peers, Peers)
    services.add(Readiness, lambda: Readiness(services.checks))
    services.checks.append(Check("database", ping))
    services.sweeps.append(Sweep("reserve", lambda: services.get(Database).restore_reserve()))
    for domain in DOMAINS:
        domain.register(services, settings)
    for complete in services.complete:
        complete()
    return services
