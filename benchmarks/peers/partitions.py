"""DBOS alone: a queue with a partition for each video, one run of each at a time."""

import asyncio
import itertools
import sqlite3
import subprocess
import sys
import time
from typing import Any

from sqlalchemy.engine import make_url

QUEUE = "videos"


class Partitions:
    """A client of such a queue."""

    def __init__(self, url: str) -> None:
        from dbos import DBOSClient, DBOSPortableJSONSerializer

        self._url = url
        self._serializer = DBOSPortableJSONSerializer()
        self._client: Any = None
        self._open: Any = lambda: DBOSClient(
            system_database_url=url, serializer=self._serializer, application_name="videos", lazy=True
        )
        self._numbers = itertools.count(1)

    async def enqueue(self) -> None:
        """Hand over one run."""
        await asyncio.to_thread(self._enqueue, 0.0)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await asyncio.to_thread(self._client.destroy)

    def run_all(self, count: int, seconds: float) -> tuple[list[str], list[str]]:
        """Hand runs over, have one worker run them all; their ids in the order of asking and of beginning."""
        from dbos import DBOS

        DBOS.migrate(self._url)
        asked = [self._enqueue(seconds) for _ in range(count)]
        self._client.destroy()
        subprocess.run([sys.executable, "-m", "benchmarks.peers.partitions", self._url, str(count)], check=True)
        with sqlite3.connect(make_url(self._url).database or "") as database:
            rows = database.execute(
                "SELECT workflow_uuid FROM workflow_status WHERE name = 'quick' ORDER BY started_at_epoch_ms"
            )
            return asked, [row[0] for row in rows]

    def _enqueue(self, seconds: float) -> str:
        self._client = self._client or self._open()
        name = f"run_{next(self._numbers)}"
        options = {"workflow_name": "quick", "queue_name": QUEUE, "workflow_id": name, "queue_partition_key": name}
        self._client.enqueue(options, seconds)
        return name


async def _work(url: str, count: int) -> None:
    from dbos import DBOS, DBOSPortableJSONSerializer

    done: list[float] = []

    @DBOS.workflow(name="quick")
    async def quick(seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(time.time())

    DBOS(
        config={
            "name": "videos",
            "system_database_url": url,
            "serializer": DBOSPortableJSONSerializer(),
            "application_version": "1",
            "log_level": "WARNING",
        }
    )
    DBOS.launch()
    await DBOS.register_queue_async(QUEUE, worker_concurrency=4, partition_concurrency=1, polling_interval_sec=0.05)
    while len(done) < count:  # noqa: ASYNC110 - a look each tenth of a second is enough
        await asyncio.sleep(0.1)
    await asyncio.to_thread(DBOS.destroy)


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], int(sys.argv[2])))
