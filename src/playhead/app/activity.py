"""What happened with one video: put together from rows that each domain keeps for itself, and from its transfers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import AuditRow, UserRow
from playhead.catalog.tables import VideoRow
from playhead.delivery.shares.tables import ShareRow
from playhead.delivery.transfers.viewings import Viewing
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import rfc3339
from playhead.kit.ids import made_at
from playhead.kit.units import format_bytes, format_duration
from playhead.reels.tables import ClipRow, ProjectRow

MOST: Final = 500
"""Rows of each kind that are looked at, the newest first."""

_TRASH: Final = {"video.trash": "Moved to the trash", "video.restore": "Restored from the trash"}
_SHARE_FIELDS: Final = {"expires_at": "its end", "password": "its password", "allow_download": "downloading"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. ``text`` is for people; the ids lead to more."""

    id: str
    at: datetime
    kind: str
    text: str
    actor: str | None = None
    state: str | None = None
    error: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, str]:
        """In the list, which cursors name."""
        return rfc3339(self.at), self.id


async def activity_of(
    session: AsyncSession, principal: Principal, video: VideoRow, viewings: Iterable[Viewing], kinds: JobKinds
) -> list[Event]:
    """Everything that is known, the newest first."""
    shares = list(await session.scalars(select(ShareRow).where(ShareRow.video_id == video.id).limit(MOST)))
    found = [
        _added(video, await _email(session, video.owner_id)),
        *[_job(job, kinds) for job in await _jobs(session, video)],
        *[_audit(row) for row in await _audits(session, video.id, [share.id for share in shares])],
        *await _clips(session, principal, video.id),
        *[_viewing(one) for one in await _named(session, viewings)],
    ]
    return sorted(found, key=lambda event: event.place, reverse=True)


def _added(video: VideoRow, owner: str | None) -> Event:
    if video.origin == "reel":
        text, ids = "Stitched from its project", {"project_id": video.project_id} if video.project_id else {}
    elif video.origin == "generation":
        text, ids = "Generated from a prompt", {}
    else:
        text, ids = f"Uploaded {video.filename or 'the file'} ({format_bytes(video.size_bytes)})", {}
    return Event(id=video.id, at=video.created_at, kind="added", text=text, actor=owner, ids=ids)


async def _email(session: AsyncSession, user_id: str) -> str | None:
    user = await session.get(UserRow, user_id)
    return user.email if user else None


async def _jobs(session: AsyncSession, video: VideoRow) -> Iterable[JobRow]:
    """Its own jobs, and the stitch that made it."""
    of_it = [JobRow.video_id == video.id]
    if video.origin == "reel" and video.project_id:
        of_it.append(JobRow.project_id == video.project_id)
    rows = await session.scalars(select(JobRow).where(or_(*of_it)).order_by(JobRow.created_at.desc()).limit(MOST))
    return [row for row in rows if row.video_id == video.id or row.args.get("video_id") == video.id]


def _job(job: JobRow, kinds: JobKinds) -> Event:
    kind = next((kind for kind in kinds if kind.name == job.kind), None)  # None: a kind of an earlier version
    doing, done = (kind.doing, kind.done) if kind else (job.kind.capitalize(), job.kind.capitalize())
    took = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else None
    text = {
        "queued": f"{doing} waits for a worker",
        "running": f"{doing}, {int(job.progress * 100)} %",
        "succeeded": done + (f" in {format_duration(took)}" if took is not None and took >= 1 else ""),
        "failed": f"{doing} failed",
        "canceled": f"{doing} was canceled",
    }[job.state]
    error = " ".join(filter(None, (job.error_message, job.error_hint))) if job.state == "failed" else None
    return Event(
        id=job.id,
        at=job.finished_at or job.created_at,
        kind="job",
        text=text,
        state=job.state,
        error=error or None,
        ids={"job_id": job.id},
    )


async def _audits(session: AsyncSession, video_id: str, shares: Sequence[str]) -> Iterable[AuditRow]:
    about = AuditRow.subject_id.in_([video_id, *shares])
    return await session.scalars(select(AuditRow).where(about).order_by(AuditRow.id.desc()).limit(MOST))


def _audit(row: AuditRow) -> Event:
    if row.action in _TRASH:
        reason = row.facts.get("reason")
        text = _TRASH[row.action] + (f": {reason}" if reason not in (None, "requested") else "")
        return Event(id=f"audit_{row.id}", at=row.at, kind="trash", text=text, actor=row.actor)
    if row.action == "share.change":
        fields = row.facts.get("fields")
        named = [_SHARE_FIELDS.get(str(each), str(each)) for each in (fields if isinstance(fields, list) else ())]
        text = f"Changed a share link: {', '.join(named)}"
    elif row.action == "links.revoke":
        text = "Revoked all links" if row.facts.get("shares") else "Ended all direct links"
    else:
        text = {"share.create": "Made a share link", "share.revoke": "Revoked a share link"}.get(row.action, row.action)
    ids = {"share_id": row.subject_id} if row.subject_id.startswith("shr_") else {}
    kind = "share" if ids else "links"
    return Event(id=f"audit_{row.id}", at=row.at, kind=kind, text=text, actor=row.actor, ids=ids)


async def _clips(session: AsyncSession, principal: Principal, video_id: str) -> Iterator[Event]:
    """One event for each project that holds clips of it, when the first of them was made."""
    statement = (
        select(ClipRow.id, ProjectRow.id, ProjectRow.title)
        .join(ProjectRow, ProjectRow.id == ClipRow.project_id)
        .where(ClipRow.video_id == video_id)
        .order_by(ClipRow.id)
        .limit(MOST)
    )
    if not principal.is_admin:
        statement = statement.where(ProjectRow.owner_id == principal.user_id)
    by_project: dict[tuple[str, str], list[str]] = {}
    for clip_id, project_id, title in await session.execute(statement):
        by_project.setdefault((project_id, title), []).append(clip_id)
    return (_clip(project_id, title, clips) for (project_id, title), clips in by_project.items())


def _clip(project_id: str, title: str, clips: Sequence[str]) -> Event:
    number = "a clip" if len(clips) == 1 else f"{len(clips)} clips"
    text = f"Used as {number} in {title}"
    return Event(id=clips[0], at=made_at(clips[0]), kind="clip", text=text, ids={"project_id": project_id})


async def _named(session: AsyncSession, viewings: Iterable[Viewing]) -> list[tuple[Viewing, str]]:
    """With who the viewer is, in words."""
    viewings = list(viewings)
    users = {one.viewer for one in viewings if one.viewer.startswith("usr_")}
    rows = await session.execute(select(UserRow.id, UserRow.email).where(UserRow.id.in_(users))) if users else ()
    emails = {row[0]: row[1] for row in rows}
    return [(one, emails.get(one.viewer) or _viewer(one.viewer)) for one in viewings]


def _viewer(viewer: str) -> str:
    words = {"usr": "a user", "key": "an API key", "shr": "a share link"}
    return words.get(viewer.partition("_")[0], "a signed link")


def _viewing(named: tuple[Viewing, str]) -> Event:
    viewing, viewer = named
    where = f" from {viewing.client}" if viewing.client else ""
    pieces = "1 piece" if viewing.pieces == 1 else f"{viewing.pieces} pieces"
    text = f"Sent {format_bytes(viewing.acked_bytes)} in {pieces} to {viewer}{where}"
    ids: Mapping[str, Any] = {"share_id": viewing.viewer} if viewing.viewer.startswith("shr_") else {}
    state = viewing.outcome or viewing.state
    return Event(id=viewing.id, at=viewing.began_at, kind="viewing", text=text, state=state, ids=ids)
