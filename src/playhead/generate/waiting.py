"""The wait for a provider: a parked coroutine per generation, polls that take turns, and callbacks that hurry them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    DeadlinePassed,
    ProviderThrottled,
    RequestUnknown,
)
from playhead.generate.provider import Provider, Reference, Status
from playhead.generate.records import Records
from playhead.generate.statuses import status_from_dict
from playhead.generate.submitting import LONGEST_QUEUE, OpenProvider
from playhead.generate.tables import GenerationRow
from playhead.generate.turns import Turns
from playhead.generate.wakes import Wakes
from playhead.kit.text import shorten

log = structlog.get_logger(__name__)

Show = Callable[[float, str], Awaitable[None]]
"""Shows progress, 0 to 1, and the provider's words."""

TURN_S: Final = 1.0
"""Between two polls of one provider by this worker, however many generations wait for it."""

LOST_AFTER: Final = timedelta(seconds=60)
LOST_POLLS: Final = 3
"""A provider may know a request only after a while: it is lost when this many polls say so, and after that time."""

FINAL_WORD: Final = timedelta(minutes=5)
"""How long a provider is asked how a request ended that was canceled; it says then what it charges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Waits of polls, in seconds; tests are faster.

    Attributes:
        deadline: Running time after which a request is canceled; time in the provider's queue does not count.
        silence: How long a provider may be silent beyond the deadline: what it finished meanwhile is paid.
        first_s, least_s, most_s: Before the first poll, and bounds of later ones.
    """

    deadline: timedelta
    silence: timedelta = timedelta(hours=1)
    first_s: float = 1.0
    least_s: float = 2.0
    most_s: float = 30.0
    turn_s: float = TURN_S

    def pause_s(self, age_s: float) -> float:
        """Seconds until the next poll of a request of this age: the young ones often, the old ones seldom."""
        return min(self.most_s, max(self.least_s, age_s / 10)) * random.uniform(0.9, 1.1)  # noqa: S311 - a spread


@dataclass(slots=True)
class _Watch:
    """One wait.

    Attributes:
        last: The newest status.
        lost: Polls that did not find the request.
        noted: What the row says.
    """

    row: GenerationRow
    provider: Provider
    reference: Reference
    deadline_at: datetime
    woken: asyncio.Event
    last: Status | None = None
    lost: int = 0
    noted: tuple[Any, ...] = ()


class Waiting:
    """Waits for requests of all providers.

    Args:
        open_provider: Opens a provider; one that was closed while a request runs is tried again.
    """

    def __init__(self, records: Records, wakes: Wakes, open_provider: OpenProvider, *, patience: Patience) -> None:
        self._records = records
        self._wakes = wakes
        self._open = open_provider
        self._patience = patience
        self._turns = Turns(patience.turn_s)

    async def until_final(self, row: GenerationRow, show: Show) -> Status:
        """Wait for the end of a confirmed request.

        A request that runs past its deadline is canceled, and has `DeadlinePassed` as its error, unless it ended
        otherwise all the same: then that counts. Its state is not final where the provider did not say the end.

        Raises:
            RequestUnknown: the provider has lost it.
        """
        deadline_at = row.deadline_at or self._records.clock() + self._patience.deadline
        watch = await self._watch(row, deadline_at)
        with _awake(self._wakes, self._turns, watch):
            status = await self._follow(watch, show, until=lambda: self._ends_at(watch))
        if status is not None and status.is_final:
            return status
        log.warning("generation_deadline_passed", generation_id=row.id)
        return await self._give_up(row)

    async def after_cancel(self, row: GenerationRow) -> Status | None:
        """Ask the provider to stop, then wait for how the request ends; None where it does not say.

        One that runs on all the same is waited for until its deadline: it is paid.
        """
        ends_at = self._records.clock() + FINAL_WORD
        watch = await self._watch(row, max(ends_at, row.deadline_at or ends_at))
        try:
            if watch.provider.abilities.cancel:
                await watch.provider.cancel(watch.reference)
        except PlayheadError as error:
            log.warning("generation_not_canceled", generation_id=row.id, code=error.code, detail=error.detail)
        ends_at = watch.deadline_at
        with _awake(self._wakes, self._turns, watch):
            try:
                status = await self._follow(watch, _show_nothing, until=lambda: ends_at)
            except RequestUnknown:
                return None
        return status if status is not None and status.is_final else None

    async def _give_up(self, row: GenerationRow) -> Status:
        status = await self.after_cancel(row)
        if status is not None and status.state != "canceled":
            return status
        minutes = int(self._patience.deadline.total_seconds() // 60)
        error = DeadlinePassed(
            f"{row.provider} did not finish within {minutes} minutes, so it was asked to stop.",
            hint="Generate it again, or allow more time with PLAYHEAD_GENERATE_DEADLINE.",
        )
        return replace(status or Status(state="running"), error=error)

    async def _watch(self, row: GenerationRow, deadline_at: datetime) -> _Watch:
        provider = await self._persistent_open(row)
        return _Watch(row, provider, Reference.from_dict(row.reference or {}), deadline_at, asyncio.Event())

    async def _persistent_open(self, row: GenerationRow) -> Provider:
        """Open the provider; a request that runs is not given up because its settings are wrong for a while."""
        give_up = self._records.clock() + self._patience.silence
        while True:
            try:
                return await self._open(row.provider)
            except PlayheadError as error:
                if self._records.clock() > give_up:
                    raise
                log.warning("provider_not_opened", provider=row.provider, code=error.code, detail=error.detail)
            await asyncio.sleep(self._patience.most_s)

    def _ends_at(self, watch: _Watch) -> datetime:
        """Its deadline; later while the provider is silent, as what it finished is paid."""
        return watch.deadline_at if watch.last is not None else watch.deadline_at + self._patience.silence

    async def _follow(self, watch: _Watch, show: Show, *, until: Callable[[], datetime]) -> Status | None:
        pause_s = self._patience.first_s
        while True:
            status = await self._next(watch, pause_s)
            watch.last = status
            if status is not None:
                await self._note(watch, status, show)
                if status.is_final:
                    return status
            now = self._records.clock()
            if now >= until():
                return status
            began = watch.row.sent_at or watch.row.created_at
            pause_s = self._patience.pause_s((now - began).total_seconds())
            if status is not None and status.retry_after_s is not None:
                pause_s = max(pause_s, status.retry_after_s)

    async def _next(self, watch: _Watch, pause_s: float) -> Status | None:
        """The next status; None when the provider could not say."""
        if not watch.provider.abilities.polling:
            return await self._told(watch, pause_s)
        await self._turns.wait(watch.row.provider, watch.row.id, after_s=pause_s)
        try:
            watch.provider = await self._open(watch.row.provider)  # its settings may have changed
            status = await watch.provider.poll(watch.reference)
        except ProviderThrottled as error:
            self._turns.pause(watch.row.provider, error.retry_after_s or self._patience.least_s)
            return None
        except RequestUnknown:
            watch.lost += 1
            age = self._records.clock() - (watch.row.sent_at or watch.row.created_at)
            if watch.lost >= LOST_POLLS and age >= LOST_AFTER:
                raise
            return None
        except PlayheadError as error:
            log.info("generation_not_polled", generation_id=watch.row.id, code=error.code, detail=error.detail)
            return None
        except Exception as error:
            log.exception("generation_not_polled", generation_id=watch.row.id, code="internal_error", detail=str(error))
            return None
        watch.lost = 0
        return status

    async def _told(self, watch: _Watch, pause_s: float) -> Status | None:
        """What a callback said last, of a provider that cannot be polled."""
        row = await self._records.get(watch.row.id)
        if row.callback_status is None or watch.last is not None:
            watch.woken.clear()
            try:
                await asyncio.wait_for(watch.woken.wait(), pause_s)
            except TimeoutError:
                return watch.last
            row = await self._records.get(watch.row.id)
        return status_from_dict(row.callback_status) if row.callback_status else None

    async def _note(self, watch: _Watch, status: Status, show: Show) -> None:
        """Record what changed, and keep time in the provider's queue from counting against the deadline."""
        words, values = shorten(status.words, 200), dict[str, Any]()
        now = self._records.clock()
        if status.state == "queued":
            began = watch.row.sent_at or watch.row.created_at
            watch.deadline_at = min(now + self._patience.deadline, began + LONGEST_QUEUE)
            if watch.row.deadline_at is None or watch.deadline_at - watch.row.deadline_at > timedelta(minutes=1):
                watch.row.deadline_at = values["deadline_at"] = watch.deadline_at
        if status.reference is not None and status.reference != watch.reference:
            watch.reference = status.reference
            values["reference"] = status.reference.to_dict()
        if (status.progress, words) != watch.noted:
            watch.noted = status.progress, words
            values |= {"progress": status.progress} | ({"provider_words": words} if words else {})
        if values:
            await self._records.note(watch.row, **values)
        await show(status.progress or 0.0, words)


class _awake:  # noqa: N801 - reads as a statement
    """Hurries the next poll of a watch when a callback comes in."""

    def __init__(self, wakes: Wakes, turns: Turns, watch: _Watch) -> None:
        self._wakes, self._turns, self._watch = wakes, turns, watch

    def __enter__(self) -> None:
        self._wakes.add(self._watch.row, self._wake)

    def __exit__(self, *_: object) -> None:
        self._wakes.remove(self._watch.row.id)
        self._turns.forget(self._watch.row.provider, self._watch.row.id)

    def _wake(self) -> None:
        self._watch.woken.set()
        self._turns.hurry(self._watch.row.provider, self._watch.row.id)


async def _show_nothing(fraction: float, words: str) -> None:
    """Drop progress."""
