"""The transactional outbox: an event is recorded with the change that it tells of, or not at all.

`notify` delivers what is recorded here; without it, events are kept for a while and forgotten.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.outbox.tables import EventRow
from playhead.outbox.types import EVENT_TYPES


def record_event(
    session: AsyncSession,
    type: str,  # noqa: A002 - the field's name
    *,
    owner_id: str | None,
    subject_id: str | None = None,
    data: dict[str, Any] | None = None,
) -> EventRow:
    """Record an event in the caller's transaction.

    Args:
        type: One of `EVENT_TYPES`.
        owner_id: The user whose endpoints hear of it; None for administrators' alone.
        subject_id: The video, recording, channel or job that it is about.
        data: JSON-safe, under 16 kB, without secrets and signed URLs; shaped as the example of the type.

    Raises:
        ValueError: the type is not listed.
    """
    if type not in EVENT_TYPES:
        raise ValueError(f"no type of event is named {type!r}")
    row = EventRow(
        id=new_id("evt"), type=type, owner_id=owner_id, subject_id=subject_id, data=data or {}, created_at=utc_now()
    )
    session.add(row)
    return row
