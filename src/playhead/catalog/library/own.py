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
    session: AsyncSession, principal: Principal, ids: Collection[str], *, lock: bool = False
) -> dict[str, VideoRow]:
    """Those that the principal may change, by id; for an admin all that exist.

    Args:
        lock: Others who want to change them wait: two who give a video the same tag would both insert it.
    """
    own = true() if principal.is_admin else VideoRow.owner_id == principal.user_id
    found: dict[str, VideoRow] = {}
    for batch in batches(sorted(ids) if lock else ids):  # in one order, so that nobody waits in a circle
        statement = select(VideoRow).options(defer(VideoRow.probe)).where(VideoRow.id.in_(batch), own, VISIBLE)
        if lock:
            statement = statement.order_by(VideoRow.id).with_for_update()
        found |= {row.id: row for row in await session.scalars(statement)}
    return found
