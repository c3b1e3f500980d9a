"""Access alone: what the server wires in, and all that the commands on the data folder need."""

from playhead.access.access import Access, AccessConfig
from playhead.access.secrets_file import load_secrets
from playhead.app.folders import prepare_folder
from playhead.app.settings import Settings, SettingsInvalid
from playhead.db.database import Database


def open_database(settings: Settings, *, pool_size: int = 5, prompt: bool = False) -> Database:
    """The catalog's database; the arguments are those of `Database`.

    Raises:
        SettingsInvalid: the URL does not name one.
    """
    try:
        return Database(settings.database_url, pool_size=pool_size, prompt=prompt)
    except (ValueError, ImportError) as error:
        raise SettingsInvalid(f"PLAYHEAD_DATABASE cannot be used: {error}") from error


def open_access(settings: Settings, database: Database) -> Access:
    """Users, sessions and keys over a database, with the secrets of the data folder.

    Raises:
        SettingsInvalid: the data folder cannot be written.
    """
    prepare_folder(settings.data)
    return Access(
        database,
        load_secrets(settings.secrets_folder / "secrets.json"),
        config=AccessConfig(session_ttl=settings.session_lifetime),
        marker=settings.data / "access.changed",
    )
