"""The figures of a remote store's guard, for Prometheus."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from playhead.storage.guard import Guard

_BREAKER = {"closed": 0, "half-open": 1, "open": 2}


class StoreFigures(Collector):
    """Read at each scrape. Nothing is said of a local store."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def collect(self) -> Iterator[Metric]:
        """What `GuardState` says."""
        state = self._guard.state
        yield _gauge("breaker", "Of reads: 0 closed, 1 half-open, 2 open.", _BREAKER[state.breaker])
        yield _gauge("reads_limit", "Reads that may wait for the store at once.", state.limit)
        yield _gauge("reads_in_flight", "Reads that wait for the store's first bytes.", state.in_flight)
        yield _gauge("reads_waiting", "Reads that wait for others to be answered.", state.waiting)
        reads = CounterMetricFamily("playhead_store_reads", "Reads by how they ended.", labels=["outcome"])
        for outcome, count in state.requests.items():
            reads.add_metric([outcome], count)
        yield reads


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"playhead_store_{name}", text, value)
