"""The catalog's database, as the settings name it."""

from playhead.db.database import Database
from playhead.settings import Settings, SettingsInvalid


def open_database(settings: Settings, *, pool_size: int = 5, prompt: bool = False) -> Database:
    """The catalog's database; the arguments are those of `Database`.

    Raises:
        SettingsInvalid: the URL does not name one.
    """
    try:
        return Database(settings.database_url, pool_size=pool_size, prompt=prompt)
    except (ValueError, ImportError) as error:
        raise SettingsInvalid(f"PLAYHEAD_DATABASE cannot be used: {error}") from error
