"""Polling: Twitch in batches of 100 users, other sources one by one with backoff.

It always runs beside events, as their safety net, and gives a broadcast that an event began its title and category.
"""

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select, update

from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.kit.clock import Clock, utc_now
from playhead.kit.urls import UrlRefused
from playhead.live.detect.broadcasts import Broadcasts
from playhead.live.detect.helix import Helix, LiveStream
from playhead.live.detect.history import LAG
from playhead.live.detect.notes import Notes
from playhead.live.detect.watched import Watched
from playhead.live.errors import ChannelNotFound, Offline, SiteBroken
from playhead.live.sites import Offer
from playhead.live.tables import BroadcastRow, ChannelRow, RecordingRow

log = structlog.get_logger(__name__)

AGAIN: Final = timedelta(minutes=1)
"""How often a stream that did not change is reported again, so that a schedule that opens is seen."""

BESIDE_EVENTS_S: Final = 120.0
"""Between two polls of Twitch while events come."""

LOOK_S: Final = 3.0
"""Between two looks whether something is due, or a broadcast waits for its title."""

LONGEST_BACKOFF_S: Final = 900.0
SITES_AT_ONCE: Final = 3
"""Checks of sites at the same time: streamlink starts with 0.7 s of a CPU and 40 MiB."""

NOTED_EVERY: Final = timedelta(seconds=30)


class TwitchPoller:
    """Asks Twitch which of the channels are live."""

    def __init__(
        self, database: Database, broadcasts: Broadcasts, helix: Helix, notes: Notes, clock: Clock = utc_now
    ) -> None:
        self._database, self._broadcasts, self._helix = database, broadcasts, helix
        self._notes, self._clock = notes, clock
        self._reported: dict[str, tuple[LiveStream, datetime]] = {}
        self._absent: dict[str, datetime] = {}

    async def run(self, watched: Watched, interval_s: float) -> None:
        """Poll for ever: often while events do not come, and at once for a broadcast without a title."""
        polled, edits = -math.inf, watched.edits
        while True:
            if edits != watched.edits:
                polled, edits = -math.inf, watched.edits
                self._reported.clear()
            pause_s = max(interval_s, BESIDE_EVENTS_S) if watched.events_work else interval_s
            if watched.on_twitch and time.monotonic() - polled >= pause_s:
                await self.poll(watched)
                polled = time.monotonic()
            elif untitled := await self._untitled():
                await self._report(await self._helix.streams(sorted(set(untitled.values()))), untitled)
            await asyncio.sleep(min(LOOK_S, interval_s))

    async def poll(self, watched: Watched) -> None:
        """Ask once, about all channels.

        Raises:
            TwitchUnavailable, TwitchRefused: nothing is known.
        """
        await self._find_users(watched)
        users = {channel.id: channel.platform_id for channel in watched.on_twitch if channel.platform_id}
        streams = await self._helix.streams(sorted(set(users.values())))
        await self._report(streams, users)
        await self._report_absent({channel for channel, user in users.items() if user not in streams})
        await self._note_checked(users)
        found: dict[str, Any] = {"channels": len(users), "live": len(streams), "remaining": self._helix.rate.remaining}
        await self._notes.write_seldom("poll", found, every=NOTED_EVERY)

    async def _report(self, streams: dict[str, LiveStream], users: dict[str, str]) -> None:
        for channel_id, user in users.items():
            stream = streams.get(user)
            if stream is None:
                continue
            self._absent.pop(channel_id, None)
            last = self._reported.get(channel_id)
            if last is not None and last[0] == stream and self._clock() - last[1] < AGAIN:
                continue
            with suppress(ChannelNotFound):
                await self._broadcasts.went_live(
                    channel_id,
                    stream_id=stream.id,
                    started_at=stream.started_at,
                    title=stream.title,
                    category=stream.category,
                    detected_by="poll",
                )
            self._reported[channel_id] = stream, self._clock()

    async def _report_absent(self, absent: set[str]) -> None:
        """End what two polls in a row did not list; a stream that has just begun may be listed late."""
        async with self._database.read() as session:
            open_ = select(BroadcastRow.channel_id, BroadcastRow.stream_started_at).where(
                BroadcastRow.ended_at.is_(None), BroadcastRow.offline_at.is_(None)
            )
            began = {channel_id: at for channel_id, at in await session.execute(open_) if channel_id in absent}
        now = self._clock()
        for channel_id, at in began.items():
            first = self._absent.setdefault(channel_id, now)
            if first < now and (at is None or now - at > LAG):
                with suppress(ChannelNotFound):
                    await self._broadcasts.went_offline(channel_id, at=first)
        self._absent = {channel_id: at for channel_id, at in self._absent.items() if channel_id in began}
        self._reported = {key: value for key, value in self._reported.items() if key not in absent}

    async def _untitled(self) -> dict[str, str]:
        """Users of broadcasts that an event began without a title, by channel; Helix lists some only after a while."""
        statement = (
            select(BroadcastRow.channel_id, ChannelRow.platform_id)
            .join(ChannelRow, ChannelRow.id == BroadcastRow.channel_id)
            .where(
                *(BroadcastRow.ended_at.is_(None), BroadcastRow.offline_at.is_(None)),
                *(BroadcastRow.title.is_(None), BroadcastRow.category.is_(None)),
                *(ChannelRow.platform == "twitch", ChannelRow.platform_id.is_not(None)),
                BroadcastRow.started_at > self._clock() - 3 * LAG,
            )
        )
        async with self._database.read() as session:
            return {channel_id: str(user) for channel_id, user in await session.execute(statement)}

    async def _find_users(self, watched: Watched) -> None:
        """Look up the user ids of new channels; a login that does not exist is an error of its channel."""
        unknown = {login_of(channel.url): channel for channel in watched.on_twitch if not channel.platform_id}
        if not unknown:
            return
        found = await self._helix.users(sorted(unknown))
        async with self._database.write() as session:
            for channel in watched.on_twitch:
                if channel.platform_id:
                    continue
                login = login_of(channel.url)
                channel.platform_id = found.get(login)
                values = _user_values(login, found.get(login))
                await session.execute(update(ChannelRow).where(ChannelRow.id == channel.id).values(values))
        watched.changed()

    async def _note_checked(self, channel_ids: Iterable[str]) -> None:
        ids, now = list(channel_ids), self._clock()
        if not ids:
            return
        async with self._database.write() as session:
            checked = ChannelRow.id.in_(ids)
            await session.execute(
                update(ChannelRow).where(checked).values(checked_at=now, error_code=None, error_message=None)
            )
            unknown = (checked, ChannelRow.live_state == "unknown")
            await session.execute(update(ChannelRow).where(*unknown).values(live_state="offline"))


Look = Callable[[ChannelRow], Awaitable[Offer]]
"""What a source offers now; raises `Offline`, or another `PlayheadError` where it is not known whether it is live."""


@dataclass(slots=True)
class _Turn:
    """When a source is checked next."""

    due: float = 0.0
    failures: int = 0


class SourcePoller:
    """Checks sources that send no events, each on its own, with backoff while it fails.

    Args:
        look: Asks one source.
        also_twitch: Whether channels of Twitch are among them, as without an application there.
    """

    def __init__(
        self,
        database: Database,
        broadcasts: Broadcasts,
        notes: Notes,
        look: Look,
        *,
        also_twitch: bool,
        clock: Clock = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._broadcasts, self._notes = database, broadcasts, notes
        self._look, self._also_twitch, self._clock = look, also_twitch, clock
        self._ticks = ticks
        self._turns: dict[str, _Turn] = {}
        self._slots = asyncio.Semaphore(SITES_AT_ONCE)

    async def run(self, watched: Watched, interval_s: float) -> None:
        """Check for ever."""
        while True:
            await self.check_due([channel for channel in watched.channels if self._is_mine(channel)], interval_s)
            await asyncio.sleep(min(LOOK_S, interval_s))

    async def check_due(self, channels: Sequence[ChannelRow], interval_s: float) -> None:
        """Check the channels whose turn it is. One that is being received is live: it is not asked."""
        now = self._ticks()
        self._turns = {channel.id: self._turns.get(channel.id) or _Turn() for channel in channels}
        due = [channel for channel in channels if self._turns[channel.id].due <= now]
        if not due:
            return
        received = await self._received()
        checked = [channel for channel in due if channel.id not in received]
        await asyncio.gather(*(self._check(channel) for channel in checked))
        for channel in due:
            self._turns[channel.id].due = self._ticks() + self._pause_s(self._turns[channel.id], interval_s)
        await self._notes.write_seldom("sources", {"channels": len(channels)}, every=NOTED_EVERY)

    async def _check(self, channel: ChannelRow) -> None:
        turn = self._turns[channel.id]
        try:
            async with self._slots:
                offer = await self._look(channel)
        except Offline:
            await self._went_offline(channel)
        except (PlayheadError, UrlRefused) as error:
            turn.failures += 1
            await self._note_error(channel, error)
            return
        except Exception as error:  # one source that nobody can read keeps no other from being checked
            turn.failures += 1
            log.warning(
                "detection_failed", loop="sources", code="site_broken", detail=repr(error)[:500], exc_info=error
            )
            await self._note_error(channel, SiteBroken(f"It cannot be read ({type(error).__name__})."))
            return
        else:
            await self._went_live(channel, offer)
        turn.failures = 0

    async def _went_live(self, channel: ChannelRow, offer: Offer) -> None:
        with suppress(ChannelNotFound):
            await self._broadcasts.went_live(
                channel.id,
                stream_id=offer.stream_id,
                started_at=self._clock(),
                title=offer.title,
                category=offer.category,
                detected_by="poll",
            )

    async def _went_offline(self, channel: ChannelRow) -> None:
        with suppress(ChannelNotFound):
            await self._broadcasts.went_offline(channel.id, at=self._clock())
        await self._clear_error(channel)

    async def _received(self) -> set[str]:
        """Channels with a recording that receives."""
        statement = select(RecordingRow.channel_id).where(
            RecordingRow.state == "recording", RecordingRow.health == "receiving", RecordingRow.channel_id.is_not(None)
        )
        async with self._database.read() as session:
            return {str(channel_id) for channel_id in await session.scalars(statement)}

    async def _note_error(self, channel: ChannelRow, error: Exception) -> None:
        code, words = getattr(error, "code", "source_refused"), str(error)[:1000]
        values = {"error_code": code, "error_message": words, "checked_at": self._clock()}
        channel.error_code = code
        async with self._database.write() as session:
            await session.execute(update(ChannelRow).where(ChannelRow.id == channel.id).values(values))

    async def _clear_error(self, channel: ChannelRow) -> None:
        if channel.error_code is not None:
            channel.error_code = None
            values = {"error_code": None, "error_message": None}
            async with self._database.write() as session:
                await session.execute(update(ChannelRow).where(ChannelRow.id == channel.id).values(values))

    def _is_mine(self, channel: ChannelRow) -> bool:
        if channel.platform == "twitch":
            return self._also_twitch
        return channel.platform == "site" or urlsplit(channel.url).scheme in ("http", "https")

    def _pause_s(self, turn: _Turn, interval_s: float) -> float:
        """With some chance in it, so that sources do not all have their turn at once."""
        backoff_s = min(interval_s * 2.0**turn.failures, max(LONGEST_BACKOFF_S, interval_s))
        return backoff_s * random.uniform(0.9, 1.1)  # noqa: S311


def login_of(url: str) -> str:
    """The login in the URL of a Twitch channel."""
    return urlsplit(url).path.strip("/").lower()


def _user_values(login: str, user_id: str | None) -> dict[str, Any]:
    if user_id is not None:
        return {"platform_id": user_id, "error_code": None, "error_message": None}
    return {"error_code": "twitch_user_unknown", "error_message": f"Twitch knows no user {login}."}
