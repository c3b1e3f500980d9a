"""The migrations make what the tables say, on each database."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from playhead.db.base import Base
from playhead.db.database import Database
from playhead.db.migrate import HEAD, migrate
from tests.fixtures.site import Site


def is_ours(_item: object, name: str | None, kind: str, *_: object) -> bool:
    """Other tests of this process may have declared tables of their own."""
    return not (kind == "table" and (name or "").startswith("test_"))


async def test_the_migrated_schema_is_that_of_the_tables(each_site: Site) -> None:
    """A table or column that no revision makes would only be missed in production."""

    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "include_object": is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))

    async with each_site.get(Database).engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(each_site: Site) -> None:
    """Every process migrates at its start."""
    await migrate(each_site.get(Database))

    async with each_site.get(Database).engine.connect() as connection:
        revision = await connection.exec_driver_sql("select version_num from alembic_version")
        assert revision.scalar() == HEAD
