"""Schema migration at every start, by the first process that gets the lock."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from playhead.db.database import Database
from playhead.errors import PlayheadError

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"

HEAD = max(path.name[:4] for path in (_FOLDER / "versions").glob("[0-9]*.py"))
"""The newest revision in ``migrations/versions``, by the names of its files: Alembic is imported only to migrate."""

_LOCK = 0x504C4159
"""Key of the PostgreSQL advisory lock that lets one process migrate at a time."""


async def migrate(database: Database) -> None:
    """Migrate to ``HEAD``; nothing to do is the usual case and costs one query.

    Raises:
        PlayheadError: the database is at a revision that this version does not know.
        DatabaseUnavailable: no answer.
    """
    async with database.write() as session:
        connection = await session.connection()
        await connection.run_sync(_migrate)


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if _revision(connection) == HEAD:
        return
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(alembic_config(connection), "head")
    except CommandError as error:
        raise PlayheadError(
            f"The database is at revision {_revision(connection)}; this version knows up to {HEAD}.",
            hint="Start the newer version of Playhead, or restore a backup.",
            code="schema_too_new",
            title="The database belongs to a newer version of Playhead",
        ) from error


def alembic_config(connection: Connection | None = None, metadata: Any = None) -> "Config":
    """Alembic's settings, bound to an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("select version_num from alembic_version"))
    return found
