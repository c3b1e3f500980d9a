"""``/retention``: policies, the dry run, runs and their history."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.trash import Trash
from playhead.db.database import Database
from playhead.jobs.shapes import Job, job_resource
from playhead.kit.clock import utc_now
from playhead.retention.history import ACTIONS, Removed, pending, removals, trash_totals
from playhead.retention.plan import Removal
from playhead.retention.policies import LIMITS, Named, Policies
from playhead.retention.runs import Runs
from playhead.retention.shapes import (
    HoldShape,
    PendingBytes,
    PlannedVideo,
    PolicyChanges,
    PolicyInput,
    RemovalHistory,
    RemovalRecord,
    RetentionPlan,
    RetentionPolicies,
    RetentionPolicy,
    RetentionRun,
    RetentionRuns,
    RetentionState,
    RunRequest,
)
from playhead.retention.space import SpaceKeeper
from playhead.settings import Settings

router = APIRouter(prefix="/retention", tags=["retention"], route_class=IdempotentRoute)

Admin = Annotated[Principal, Depends(requires("admin"))]
Anyone = Annotated[Principal, Depends(requires())]
"""Policies of a channel are its owner's: `Policies` decides."""


@router.get("", summary="Read the state of retention", responses=problem_responses(401, 403))
async def get_retention(
    _: Admin,
    settings: Needs[Settings],
    database: Needs[Database],
    space: Needs[SpaceKeeper],
    trash: Needs[Trash],
    runs: Needs[Runs],
) -> RetentionState:
    """Free space and its floor, the trash, and what the store has still to delete."""
    found, last = await space.read(), await runs.page(limit=1, cursor=None)
    async with database.read() as session:
        videos, size_bytes = await trash_totals(session)
        waiting = await pending(session, utc_now())
    return RetentionState(
        free_bytes=found.free_bytes,
        floor_bytes=found.floor_bytes,
        recording_bytes_per_s=found.recording_bytes_per_s,
        min_free_bytes=settings.min_free,
        trash_videos=videos,
        trash_bytes=size_bytes,
        trash_window_s=trash.window.total_seconds(),
        pending=PendingBytes.model_validate(waiting),
        next_run_at=runs.next_at(),
        last_run=RetentionRun.model_validate(last.items[0]) if last.items else None,
    )


@router.get("/policies", summary="List retention policies", responses=problem_responses(401))
async def list_retention_policies(principal: Anyone, policies: Needs[Policies]) -> RetentionPolicies:
    """All of them for an admin; else those of your channels. Of a video the narrowest decides."""
    return RetentionPolicies(items=[_policy(found) for found in await policies.of(principal)])


@router.post(
    "/policies",
    summary="Add a retention policy",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def create_retention_policy(
    wanted: PolicyInput, response: Response, principal: Anyone, policies: Needs[Policies]
) -> RetentionPolicy:
    """One for all videos, one for each origin, one for each channel. Those of channels are their owner's to add."""
    found = await policies.create(
        principal,
        origin=wanted.origin,
        channel_id=wanted.channel_id,
        enabled=wanted.enabled,
        limits=wanted.model_dump(include=set(LIMITS)),
    )
    response.headers["Location"] = f"/api/v1/retention/policies/{found.row.id}"
    return _policy(found)


@router.patch(
    "/policies/{policy_id}",
    summary="Change a retention policy",
    responses=problem_responses(400, 401, 403, 404, 412, 422),
)
async def change_retention_policy(
    policy_id: str,
    changes: PolicyChanges,
    response: Response,
    principal: Anyone,
    policies: Needs[Policies],
    if_match: IfMatch = None,
) -> RetentionPolicy:
    """Change its limits, or switch it off and on. Null removes a limit."""
    given = changes.model_dump(exclude_unset=True)
    found = await policies.change(principal, policy_id, given, if_match=read_if_match(if_match))
    response.headers["ETag"] = f'"{found.row.version}"'
    return _policy(found)


@router.delete(
    "/policies/{policy_id}",
    summary="Delete a retention policy",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def delete_retention_policy(policy_id: str, principal: Anyone, policies: Needs[Policies]) -> None:
    """Its videos come under the next wider policy."""
    await policies.delete(principal, policy_id)


@router.get("/plan", summary="Plan a run", responses=problem_responses(401, 403))
async def get_retention_plan(
    _: Admin, database: Needs[Database], runs: Needs[Runs], space: Needs[SpaceKeeper]
) -> RetentionPlan:
    """A dry run: what would go now and why, what is held and by what. Nothing is removed."""
    room, plan = await space.plan(), await runs.plan()
    gone = {removal.video.id for removal in room.remove}
    remove = [*room.remove, *(removal for removal in plan.remove if removal.video.id not in gone)]
    async with database.read() as session:
        videos, trash_bytes = await trash_totals(session)
    return RetentionPlan(
        remove=[_planned(removal) for removal in remove],
        held=[_planned(removal) for removal in {each.video.id: each for each in (*room.held, *plan.held)}.values()],
        remove_bytes=sum(removal.video.size_bytes for removal in remove),
        trash_videos=videos,
        trash_bytes=trash_bytes,
        videos=plan.videos,
        size_bytes=plan.size_bytes,
        needs_force=bool(plan.remove) and plan.is_more_than_half,
    )


@router.post(
    "/run",
    summary="Run retention",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problem_responses(401, 403, 409, 422),
)
async def run_retention(
    response: Response, principal: Admin, runs: Needs[Runs], wanted: RunRequest | None = None
) -> Job:
    """Apply the policies as a job; 409 `retention_stopped` without `force` when more than half would go."""
    job = await runs.request(principal, force=wanted is not None and wanted.force)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return job_resource(job, utc_now())


@router.get("/runs", summary="List runs of retention", responses=problem_responses(400, 401, 403))
async def list_retention_runs(_: Admin, runs: Needs[Runs], limit: Limit = 50, cursor: Cursor = None) -> RetentionRuns:
    """Scheduled ones, requested ones, and those that made room, newest first."""
    page = await runs.page(limit=limit, cursor=cursor)
    items = [RetentionRun.model_validate(row) for row in page.items]
    return RetentionRuns(items=items, next_cursor=page.next_cursor)


@router.get("/history", summary="List what was removed", responses=problem_responses(400, 401, 403))
async def list_retention_history(
    _: Admin, database: Needs[Database], limit: Limit = 50, cursor: Cursor = None
) -> RemovalHistory:
    """Each video that was trashed, restored or deleted, by retention or by a user, newest first."""
    async with database.read() as session:
        page = await removals(session, limit=limit, cursor=cursor)
    return RemovalHistory(items=[_removed(found) for found in page.items], next_cursor=page.next_cursor)


def _policy(found: Named) -> RetentionPolicy:
    fields = {name: getattr(found.row, name) for name in RetentionPolicy.model_fields if name != "applies_to"}
    return RetentionPolicy(applies_to=found.applies_to, **fields)


def _planned(removal: Removal) -> PlannedVideo:
    video = removal.video
    fields = ("id", "title", "owner_id", "origin", "channel_id", "size_bytes", "created_at")
    return PlannedVideo(
        **{name: getattr(video, name) for name in fields},
        rule=removal.rule,
        reason=removal.reason,
        policy_id=removal.policy_id,
        holds=[HoldShape(name=name, reason=reason) for name, reason in video.holds.items()],
    )


def _removed(found: Removed) -> RemovalRecord:
    row, facts = found.row, found.row.facts
    return RemovalRecord(
        id=str(row.id),
        video_id=row.subject_id,
        title=str(facts.get("title", "")),
        action=ACTIONS[row.action],  # type: ignore[arg-type]
        actor=row.actor,
        reason=facts.get("reason"),  # type: ignore[arg-type]
        size_bytes=facts.get("size_bytes"),  # type: ignore[arg-type]
        at=row.at,
        can_restore=found.can_restore,
    )
