"""Users and keys without a server: the commands on the server's own host work on its data folder directly."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from playhead.access.access import Access
    from playhead.access.tables import UserRow
    from playhead.settings import Settings

Result = TypeVar("Result")


def with_access(work: "Callable[[Access], Awaitable[Result]]", settings: "Settings | None" = None) -> Result:
    """Open the installation that the settings name, do something with its users and keys, close it.

    Works while a server runs and before the first start: the tables are made where they are missing.

    Raises:
        SettingsInvalid: the data folder or the database cannot be used.
    """
    from playhead.access.register import open_access
    from playhead.app.database import open_database
    from playhead.app.folders import prepare_folder
    from playhead.app.loading import load
    from playhead.db.migrate import migrate

    async def run() -> Result:
        chosen = settings or load()
        prepare_folder(chosen.data)
        database = open_database(chosen)
        try:
            await migrate(database)
            access = open_access(chosen, database)
            try:
                return await work(access)
            finally:
                await access.close()
        finally:
            await database.close()

    return asyncio.run(run())


async def user_named(access: "Access", who: str) -> "UserRow":
    """Find a user by email or id.

    Raises:
        NotFound: there is none.
    """
    from playhead.errors import NotFound
    from playhead.kit.ids import is_id

    if is_id("usr", who):
        return await access.users.get(who)
    user = await access.users.find(who)
    if user is None:
        raise NotFound(f"There is no user {who}.", hint="playhead users list shows them all.")
    return user
