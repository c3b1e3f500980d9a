"""What Prometheus may ask: a registry of our own, base units, no label that a stranger can grow."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Literal

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REFRESH_TIMEOUT_S = 2.0
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Outcome = Literal["complete", "gone", "stalled", "failed", "shed"]
Sample = tuple[str, str, dict[str, str], float]
"""Family, name, labels, value."""

JobCounts = Callable[[], Awaitable[Mapping[tuple[str, str], int]]]
"""Counts jobs by (kind, state)."""

PeerSamples = Callable[[], Awaitable[Sequence[Sequence[Sample]]]]

log = structlog.get_logger(__name__)


class Metrics:
    """All figures of one process.

    Args:
        jobs: Counts jobs on each scrape.
        others: Asks the peers of this process for their ``samples`` on each scrape.
    """

    def __init__(self, *, jobs: JobCounts | None = None, others: PeerSamples | None = None) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "playhead_http_requests",
            "Requests answered, by route template.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._head_s = Histogram(
            "playhead_http_request_duration_seconds",
            "Time until the response began; how long a viewer takes to read a body is not ours.",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._transfers = Counter(
            "playhead_transfers", "Media bodies that ended.", ["kind", "outcome"], registry=self.registry
        )
        self._transfer_bytes = Counter(
            "playhead_transfer_bytes", "Media bytes that clients acknowledged.", ["kind"], registry=self.registry
        )
        self._transfers_active = Gauge("playhead_transfers_active", "Media bodies being sent.", registry=self.registry)
        self._upload_bytes = Counter("playhead_upload_bytes", "Bytes received.", registry=self.registry)
        self._jobs = Gauge("playhead_jobs", "Jobs in each state.", ["kind", "state"], registry=self.registry)
        self._count_jobs = jobs
        self._ask_others = others
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._known_ends: dict[tuple[str, str], tuple[Counter, Counter]] = {}

    def request(self, method: str, route: str, status: int, head_s: float) -> None:
        """Count a request.

        Args:
            route: The template (``/v/{video_id}/{name}``), never the path.
            head_s: Seconds until the response began.
        """
        method = method if method in METHODS else "other"
        known = self._known.get((method, route, status))
        if known is None:  # looking the labels up takes longer than the counting
            known = self._requests.labels(method, route, str(status)), self._head_s.labels(method, route)
            self._known[method, route, status] = known
        counter, head = known
        counter.inc()
        head.observe(head_s)

    def transfers_from(self, count: Callable[[], int]) -> None:
        """Set where the number of media bodies on their way comes from; it is asked on each scrape."""
        self._transfers_active.set_function(count)

    def transfer_ended(self, kind: str, outcome: Outcome, size_bytes: int) -> None:
        """A media body ended, after so many bytes."""
        known = self._known_ends.get((kind, outcome))
        if known is None:
            known = self._transfers.labels(kind, outcome), self._transfer_bytes.labels(kind)
            self._known_ends[kind, outcome] = known
        counter, counted_bytes = known
        counter.inc()
        counted_bytes.inc(size_bytes)

    def uploaded(self, size_bytes: int) -> None:
        """Count received bytes of an upload."""
        self._upload_bytes.inc(size_bytes)

    def samples(self) -> list[Sample]:
        """What this process has counted; not what is the same in every process, nor the process itself."""
        return [
            (family.name, sample.name, sample.labels, sample.value)
            for family in self.registry.collect()
            if family.name.startswith("playhead_") and family.name != "playhead_jobs"
            for sample in family.samples
        ]

    async def text(self) -> bytes:
        """Everything in the text format. Jobs that cannot be counted now are left out, not shown stale."""
        self._jobs.clear()
        if self._count_jobs is not None:
            try:
                counts = await asyncio.wait_for(self._count_jobs(), REFRESH_TIMEOUT_S)
            except Exception as error:  # a scrape must not fail with the database
                log.warning("jobs not counted", error=str(error) or type(error).__name__)
            else:
                for (kind, state), count in counts.items():
                    self._jobs.labels(kind, state).set(count)
        others = await self._ask_others() if self._ask_others is not None else []
        return generate_latest(_Summed(self.registry, others))


class _Summed(Collector):
    """The figures of a registry with those of other processes added to them."""

    def __init__(self, registry: CollectorRegistry, others: Sequence[Sequence[Sample]]) -> None:
        self._registry = registry
        self._others = others

    def collect(self) -> Iterable[Metric]:
        added: dict[str, dict[tuple[str, tuple[tuple[str, str], ...]], float]] = {}
        for family_name, name, labels, value in (sample for samples in self._others for sample in samples):
            place = (name, tuple(sorted(labels.items())))
            values = added.setdefault(family_name, {})
            # When a thing was first counted is the earliest of all, not a sum.
            values[place] = min(value, values.get(place, value)) if _is_start(name) else value + values.get(place, 0)
        for family in self._registry.collect():
            yield _with(family, added.get(family.name, {}))


def _is_start(name: str) -> bool:
    return name.endswith("_created")


def _with(family: Metric, added: dict[tuple[str, tuple[tuple[str, str], ...]], float]) -> Metric:
    summed = Metric(family.name, family.documentation, family.type, family.unit)
    left = dict(added)
    for sample in family.samples:
        more = left.pop((sample.name, tuple(sorted(sample.labels.items()))), None)
        value = sample.value
        if more is not None:
            value = min(value, more) if _is_start(sample.name) else value + more
        summed.add_sample(sample.name, sample.labels, value)
    for (name, labels), value in left.items():
        summed.add_sample(name, dict(labels), value)
    return summed
