"""Queries and checks of uploads: one of an owner, unfinished ones to list, count, join and remove."""

import math
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import UserRow
from playhead.api.cursors import Page, page_of
from playhead.catalog.errors import (
    UploadExpired,
    UploadHeaderInvalid,
    UploadIsFinal,
    UploadNotFound,
    UploadPartUsed,
)
from playhead.catalog.tables import UploadRow
from playhead.errors import Conflict, TooManyRequests
from playhead.kit.ids import is_id


def _waiting(owner_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        UploadRow.owner_id == owner_id,
        UploadRow.completed_at.is_(None),
        UploadRow.final_id.is_(None),
        UploadRow.expires_at > now,
    )


async def find_upload(session: AsyncSession, owner: Principal, upload_id: str, now: datetime | None) -> UploadRow:
    """An owner's upload.

    Args:
        now: None for one whose time is over as well.

    Raises:
        UploadNotFound: none, or a stranger's.
        UploadExpired: it is not complete, and its time is over.
    """
    row = await session.get(UploadRow, upload_id) if is_id("upl", upload_id) else None
    if row is None or row.owner_id != owner.user_id:
        raise UploadNotFound(upload_id)
    is_written = now is not None and row.writer_until is not None and row.writer_until > now
    if now is not None and row.completed_at is None and row.expires_at <= now and not is_written:
        raise UploadExpired(
            f"Upload {upload_id} waited too long for its next byte and was removed.", hint="Start the upload anew."
        )
    return row


async def unfinished_page(
    session: AsyncSession, owner_id: str, now: datetime, *, limit: int, cursor: str | None
) -> Page[UploadRow]:
    """One page of an owner's unfinished uploads, newest first."""
    statement = select(UploadRow).where(*_waiting(owner_id, now))
    return await page_of(session, statement, UploadRow.created_at, UploadRow.id, "-created_at", limit, cursor)


async def make_room(session: AsyncSession, owner_id: str, most: int, now: datetime) -> None:
    """See that an owner may open one more, in the transaction that does.

    Raises:
        TooManyRequests: *most* are unfinished already; 0 disables the limit.
    """
    if not most:
        return
    await session.execute(select(UserRow.id).where(UserRow.id == owner_id).with_for_update())
    waiting = select(func.count(), func.min(UploadRow.expires_at)).where(*_waiting(owner_id, now))
    count, first_ends = (await session.execute(waiting)).one()
    if count >= most:
        raise TooManyRequests(
            f"{count} of your uploads are unfinished; this server keeps at most {most} for each user.",
            retry_after_s=max(1, math.ceil((first_ends - now).total_seconds())),
            hint="List them with GET /api/v1/uploads or `playhead uploads list`. Finish them, or give them up with "
            "DELETE or `playhead uploads delete`.",
            code="too_many_unfinished_uploads",
            title="Too many unfinished uploads",
        )


async def over_before(session: AsyncSession, expired: datetime, completed: datetime) -> Sequence[UploadRow]:
    """Uploads to remove: those that expired unfinished without a writer, and those completed long ago."""
    unwritten = UploadRow.writer_until.is_(None) | (UploadRow.writer_until < expired)
    unfinished = UploadRow.completed_at.is_(None) & UploadRow.final_id.is_(None) & unwritten
    over = unfinished & (UploadRow.expires_at < expired) | (UploadRow.completed_at < completed)
    return (await session.scalars(select(UploadRow).where(over).limit(500))).all()


async def final_of(session: AsyncSession, parts: Sequence[UploadRow]) -> UploadRow | None:
    """The final upload that was made of exactly these parts before, if there is one."""
    final_id = parts[0].final_id
    final = await session.get(UploadRow, final_id) if final_id else None
    if final is None or [upload_id for upload_id, _ in final.parts or ()] != [part.id for part in parts]:
        return None
    return final


def check_part(part: UploadRow, offset: int) -> None:
    """See that an upload can become a part of another.

    Raises:
        UploadHeaderInvalid: it was not opened as one.
        UploadPartUsed: it is one of another upload.
        Conflict: bytes of it are missing.
    """
    if part.concat != "partial":
        raise UploadHeaderInvalid(
            f"Upload {part.id} is no partial upload.", hint="Open its parts with Upload-Concat: partial."
        )
    if part.final_id is not None:
        raise UploadPartUsed(part.id, part.final_id)
    if part.size_bytes is None or offset != part.size_bytes:
        whole = "an unknown number of" if part.size_bytes is None else part.size_bytes
        raise Conflict(
            f"{offset} of {whole} bytes of the partial upload {part.id} are here.",
            hint="Finish it, then ask for the final upload again.",
            code="upload_part_unfinished",
            title="A part of the upload is not finished",
        )


def check_open(row: UploadRow) -> None:
    """See that an upload takes bytes.

    Raises:
        UploadIsFinal, Conflict, UploadPartUsed
    """
    if row.concat == "final":
        raise UploadIsFinal(f"Upload {row.id} is made of others.", hint="Ask where it stands with HEAD.")
    if row.completed_at is not None:
        raise Conflict(
            f"Upload {row.id} is complete; its video is {row.video_id}.",
            code="upload_complete",
            title="The upload is complete",
        )
    if row.final_id is not None:
        raise UploadPartUsed(row.id, row.final_id)


def check_given_up(row: UploadRow) -> None:
    """See that an upload can be given up.

    Raises:
        Conflict, UploadPartUsed
    """
    if row.completed_at is not None:
        raise Conflict(
            f"Upload {row.id} is complete.",
            hint=f"Delete its video {row.video_id} instead.",
            code="upload_complete",
            title="The upload is complete",
        )
    if row.final_id is not None:
        raise UploadPartUsed(row.id, row.final_id)
