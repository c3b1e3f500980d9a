"""Files derived from videos and stored beside them: written first, then recorded, so that a row means bytes."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.kit.clock import utc_now

_BATCH = 500


async def record_artifact(
    session: AsyncSession,
    video_id: str,
    name: str,
    *,
    kind: str,
    sha256: str,
    size_bytes: int,
    facts: Mapping[str, Any] | None = None,
) -> ArtifactRow | None:
    """Record that the store has this file, replacing an older record of the name.

    Args:
        name: As in ``storage.keys.artifact``, at most 64 characters.
        kind: What it is, such as ``storyboard``; at most 16 characters.
        facts: What a reader must know besides the bytes; JSON-safe.

    Returns:
        None when the video is gone: then the bytes have to go, too.
    """
    if await session.get(VideoRow, video_id, with_for_update=True) is None:
        return None
    row = await session.get(ArtifactRow, (video_id, name))
    if row is None:
        row = ArtifactRow(video_id=video_id, name=name)
        session.add(row)
    row.kind, row.sha256, row.size_bytes = kind, sha256, size_bytes
    row.facts, row.created_at = dict(facts or {}), utc_now()
    await session.flush()
    return row


async def find_artifact(session: AsyncSession, video_id: str, name: str) -> ArtifactRow | None:
    """One file of a video."""
    return await session.get(ArtifactRow, (video_id, name))


async def artifacts_of(
    session: AsyncSession, video_ids: Iterable[str], names: Collection[str]
) -> dict[str, frozenset[str]]:
    """Which of some names each of a page of videos has, in one query; a video without any is left out."""
    ids = sorted(set(video_ids))
    if not ids:
        return {}
    statement = select(ArtifactRow.video_id, ArtifactRow.name).where(
        ArtifactRow.video_id.in_(ids), ArtifactRow.name.in_(sorted(names))
    )
    found: dict[str, set[str]] = {}
    for video_id, name in await session.execute(statement):
        found.setdefault(video_id, set()).add(name)
    return {video_id: frozenset(each) for video_id, each in found.items()}


async def sizes_of(session: AsyncSession, video_ids: Iterable[str]) -> dict[str, int]:
    """Bytes that each of some videos takes in the store: the original, and what was made from it."""
    ids, found = sorted(set(video_ids)), dict[str, int]()
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        own = select(VideoRow.id, VideoRow.size_bytes + func.coalesce(VideoRow.poster_size_bytes, 0))
        made = select(ArtifactRow.video_id, func.sum(ArtifactRow.size_bytes)).group_by(ArtifactRow.video_id)
        for video_id, size_bytes in await session.execute(own.where(VideoRow.id.in_(batch))):
            found[video_id] = int(size_bytes)
        for video_id, size_bytes in await session.execute(made.where(ArtifactRow.video_id.in_(batch))):
            found[video_id] += int(size_bytes)
    return found


async def forget_oldest(session: AsyncSession, video_id: str, kind: str, *, keep: int) -> list[str]:
    """Forget all but the newest files of a kind; the names of those whose bytes have to go."""
    statement = (
        select(ArtifactRow.name)
        .where(ArtifactRow.video_id == video_id, ArtifactRow.kind == kind)
        .order_by(ArtifactRow.created_at.desc(), ArtifactRow.name)
        .offset(keep)
    )
    names = list(await session.scalars(statement))
    if names:
        await session.execute(delete(ArtifactRow).where(ArtifactRow.video_id == video_id, ArtifactRow.name.in_(names)))
    return names
