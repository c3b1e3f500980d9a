"""The history of a broadcast: its titles and categories by time."""

from datetime import datetime, timedelta
from typing import Final

from playhead.kit.clock import rfc3339
from playhead.live.tables import BroadcastRow

LAG: Final = timedelta(minutes=2)
"""How long Helix may return the title from before a change; and it lists a stream up to as late after its beginning."""

MOST_ENTRIES: Final = 500
"""A bot that counts in the title must not fill the database."""


def add_entry(
    row: BroadcastRow, title: str | None, category: str | None, *, at: datetime, may_lag: bool = False
) -> None:
    """Add a change of title or category; None leaves that one as it is. Entries may come out of order.

    Args:
        may_lag: Whether the source may still show the title from before the last change.
    """
    title = row.title if title is None else title[:500]
    category = row.category if category is None else category[:200]
    if (title, category) == (row.title, row.category) or len(row.history) >= MOST_ENTRIES:
        return
    if may_lag and row.history and at - datetime.fromisoformat(row.history[-1]["at"]) < LAG:
        return
    entry = {"at": rfc3339(at), "title": title, "category": category}
    row.history = sorted([*row.history, entry], key=lambda each: datetime.fromisoformat(each["at"]))
    row.title, row.category = row.history[-1]["title"], row.history[-1]["category"]
