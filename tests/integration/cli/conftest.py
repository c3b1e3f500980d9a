"""One server for all tests of this folder in a process; they count nothing and restart nothing."""

from collections.abc import Iterator

import pytest

from tests.fixtures.server import Server, running_server


@pytest.fixture(scope="package")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """In a folder whose name would be something else in a URL."""
    with running_server(tmp_path_factory.mktemp("a server? 100%25#ü")) as running:
        yield running
