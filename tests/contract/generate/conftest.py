"""Fake providers for the adapters."""

from collections.abc import Iterator

import pytest

from tests.fixtures.fake_providers import Fake, running_fake


@pytest.fixture(scope="session")
def shared_fake() -> Iterator[Fake]:
    """One server for all tests."""
    with running_fake() as fake:
        yield fake


@pytest.fixture
def fake(shared_fake: Fake) -> Iterator[Fake]:
    """The server, remembering nothing."""
    shared_fake.reset()
    yield shared_fake
    shared_fake.reset()
