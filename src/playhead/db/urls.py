"""URLs of databases, built from their parts: a path may hold ``?``, ``#`` and ``%``."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None of a server's.

    Raises:
        ValueError: as `async_url`.
    """
    parsed = async_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def async_url(url: str) -> URL:
    """Name the asyncio driver of ``sqlite:///path`` or ``postgresql://...``.

    Raises:
        ValueError: another kind of database, or none that can be meant.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # which may quote a password
        raise ValueError("it is not a URL: write sqlite:////absolute/path.db or postgresql://user@host/name") from None
    base = parsed.drivername.partition("+")[0]
    if base not in _DRIVERS:
        raise ValueError(f"PLAYHEAD_DATABASE must be sqlite:///... or postgresql://..., not {base}://")
    if base == "sqlite":
        _check_file(parsed)
    return parsed.set(drivername=_DRIVERS[base])


def _check_file(url: URL) -> None:
    if url.host or not url.database or url.database.startswith((":memory:", "file:")):
        raise ValueError("SQLite needs the path of a file, with three slashes before it: sqlite:////absolute/path.db")
    if url.query:
        raise ValueError("a SQLite URL has no options; write a ? of the path as %3F")
