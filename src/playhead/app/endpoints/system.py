"""``/system``: state of the installation, for admins only, as it names paths and hosts."""

from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import ByteSize, Field, JsonValue
from pydantic_core import to_jsonable_python

from playhead import __version__
from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.peers import Peers
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape, Timestamp
from playhead.app.loading import explain, load
from playhead.app.system import Sums, queues, store_place
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.tables import JobRow
from playhead.jobs.workers import Worker, WorkerRegistry
from playhead.kit.units import format_bytes
from playhead.observe.checks import Readiness
from playhead.settings import Settings
from playhead.storage.store import Store

router = APIRouter(prefix="/system", tags=["system"], route_class=GuardedRoute)

LOST = "It stopped without a goodbye, or hangs; another worker takes its jobs over."

Admin = Annotated[Principal, Depends(requires("admin"))]


class StorageUse(Shape):
    """Room that one kind of thing takes, by the catalog's own sums."""

    name: Literal[
        "originals", "reels", "trash", "renditions", "pictures", "images", "renders", "uploads", "scratch"
    ] = Field(
        description="`trash`: videos that can be restored. `images`: inputs of generations. `renders`: pieces that "
        "the next stitch may use again. `uploads`: unfinished, at their announced size. `scratch`: files of running "
        "jobs on this host."
    )
    count: int
    size_bytes: int


class Storage(Shape):
    """Room used and free."""

    uses: list[StorageUse]
    store: Literal["folder", "s3", "gs", "az"]
    store_place: str = Field(description="A path or a bucket.")
    store_free_bytes: int | None = Field(description="Null for a remote store.")
    data_path: str
    disk_total_bytes: int = Field(description="Of the disk of the data folder.")
    disk_free_bytes: int
    headroom_bytes: int = Field(description="Below it uploads are refused: the setting `disk_headroom`.")


class SystemJob(Shape):
    """A job that a worker runs."""

    id: str
    kind: str
    title: str


class SystemWorker(Shape):
    """A worker process that was seen within a day."""

    id: str
    host: str
    pid: int
    version: str | None = Field(description="Of Playhead; null where it is not known.")
    state: Literal["starting", "ready", "failed", "lost"] = Field(
        description="`lost`: silent for longer than `worker_dead_after`."
    )
    problem: str | None = Field(description="In words.")
    up_s: float
    seen_s_ago: float
    jobs: list[SystemJob]


class QueueShape(Shape):
    """Jobs of one kind that have not ended."""

    kind: str
    queued: int
    running: int
    oldest_queued_at: Timestamp | None


class CheckShape(Shape):
    """A check of `/readyz`."""

    name: str
    ok: bool
    detail: str | None


class DatabaseShape(Shape):
    """The catalog's database."""

    kind: Literal["SQLite", "PostgreSQL"]
    version: str
    size_bytes: int


class SettingShape(Shape):
    """A setting in force."""

    name: str
    value: JsonValue = Field(description="As `playhead config show --json` prints it; secrets are masked.")
    text: str | None = Field(description="The same for people. Null: not set.")
    origin: str = Field(description="`default`, `command line`, `environment PLAYHEAD_...` or a file.")
    description: str


class System(Shape):
    """The installation as it is now."""

    version: str
    processes: int = Field(description="Server processes that answer on this port.")
    checks: list[CheckShape]
    storage: Storage
    database: DatabaseShape
    workers: list[SystemWorker]
    queues: list[QueueShape]
    settings: list[SettingShape]


@router.get("", summary="Read the state of the system", responses=problem_responses(401, 403, 503))
async def get_system(
    _: Admin,
    settings: Needs[Settings],
    store: Needs[Store],
    catalog: Needs[Database],
    sums: Needs[Sums],
    readiness: Needs[Readiness],
    workers: Needs[WorkerRegistry],
    peers: Needs[Peers],
) -> System:
    """For admins: room, workers, what waits, health checks, settings. Sums are at most half a minute old."""
    room, database = await sums.read()
    shown = await peers.ask("settings")
    kind, place = store_place(settings.store_url)
    results = await readiness.results()
    running = await workers.running()
    return System(
        version=__version__,
        processes=len(shown),
        checks=[CheckShape(name=one.name, ok=one.ok, detail=one.detail) for one in results],
        storage=Storage(
            uses=[StorageUse.model_validate(use) for use in room.uses],
            store=kind,  # type: ignore[arg-type]
            store_place=place,
            store_free_bytes=store.free_bytes(),
            data_path=room.path,
            disk_total_bytes=room.total_bytes,
            disk_free_bytes=room.free_bytes,
            headroom_bytes=room.headroom_bytes,
        ),
        database=DatabaseShape.model_validate(database),
        workers=[_worker(one, running.get(one.id, [])) for one in await workers.seen()],
        queues=[QueueShape.model_validate(one) for one in await queues(catalog)],
        settings=next(
            filter(None, shown), []
        ),  # those of the process that was started: flags make variables of the others
    )


def _worker(worker: Worker, jobs: list[JobRow]) -> SystemWorker:
    words = (LOST,) if worker.state == "lost" else (worker.reason, worker.hint)
    return SystemWorker(
        id=worker.id,
        host=worker.host,
        pid=worker.pid,
        version=worker.version,
        state=worker.state,
        problem=" ".join(filter(None, words)) or None,
        up_s=worker.up_s,
        seen_s_ago=max(0.0, worker.seen_s_ago),
        jobs=[SystemJob.model_validate(job) for job in jobs],
    )


def settings_shown(settings: Settings) -> list[dict[str, Any]]:
    """Every setting with its value and source, as JSON of `SettingShape`.

    The source is what the environment and the file say now; what differs from both was given on the command line.
    """
    given = settings
    with suppress(PlayheadError):
        given = load()
    fields = Settings.model_fields
    return [
        {
            "name": row.name,
            "value": to_jsonable_python(row.value),
            "text": _words(row.value),
            "origin": row.origin if getattr(given, row.name) == getattr(settings, row.name) else "command line",
            "description": fields[row.name].description,
        }
        for row in explain(settings)
    ]


def _words(value: Any) -> str | None:
    if value is None or value == ():
        return None
    if isinstance(value, ByteSize):
        return format_bytes(value)
    if isinstance(value, timedelta):
        return _length(value.total_seconds())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _length(seconds: float) -> str:
    """``4 h``, ``14 d``, ``90 s``: in the largest unit that keeps it whole."""
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"
