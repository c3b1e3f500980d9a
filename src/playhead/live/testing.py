"""Tests of channels: what would be recorded now, and why not. Nothing is started."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from playhead.access.principals import Principal
from playhead.errors import PlayheadError
from playhead.kit.clock import Clock, utc_now
from playhead.live.capture.capture import Opened
from playhead.live.captures import Captures
from playhead.live.channels import Channels
from playhead.live.errors import Offline
from playhead.live.filters import why_not
from playhead.live.glimpse import glimpse
from playhead.live.names import name_of
from playhead.live.qualities import choose
from playhead.live.schedule import is_open, next_opening
from playhead.live.shapes import ChannelTest, Probed, RecordingFault
from playhead.live.sites import Offer, look
from playhead.live.sources import STREAMS
from playhead.live.tables import ChannelRow
from playhead.live.tools import SiteTools

AT_ONCE: Final = 2
"""Tests in a process at the same time: each runs streamlink and a capture. Others wait."""


@dataclass(slots=True)
class _Findings:
    reasons: list[str] = field(default_factory=list)
    live: bool | None = None
    error: PlayheadError | None = None
    probed: Probed | None = None

    def failed(self, error: PlayheadError) -> None:
        self.error = error
        self.live = False if isinstance(error, Offline) else None
        self.reasons.append("It is not live." if self.live is False else "It cannot be opened.")


class ChannelTests:
    """The use case of testing a channel."""

    def __init__(self, channels: Channels, tools: SiteTools, captures: Captures, clock: Clock = utc_now) -> None:
        self._channels, self._tools, self._captures, self._clock = channels, tools, captures, clock
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def test(self, principal: Principal, channel_id: str) -> ChannelTest:
        """Find out what would be recorded of a channel now.

        Raises:
            ChannelNotFound: none, or a stranger's.
        """
        row = await self._channels.get(principal, channel_id)
        async with self._slots:
            return await self._test(row, self._clock())

    async def _test(self, row: ChannelRow, now: datetime) -> ChannelTest:
        found = _Findings(reasons=_settings_against(row, now))
        offer = await self._offer(row, found)
        chosen = {wanted: choose(list(offer.qualities), wanted) for wanted in row.qualities} if offer else {}
        if offer and found.live is not False:
            await self._receive(offer.qualities[next(iter(chosen.values()))], found)
        title, category = (offer.title, offer.category) if offer else (None, None)
        if offer and (reason := why_not(row.filters, title, category)):
            found.reasons.append(reason)
        return ChannelTest(
            would_record=not found.reasons,
            live=found.live,
            reasons=found.reasons,
            resolved_by=offer.by if offer else None,
            qualities=list(offer.qualities) if offer else [],
            chosen=chosen,
            title=title,
            category=category,
            names=[_name(row, offer, wanted, now) for wanted in row.qualities],
            probed=found.probed,
            error=_fault(found.error),
        )

    async def _offer(self, row: ChannelRow, found: _Findings) -> Offer | None:
        try:
            return await look({"platform": row.platform, "url": row.url}, self._tools)
        except PlayheadError as error:
            found.failed(error)
            return None

    async def _receive(self, opened: Opened, found: _Findings) -> None:
        try:
            found.probed, found.live = await glimpse(self._captures.connect(opened)), True
        except PlayheadError as error:
            found.failed(error)


def _settings_against(row: ChannelRow, now: datetime) -> list[str]:
    """Settings of a channel for which it is not recorded."""
    reasons = []
    if not row.enabled:
        reasons.append("The channel is disabled.")
    if not row.auto_record:
        reasons.append("Auto-record is off: it is recorded by hand alone.")
    if not row.schedule and row.url.startswith(tuple(f"{scheme}://" for scheme in STREAMS)):
        reasons.append("Nothing says when this stream is live: give it a schedule, or record it by hand.")
    if not is_open(row.schedule, row.time_zone, now):
        opens = next_opening(row.schedule, row.time_zone, now)
        reasons.append(f"The schedule is closed until {opens:%a %H:%M} UTC." if opens else "The schedule is closed.")
    return reasons


def _name(row: ChannelRow, offer: Offer | None, quality: str, now: datetime) -> str:
    facts: dict[str, Any] = {"channel": row.name, "quality": quality, "at": now, "time_zone": row.time_zone}
    if offer:
        facts |= {"title": offer.title, "category": offer.category, "id": offer.stream_id}
    return name_of(row.name_template, facts)


def _fault(error: PlayheadError | None) -> RecordingFault | None:
    return None if error is None else RecordingFault(code=error.code, message=error.detail, hint=error.hint)
