"""``/storage``: the room that videos take, and what frees the most of it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import Shape, Timestamp
from playhead.catalog.library.storage_report import CauseName, Kind, StorageReports

router = APIRouter(prefix="/storage", tags=["library"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]


class StorageKind(Shape):
    """Room that one kind of thing takes."""

    kind: Kind = Field(
        description="`originals`: uploads. `stills`: posters, storyboards, previews and images. `render_cache`: pieces "
        "that the next stitch may use again; it is of nobody's videos, so only the whole report has it."
    )
    count: int
    size_bytes: int


class StorageOwner(Shape):
    """Room that the videos of one user take, with the trash."""

    user_id: str
    email: str
    videos: int
    size_bytes: int


class FreeableVideo(Shape):
    """A video, and what would be free."""

    id: str
    title: str
    owner_id: str
    created_at: Timestamp
    size_bytes: int


class StorageCause(Shape):
    """A reason for which much can go."""

    name: CauseName = Field(
        description="`never_played`: videos that nobody played. `old_reels`: reels that a newer one of their project "
        "replaced. `unwatched_renditions`: renditions of videos that nobody played. `trash`."
    )
    count: int
    size_bytes: int
    videos: list[FreeableVideo] = Field(description="The largest, at most 20.")


class StorageReport(Shape):
    """Room taken, by the catalog's own sums."""

    scope: Literal["all", "mine"]
    size_bytes: int
    uses: list[StorageKind]
    owners: list[StorageOwner] = Field(description="The largest first; empty in the report of one user.")
    causes: list[StorageCause] = Field(description="What frees the most: those that would free something.")


@router.get("", summary="Read what takes room", responses=problem_responses(401, 403))
async def get_storage(
    principal: Reader,
    reports: Needs[StorageReports],
    mine: Annotated[bool, Query(description="Of your own videos alone, for an admin.")] = False,
) -> StorageReport:
    """For admins of everything, else of your own videos."""
    everything = principal.is_admin and not mine
    report = await reports.read(None if everything else principal.user_id)
    facts = {name: getattr(report, name) for name in ("size_bytes", "uses", "owners", "causes")}
    return StorageReport.model_validate({"scope": "all" if everything else "mine", **facts})
