"""The priority of a job in its queue: owners take turns, each owner's jobs run by age, some kinds run last.

This is start-time fair queueing (Goyal, Vin and Cheng, 1996), with jobs for packets and owners for flows. A priority is
the turn in which a job begins: one after the last waiting job of its owner, and never before the turn that is reached.
The engine starts the lowest priority first: an owner of many jobs waits for their own, an owner of one waits for one
of each other owner. No clock is read, so hosts that record jobs need not agree on the time.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.jobs.kinds import JobKind, JobKinds
from playhead.jobs.tables import JobRow

LATE_TURNS = 1000
"""Turns that a kind which goes last lets pass. More than the waiting uploads of one owner, so that these go first; few
enough that stills are made while uploads keep coming."""

LAST_PRIORITY = 2**31 - 1
"""The engine's greatest priority."""

_BEGUN = ("running", "succeeded", "failed")


async def next_priority(session: AsyncSession, kinds: JobKinds, kind: JobKind, owner_id: str) -> int:
    """The priority of a new job of this owner, from 1; the job keeps it until it has begun."""
    siblings = kinds.on(kind.queue)
    statement = _statement(tuple(other.name for other in siblings), kind.name)
    found: Sequence[int | None] = (await session.execute(statement, {"owner_id": owner_id})).one()
    first, own_last, *begun = found
    reached = dict(zip(siblings, _highest(begun), strict=True))
    return priority_after(kind, reached, first=first, own_last=own_last)


def priority_after(
    kind: JobKind, reached: Mapping[JobKind, int], *, first: int | None, own_last: int | None, step: int = 1
) -> int:
    """The turn after the one that is reached and after the owner's last.

    Args:
        reached: The highest priority of each kind on the queue that has begun.
        first: The lowest priority of this kind that waits: newcomers begin beside it, however long the queue is.
        own_last: The highest that waits of the same owner.
        step: Turns between two of the same owner; more for one who takes turns more than once.
    """
    now = max((priority - turns_late(other) for other, priority in reached.items()), default=0)
    turn = max(now, 0) + turns_late(kind)
    turn = turn if first is None else min(turn, first - 1)
    return min(max(reached.get(kind, 0), turn, own_last or 0) + step, LAST_PRIORITY)


def turns_late(kind: JobKind) -> int:
    """How many turns a kind lets the others of its queue go first."""
    return LATE_TURNS if kind.goes_last else 0


@lru_cache
def _statement(names: tuple[str, ...], name: str) -> Select[Any]:
    waiting = (JobRow.kind == name, JobRow.state == "queued")
    first = select(func.min(JobRow.priority)).where(*waiting, JobRow.priority > 0)  # 0: of an older version, before all
    own_last = select(func.max(JobRow.priority)).where(*waiting, JobRow.owner_id == bindparam("owner_id"))
    # One kind and one state at a time: that is a seek in the index, where a list of them would be a scan.
    begun = [
        select(func.max(JobRow.priority)).where(JobRow.kind == other, JobRow.state == state)
        for other in names
        for state in _BEGUN
    ]
    return select(*(each.scalar_subquery() for each in (first, own_last, *begun)))


def _highest(begun: Sequence[int | None]) -> list[int]:
    size = len(_BEGUN)
    return [max(priority or 0 for priority in begun[at : at + size]) for at in range(0, len(begun), size)]
