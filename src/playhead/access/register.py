"""What access adds to a process."""

from playhead.access.access import Access, AccessConfig
from playhead.access.passwords import Passwords
from playhead.access.secrets_file import load_secrets
from playhead.access.signed import Signer
from playhead.db.database import Database
from playhead.services import Routes, Services, Sweep
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:
    """Add users, sessions, keys and signatures."""
    services.add(Access, lambda: open_access(settings, services.get(Database)), close=Access.close)
    services.add(Signer, lambda: services.get(Access).signer)
    services.add(Passwords, lambda: services.get(Access).passwords)
    services.sweeps.append(Sweep("access", lambda: services.get(Access).sweep()))
    services.routes.append(routes)


def routes() -> Routes:
    """Accounts, users and API keys."""
    from playhead.access import endpoints, key_endpoints, user_endpoints

    return Routes(api=(endpoints.router, user_endpoints.router, key_endpoints.router))


def open_access(settings: Settings, database: Database) -> Access:
    """Users, sessions and keys over a database, with the secrets of the data folder, which must be there."""
    return Access(
        database,
        load_secrets(settings.secrets_folder / "secrets.json"),
        config=AccessConfig(session_ttl=settings.session_lifetime),
        marker=settings.data / "access.changed",
    )
