"""Fixtures of all kinds of test, defined once: a session-scoped server imported twice would be two servers."""

import pytest
import structlog

from playhead.observe import log as observe_log
from tests.fixtures import accounting, examples  # noqa: F401 - its profiles
from tests.fixtures.databases import (
    database,
    database_kind,
    database_url,
    migrated_sqlite,
    migrated_url,
    postgresql,
    recycled,
    sqlite_url,
)
from tests.fixtures.s3 import s3_server
from tests.fixtures.server import server, shared_server

__all__ = [
    "database",
    "database_kind",
    "database_url",
    "migrated_sqlite",
    "migrated_url",
    "postgresql",
    "recycled",
    "s3_server",
    "server",
    "shared_server",
    "sqlite_url",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--by-folder", action="store_true", help="account the time of the tests by folder")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("by_folder"):
        config.pluginmanager.register(accounting.Meter())
        config.pluginmanager.register(accounting.ByFolder())


@pytest.fixture(autouse=True)
def default_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log as a process finds it: a test before may have set a level or a stream of its own."""
    structlog.reset_defaults()
    monkeypatch.setitem(observe_log._PLAIN, "stream", None)
