"""Figures in Prometheus' text format."""

import asyncio

from playhead.observe.metrics import Metrics


async def test_requests_are_counted_by_route_template() -> None:
    metrics = Metrics()

    metrics.request("GET", "/v/{video_id}/{name}", 206, 0.02)

    text = (await metrics.text()).decode()
    assert 'playhead_http_requests_total{method="GET",route="/v/{video_id}/{name}",status="206"} 1.0' in text
    assert (
        'playhead_http_request_duration_seconds_bucket{le="0.025",method="GET",route="/v/{video_id}/{name}"} 1.0'
        in text
    )


async def test_a_stranger_cannot_grow_the_labels() -> None:
    metrics = Metrics()

    for n in range(50):
        metrics.request(f"METHOD{n}", "(unmatched)", 404, 0.01)

    assert (await metrics.text()).count(b"playhead_http_requests_total{") == 1


async def test_transfers_begin_and_end() -> None:
    metrics = Metrics()

    metrics.transfers_from(lambda: 1)
    metrics.transfer_ended("file", "gone", 1000)

    text = (await metrics.text()).decode()
    assert "playhead_transfers_active 1.0" in text
    assert 'playhead_transfers_total{kind="file",outcome="gone"} 1.0' in text
    assert 'playhead_transfer_bytes_total{kind="file"} 1000.0' in text


async def test_jobs_are_counted_when_asked() -> None:
    counts = {("stitch", "running"): 2}

    async def count() -> dict[tuple[str, str], int]:
        return dict(counts)

    metrics = Metrics(jobs=count)
    assert b'playhead_jobs{kind="stitch",state="running"} 2.0' in await metrics.text()

    counts.clear()
    assert b"playhead_jobs{" not in await metrics.text(), "a state that nobody is in any more"


async def test_jobs_that_cannot_be_counted_are_left_out() -> None:

    async def count() -> dict[tuple[str, str], int]:
        raise OSError("the database is gone")

    metrics = Metrics(jobs=count)

    text = await metrics.text()
    assert b"playhead_jobs{" not in text
    assert b"process_resident_memory_bytes" in text


async def test_two_scrapes_at_once_agree() -> None:

    async def count() -> dict[tuple[str, str], int]:
        await asyncio.sleep(0)
        return {("ingest", "queued"): 1}

    metrics = Metrics(jobs=count)

    both = await asyncio.gather(metrics.text(), metrics.text())
    assert all(b'playhead_jobs{kind="ingest",state="queued"} 1.0' in text for text in both)
