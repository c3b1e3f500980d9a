"""The engine's clock on an SQLite before 3.42, whose ``unixepoch`` knows no fractions of a second.

The engine writes ``unixepoch('subsec')`` by the version of Python alone, also into the schema of its tables. Where the
host's SQLite is older, as on Debian 12 and Ubuntu 22.04, each insert would fail: NULL instead of the time.
"""

import sqlite3
import time

from sqlalchemy import Engine, event

KNOWS_SUBSEC = (3, 42)


def provide_unixepoch() -> None:
    """Give each connection of this process the function that its SQLite lacks. Call it before the engine connects."""
    if sqlite3.sqlite_version_info < KNOWS_SUBSEC and not event.contains(Engine, "connect", _add_clock):
        event.listen(Engine, "connect", _add_clock)


def unixepoch(argument: object) -> float:
    """Seconds since 1970 with milliseconds, as SQLite's own."""
    if argument not in ("subsec", "subsecond"):
        raise ValueError(f"unixepoch({argument!r}) is not provided for this SQLite")
    return round(time.time(), 3)


def _add_clock(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, unixepoch)
