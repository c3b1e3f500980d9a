"""One server for all tests of this folder in a process; they count nothing and restart nothing."""

from collections.abc import Iterator

import pytest

from tests.fixtures.server import Server, running_server


@pytest.fixture(scope="session")
def media_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("media")) as server:
        yield server
