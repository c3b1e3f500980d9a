"""The guard of a store as Prometheus sees it."""

import pytest
from prometheus_client import CollectorRegistry

from playhead.storage.breaker import Breaker
from playhead.storage.errors import StoreUnavailable
from playhead.storage.figures import StoreFigures
from playhead.storage.guard import Guard


async def test_the_state_of_the_reads_is_told_at_each_scrape() -> None:
    guard, registry = Guard("s3://bucket", breaker=Breaker(failures=1)), CollectorRegistry()
    registry.register(StoreFigures(guard))

    async def fails() -> None:
        raise StoreUnavailable("down")

    assert registry.get_sample_value("playhead_store_breaker") == 0
    with pytest.raises(StoreUnavailable):
        await guard.call(fails)
    assert registry.get_sample_value("playhead_store_breaker") == 2
    assert registry.get_sample_value("playhead_store_reads_total", {"outcome": "failed"}) == 1
    assert registry.get_sample_value("playhead_store_reads_limit") == guard.state.limit
    assert registry.get_sample_value("playhead_store_reads_in_flight") == 0
