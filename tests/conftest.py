"""Fixtures of all kinds of test, defined once: a session-scoped server imported twice would be two servers."""

from tests.fixtures.databases import (
    database,
    database_kind,
    database_url,
    migrated_template,
    migrated_url,
    postgresql,
    sqlite_url,
)
from tests.fixtures.s3 import s3_server
from tests.fixtures.server import server, shared_server

__all__ = [
    "database",
    "database_kind",
    "database_url",
    "migrated_template",
    "migrated_url",
    "postgresql",
    "s3_server",
    "server",
    "shared_server",
    "sqlite_url",
]
