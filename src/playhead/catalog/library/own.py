"""The videos of a principal among some ids, in batches that every database takes."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from playhead.access.principals import Principal
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE

BATCH: Final = 500


def batches(ids: Collection[str]) -> Iterator[Sequence[str]]:
    """Ids without duplicates, 500 at a time."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


async def own_videos(
    session: AsyncSession, principal: Principal, ids: Collection[str], *, trashed: bool = False
) -> dict[str, VideoRow]:
    """Those that the principal may change, by id; for an admin all that exist.

    Args:
        trashed: Those in the trash instead of the others.
    """
    own = true() if principal.is_admin else VideoRow.owner_id == principal.user_id
    place = VideoRow.trashed_at.is_not(None) if trashed else VISIBLE
    found: dict[str, VideoRow] = {}
    for batch in batches(ids):
        statement = select(VideoRow).options(defer(VideoRow.probe)).where(VideoRow.id.in_(batch), own, place)
        found |= {row.id: row for row in await session.scalars(statement)}
    return found
