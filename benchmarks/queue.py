"""Who waits for whom with 430 jobs in the queue, beside the engine's own partitions, and what a place costs."""

import asyncio
import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.figures import paired, show
from benchmarks.peers.partitions import Partitions
from playhead.db.database import Database
from playhead.db.migrate import migrate
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext, Part
from playhead.jobs.engine import Engine
from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.tables import JobRow

WAITING = 430
PARTS = 300
LOOKS = 100
"""Jobs that are handed over one by one for the cost of it."""

SECONDS = 0.02
"""What a job takes: the order is measured, not the work."""


async def _quick(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    await asyncio.sleep(SECONDS)
    return {}


async def _part(context: JobContext, args: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    await asyncio.sleep(SECONDS)
    return {"at": time.time()}


async def _reel(context: JobContext, args: dict[str, Any]) -> dict[str, Any]:
    async def progress(fraction: float) -> None:
        await context.progress(fraction)

    parts = [Part(f"part {number}", {}) for number in range(args["parts"])]
    began = time.time()
    done = await context.fan_out("parts", "part", parts, progress=progress)
    return {"began": began, "parts": [part["at"] for part in done]}


def kinds() -> JobKinds:
    """An upload's job, its pictures' job, and a reel in parts."""
    return JobKinds(
        JobKind(name="upload", queue="ingest", run=_quick),
        JobKind(name="pictures", queue="ingest", run=_quick, background=True, goes_last=True),
        JobKind(name="reel", queue="media", run=_reel, parts={"part": _part}),
    )


class Place:
    """A fresh installation: both databases, and one worker at a time that polls as fast as it may."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.jobs_url, self.database_url = f"sqlite:///{folder / 'jobs.db'}", f"sqlite:///{folder / 'playhead.db'}"
        self.database = Database(self.database_url)
        self.jobs = Jobs(self.database, self.jobs_url, kinds())

    async def prepare(self) -> None:
        """Make the tables of both."""
        from dbos import DBOS

        await migrate(self.database)
        await asyncio.to_thread(DBOS.migrate, self.jobs_url)

    async def ask(self, kind: str, owner: str, **args: Any) -> str:
        """Record a job and hand it over, as a request does; each has a video of its own."""
        async with self.database.write() as session:
            job = await self.jobs.record(
                session, kind=kind, owner_id=owner, title="", args=args, video_id=_next_video()
            )
        await self.jobs.submit(job.id)
        return job.id

    async def work(self, until: Callable[[], Awaitable[bool]]) -> None:
        """Have a worker process run until a condition holds."""
        command = [
            sys.executable,
            "-m",
            "benchmarks.queue",
            self.database_url,
            self.jobs_url,
            str(self.folder / "work"),
        ]
        worker = subprocess.Popen(command)  # noqa: ASYNC220 - one start
        try:
            while not await until():  # noqa: ASYNC110 - another process ends them
                await asyncio.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait()

    async def ended(self) -> bool:
        """Nothing waits or runs."""
        async with self.database.read() as session:
            return await session.scalar(select(JobRow.id).where(JobRow.finished_at.is_(None)).limit(1)) is None

    async def close(self) -> None:
        """Close the connections."""
        await self.jobs.close()
        await self.database.close()

    async def starts(self) -> list[str]:
        """The ids of all jobs in the order in which they began."""
        async with self.database.read() as session:
            return list(await session.scalars(select(JobRow.id).order_by(JobRow.started_at, JobRow.id)))


_numbers = itertools.count(1)


def _next_video() -> str:
    return f"vid_{next(_numbers)}"


async def _measured(scenario: Callable[[Place], Awaitable[None]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name))
        try:
            await place.prepare()
            await scenario(place)
        finally:
            await place.close()


def order(asked: list[str], began: list[str]) -> str:
    """How far an order of beginning differs from the order of asking, in words."""
    position = {job: number for number, job in enumerate(began)}
    starts = [position[job] for job in asked]
    pairs = [(a, b) for a, b in itertools.combinations(starts, 2)]
    wrong = sum(a > b for a, b in pairs) / len(pairs)
    passed = max(sum(later < start for later in starts[place:]) for place, start in enumerate(starts))
    return f"{wrong:.1%} of the pairs in the wrong order, {passed} jobs went past one of them at most"


async def _one_owner(place: Place) -> None:
    asked = [await place.ask("upload", "usr_a") for _ in range(WAITING)]
    await place.work(place.ended)
    print(f"{WAITING} uploads of one owner: {order(asked, await place.starts())}")


async def _two_owners(place: Place) -> None:
    for _ in range(WAITING):
        await place.ask("upload", "usr_a")
    other = await place.ask("upload", "usr_b")
    await place.work(place.ended)
    print(f"  one upload of another owner behind them: {(await place.starts()).index(other)} began before it")


async def _pictures(place: Place) -> None:
    """Pictures are wanted as uploads end, so of all ages: here of every second one, before the worker starts."""
    uploads, pictures = [], []
    for number in range(WAITING):
        uploads.append(await place.ask("upload", "usr_a"))
        if number % 2:
            pictures.append(await place.ask("pictures", "usr_a"))
    await place.work(place.ended)
    began = await place.starts()
    last = max(began.index(job) for job in uploads)
    early = sum(began.index(job) < last for job in pictures)
    print(f"  {len(pictures)} pictures among them: {early} began before the last upload")


async def _parts(place: Place) -> None:
    long = await place.ask("reel", "usr_a", parts=PARTS)
    short: list[str] = []

    async def both_ended() -> bool:
        if not short and (await place.jobs.get(long)).progress > 0:
            short.append(await place.ask("reel", "usr_b", parts=6))
        return bool(short) and await place.ended()

    await place.work(both_ended)
    engine = Engine(place.jobs_url)
    outputs = await engine.outcomes([long, short[0]])
    await engine.close()
    a, b = (outputs[job].output["result"] for job in (long, short[0]))
    between = sum(b["began"] < at < max(b["parts"]) for at in a["parts"])
    left = sum(at > b["began"] for at in a["parts"])
    print(f"  a reel of 6 parts beside one of {PARTS}: {between} of the other's {left} left were done before its last")


async def _cost(place: Place) -> None:
    engine = Engine(place.jobs_url)
    peer = Partitions(place.jobs_url)
    jobs = []
    for _ in range(WAITING):
        await place.ask("upload", "usr_a")
    async with place.database.write() as session:
        for _ in range(6 * LOOKS):
            job = await place.jobs.record(
                session, kind="upload", owner_id="usr_a", title="", args={}, video_id=_next_video()
            )
            jobs.append(job)

    loop = asyncio.get_running_loop()
    waiting = iter(jobs)

    def each(call: Callable[[], Awaitable[Any]]) -> float:
        async def timed() -> float:
            began = time.perf_counter()
            for _ in range(LOOKS):
                await call()
            return (time.perf_counter() - began) / LOOKS * 1000

        return asyncio.run_coroutine_threadsafe(timed(), loop).result()

    alone = partial(each, peer.enqueue)
    await peer.enqueue()  # opens the connections
    ours = partial(each, lambda: engine.enqueue(next(waiting), "ingest"))
    show("enqueue", *await asyncio.to_thread(paired, ours, alone), "DBOS alone", "ms")
    asked = partial(each, lambda: place.ask("upload", "usr_a"))
    show("record and enqueue", *await asyncio.to_thread(paired, asked, alone), "DBOS alone", "ms")
    await engine.close()
    await peer.close()


def main() -> None:
    """Print the order, then what another owner and pictures wait for, then parts, then the cost."""
    asyncio.run(_measured(_one_owner))
    with tempfile.TemporaryDirectory() as name:
        asked, began = Partitions(f"sqlite:///{name}/jobs.db").run_all(WAITING, SECONDS)
    print(f"  DBOS with a partition for each video: {order(asked, began)}")
    for scenario in (_two_owners, _pictures, _parts, _cost):
        asyncio.run(_measured(scenario))


async def _worker(database_url: str, jobs_url: str, work: str) -> None:
    from playhead.jobs.timing import Timing
    from playhead.jobs.worker import run_worker

    database = Database(database_url)
    try:
        await run_worker(database, jobs_url, kinds(), work=Path(work), timing=Timing(poll_s=0.05, watch_s=5))
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(_worker(*sys.argv[1:]))
