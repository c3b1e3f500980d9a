"""``/watch-folders``: their state for admins, as it names paths of the server."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response, status
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape, Timestamp
from playhead.catalog.watch_folders.folders import FolderSettings, WatchFolders
from playhead.catalog.watch_folders.scanning import WatchScans
from playhead.catalog.watch_folders.tables import WatchFileRow, WatchFolderRow
from playhead.db.database import Database
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now

router = APIRouter(prefix="/watch-folders", tags=["library"], route_class=IdempotentRoute)

MOST = 100
"""Files that are listed with their problems, the latest first."""

Admin = Annotated[Principal, Depends(requires("admin"))]


class WatchFileProblem(Shape):
    """A file that could not be imported, or not be removed afterwards."""

    name: str = Field(description="Path within the folder.")
    size_bytes: int
    problem: str
    hint: str | None
    attempts: int
    updated_at: Timestamp


class WatchFolderState(Shape):
    """A watch folder as it was found last."""

    path: str
    mode: Literal["copy", "move"]
    owner: str = Field(description="Email of the user who gets its videos.")
    collection: str | None
    looked_at: Timestamp | None = Field(description="Null: no worker has looked at it yet.")
    host: str | None
    problem: str | None = Field(description="Why the folder itself cannot be used.")
    truncated: bool = Field(description="It has more than 10,000 files; the others are not looked at.")
    waiting: int = Field(description="Files that still grow, or wait for their turn.")
    importing: int
    imported: int
    ignored: int = Field(description="Files that are not videos.")
    problems: list[WatchFileProblem] = Field(description="At most 100, the latest first.")


class WatchFolderList(Shape):
    """All that the setting `watch_folders` names."""

    items: list[WatchFolderState]


@router.get("", summary="List watch folders", responses=problem_responses(401, 403))
async def list_watch_folders(_: Admin, database: Needs[Database], folders: Needs[WatchFolders]) -> WatchFolderList:
    """What was found at the last look, with the files that could not be imported and why."""
    async with database.read() as session:
        return WatchFolderList(items=[await _state(session, folder) for folder in folders.folders])


@router.post(
    "/scan",
    summary="Scan watch folders",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Job,
    responses=problem_responses(401, 403, 409),
)
async def scan_watch_folders(response: Response, principal: Admin, scans: Needs[WatchScans]) -> Job:
    """Look at them now, as a job, and try files with problems once more."""
    job = await scans.request(principal)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job_resource(job, utc_now())


async def _state(session: AsyncSession, folder: FolderSettings) -> WatchFolderState:
    path = str(folder.path)
    row = await session.get(WatchFolderRow, path)
    counts = select(WatchFileRow.state, func.count()).where(WatchFileRow.folder == path).group_by(WatchFileRow.state)
    number: dict[str, int] = {str(state): count for state, count in await session.execute(counts)}
    return WatchFolderState(
        path=path,
        mode=folder.mode,  # type: ignore[arg-type]
        owner=folder.owner,
        collection=folder.collection,
        looked_at=row.looked_at if row else None,
        host=row.host if row else None,
        problem=row.problem if row else None,
        truncated=bool(row and row.truncated),
        waiting=number.get("waiting", 0),
        importing=number.get("importing", 0),
        imported=number.get("imported", 0),
        ignored=number.get("ignored", 0),
        problems=[WatchFileProblem.model_validate(file) for file in await _problems(session, path)],
    )


async def _problems(session: AsyncSession, path: str) -> Sequence[WatchFileRow]:
    statement = select(WatchFileRow).where(
        WatchFileRow.folder == path, WatchFileRow.problem.is_not(None), WatchFileRow.state != "ignored"
    )
    return (await session.scalars(statement.order_by(WatchFileRow.updated_at.desc()).limit(MOST))).all()
