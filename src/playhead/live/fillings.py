"""Spans of a platform's own video of a broadcast, one for each gap of a recording."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playhead.api.outgoing import Outgoing
from playhead.live.sites import resolve
from playhead.live.tools import SiteTools
from playhead.live.vod import FetchedSpan, SpanNotAvailable, fetch_span
from playhead.media.tools import MediaTools

if TYPE_CHECKING:
    from playhead.media.recording.gaps import Gap

AROUND_S: Final = 5.0
"""Seconds before and after a gap that are fetched with it."""

Fetch = Callable[[dict[str, Any], datetime, datetime, datetime, Path], Awaitable[FetchedSpan]]
"""Fetches a span of a source by wall clock; the fourth is when the source's first frame was broadcast."""


def spans_around(gaps: "Sequence[Gap]", began_s: float) -> "Iterator[tuple[datetime, datetime]]":
    """From when to when each gap lasts, with some seconds around it to meet keyframes."""
    missing_s = 0.0
    for gap in gaps:
        from_s = began_s + gap.start_s + missing_s
        missing_s += 0.0 if gap.shown else gap.length_s
        yield (
            datetime.fromtimestamp(from_s - AROUND_S, UTC),
            datetime.fromtimestamp(from_s + gap.length_s + AROUND_S, UTC),
        )


async def fetch_from(
    source: dict[str, Any],
    start: datetime,
    end: datetime,
    starts_at: datetime,
    folder: Path,
    *,
    outgoing: Outgoing,
    tools: MediaTools,
    sites: SiteTools,
) -> FetchedSpan:
    """Fetch a span by wall clock; where the platform's video has none, by how long after its start it is.

    Raises:
        SpanNotAvailable, SourceError: it cannot be had.
    """
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240
    opened = await resolve(source, "best", sites)
    try:
        return await fetch_span(opened.url, start, end, folder, outgoing=outgoing, tools=tools, headers=opened.headers)
    except SpanNotAvailable:
        first_s, last_s = (max(0.0, (at - starts_at).total_seconds()) for at in (start, end))
        return await fetch_span(
            opened.url, first_s, last_s, folder, outgoing=outgoing, tools=tools, headers=opened.headers
        )
