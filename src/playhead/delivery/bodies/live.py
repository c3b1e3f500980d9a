"""Bodies of recordings while they grow: the playlist, the headers of the parts, and their segments."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from playhead.catalog.seams import LiveSpan, LiveStreams
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.hls import PLAYLIST
from playhead.delivery.links.target import INDEX, Target
from playhead.delivery.ranges import Span
from playhead.delivery.transfers.sources import GrowingMedia
from playhead.errors import InvalidInput
from playhead.kit.ids import made_at

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


async def live_body(live: LiveStreams, target: Target, query: str, directives: Mapping[str, str]) -> Body:
    """The body of a target of kind `LIVE`.

    Args:
        query: Query of the URIs in the playlist, with its question mark.
        directives: ``_HLS_msn``, ``_HLS_part`` and ``_HLS_skip`` (draft-pantos-hls-rfc8216bis section 6.2.5); others
            are ignored.

    Raises:
        NotFound: no such recording or segment, or it has nothing to play yet or any more.
        InvalidInput: a delivery directive that is none.
    """
    if target.track == INDEX:
        skip = directives.get("_HLS_skip") in ("YES", "v2")
        text = await live.playlist(target.subject, query, wait_for=_waited_for(directives), skip=skip)
        return Body.of_text(text, PLAYLIST, datetime.now(UTC), fresh_s=0)
    first = target.part if isinstance(target.part, int) else None
    span = await live.bytes_of(target.subject, target.track, first, target.count)
    return _span_body(span, made_at(target.track))


def _span_body(span: LiveSpan, began_at: datetime) -> Body:
    return Body.of_span(GrowingMedia(span.path, span.objects), Span(span.start, span.end), began_at, b"video/mp4")


def _waited_for(directives: Mapping[str, str]) -> tuple[int, int] | None:
    segment, part = directives.get("_HLS_msn"), directives.get("_HLS_part")
    if segment is None and part is None:
        return None
    if not _NUMBER.fullmatch(segment or "") or not _NUMBER.fullmatch(part or "0"):
        raise InvalidInput("_HLS_msn and _HLS_part are numbers, and _HLS_part needs _HLS_msn.")
    return int(segment or 0), -1 if part is None else int(part)
