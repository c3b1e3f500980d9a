"""The list of domains, and the services of a process: the same for the API, a worker and the tests."""

from importlib import import_module
from typing import Final

from playhead.api.outgoing import Outgoing
from playhead.api.peers import Peers
from playhead.api.server import Server, Stopping
from playhead.app.database import open_database
from playhead.app.folders import prepare_folder
from playhead.db.database import Database
from playhead.observe.checks import Readiness
from playhead.services import Check, Services, Sweep
from playhead.settings import Settings

DOMAINS: Final = (
    "storage",
    "access",
    "jobs",
    "catalog",
    "reels",
    "delivery",
    "live",
    "generate",
    "retention",
    "notify",
    "app",
)
"""Packages with a ``register.py``, in the order of their routes."""

SERVER_ONLY: Final = frozenset({"delivery", "app"})
"""Domains that a worker neither needs nor imports."""


def open_services(settings: Settings, *, prompt: bool = False, server: bool = True) -> Services:
    """Register all domains; nothing is started, and nothing is read but the secrets.

    Args:
        prompt: Requests wait for the answers of the database (`Database`).
        server: With the domains that only a server needs.

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
    services.add(Outgoing, lambda: Outgoing(allow_private=settings.allow_private_urls))
    services.add(Readiness, lambda: Readiness(services.checks))
    services.checks.append(Check("database", ping))
    services.sweeps.append(Sweep("reserve", lambda: services.get(Database).restore_reserve()))
    for name in DOMAINS if server else (name for name in DOMAINS if name not in SERVER_ONLY):
        import_module(f"playhead.{name}.register").register(services, settings)
    for complete in services.complete:
        complete()
    return services
