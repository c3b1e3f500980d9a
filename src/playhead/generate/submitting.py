"""Submission of a generation, once: written down, marked as sent, sent, confirmed. After a crash, looked for.

None -> intent -> sent -> confirmed
          ^        |
          +--------+   only when it is certain that nothing was made, or the provider knows the repeat as one
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from playhead.errors import PlayheadError
from playhead.generate.errors import (
    GenerationNotFound,
    OutcomeUnknown,
    ProviderThrottled,
    ProviderUnavailable,
)
from playhead.generate.provider import Input, Provider, Reference, Submission
from playhead.generate.records import Records, ReferenceTaken
from playhead.generate.tables import GenerationRow
from playhead.generate.turns import Turns
from playhead.kit.text import shorten

log = structlog.get_logger(__name__)

OpenProvider = Callable[[str], Awaitable[Provider]]
"""Opens a provider by name; raises `ProviderNotConfigured`."""

Prepare = Callable[[GenerationRow, Provider], Awaitable[Submission]]
"""Builds the request of a row, with URLs for its input files."""

Words = Callable[[str], Awaitable[None]]
"""Shows people what goes on."""

SUBMIT_S: Final = 0.2
"""Between two submits to one provider: five a second stay below the limits that providers name."""

GRACE: Final = timedelta(seconds=30)
"""How long a request that was sent may take to appear in the provider's list."""

LOOKS_S: Final = (1.0, 3.0, 8.0, 15.0)
"""Pauses between looks for a request whose answer was lost."""

RETRIES_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)

LONGEST_QUEUE: Final = timedelta(days=1)
"""How long limits of a provider may keep a generation waiting."""

LAST_WORD_S: Final = 3.0
"""How long a stopping worker waits for the answer to a submit: better than to look for it later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Waits of a submission; tests are faster.

    Attributes:
        deadline: Time that the provider gets, and that a submit is tried for.
        grace, looks_s, retries_s: see the constants.
    """

    deadline: timedelta
    grace: timedelta = GRACE
    looks_s: tuple[float, ...] = LOOKS_S
    retries_s: tuple[float, ...] = RETRIES_S


class Submitting:
    """Brings a generation to the state ``confirmed``, from wherever an earlier attempt left it."""

    def __init__(self, records: Records, open_provider: OpenProvider, prepare: Prepare, *, pace: Pace) -> None:
        self._records = records
        self._open = open_provider
        self._prepare = prepare
        self._pace = pace
        self._turns = Turns(SUBMIT_S)
        self._sending: set[asyncio.Task[Any]] = set()

    async def confirmed(self, generation_id: str, words: Words) -> GenerationRow:
        """Submit, or find what an earlier attempt submitted; the row with its reference.

        Raises:
            OutcomeUnknown: it was sent, and nobody can tell whether it arrived.
            GenerationNotFound: it is gone, or has ended.
            ProviderError, PlayheadError: nothing was made, and nothing will be.
        """
        failures, give_up = 0, self._records.clock() + LONGEST_QUEUE
        while True:
            row = await self._records.get(generation_id)
            if row.reference is not None:
                return row
            if not row.is_active:
                raise GenerationNotFound(generation_id)
            try:
                await self._next(row, words)
            except PlayheadError as error:
                # A provider that cannot be reached or asks to wait; also our own store, where an input file is.
                if error.retry != "backoff" or self._records.clock() > give_up:
                    raise
                await self._pause(row, error, failures, words)
                failures += 1

    async def find(self, row: GenerationRow) -> bool | None:
        """As `look`; None where the provider has no list to look at."""
        provider = await self._open(row.provider)
        return await self.look(row) if provider.abilities.lookup else None

    async def answered(self, row: GenerationRow) -> bool:
        """Wait as long as a stopped attempt may still write the answer to its submit; whether it came."""
        until = self._records.clock() + self._pace.grace
        while (await self._records.get(row.id)).reference is None:
            if self._records.clock() >= until:
                return False
            await asyncio.sleep(self._pace.looks_s[0])
        return True

    async def look(self, row: GenerationRow) -> bool:
        """Look until the grace ends whether a request that was sent arrived, and claim it.

        Raises:
            ProviderUnavailable, ProviderThrottled: the provider cannot say.
        """
        provider = await self._open(row.provider)
        submission, sent_at = submission_of(row), row.sent_at or row.created_at
        pauses = iter(self._pace.looks_s)
        while True:
            is_last = self._records.clock() >= sent_at + self._pace.grace
            for reference in await provider.find(submission, since=sent_at):
                if await self._claim(row, reference):
                    log.info("generation_found", generation_id=row.id, reference=reference.id)
                    return True
            if is_last:
                return False
            await asyncio.sleep(next(pauses, self._pace.looks_s[-1]))

    async def _next(self, row: GenerationRow, words: Words) -> None:
        provider = await self._open(row.provider)
        if row.submit_state is None:
            submission = await self._prepare(row, provider)
            await self._records.intend(row, asdict(submission), self._records.clock() + self._pace.deadline)
        elif row.submit_state == "intent":
            self._check_time(row)
            await words("Waiting to be submitted")
            await self._turns.wait(row.provider, row.id)
            await self._send(row, provider)
        else:
            await self._resolve(row, provider, words)

    async def _send(self, row: GenerationRow, provider: Provider) -> None:
        if not await self._records.mark_sent(row):
            return  # canceled, or another attempt's
        log.info("generation_sent", generation_id=row.id, provider=row.provider, model=row.model)
        task = asyncio.create_task(self._submit(row, provider), name=f"submit {row.id}")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=LAST_WORD_S)
            raise

    async def _submit(self, row: GenerationRow, provider: Provider) -> None:
        try:
            reference = await provider.submit(submission_of(row))
        except OutcomeUnknown as error:
            log.warning("submit_outcome_unknown", generation_id=row.id, detail=error.detail)
            return  # the row says "sent": it is looked for
        except PlayheadError:
            await self._records.unsend(row)
            raise
        except Exception as error:
            log.exception("submit_outcome_unknown", generation_id=row.id, detail=repr(error))
            return
        await self._claim(row, reference)

    async def _claim(self, row: GenerationRow, reference: Reference) -> bool:
        try:
            if not await self._records.confirm(row, reference, self._records.clock() + self._pace.deadline):
                return False
        except ReferenceTaken:  # by one that looked for an equal request: there is another for us, or will be
            return False
        log.info("generation_confirmed", generation_id=row.id, reference=reference.id)
        return True

    async def _resolve(self, row: GenerationRow, provider: Provider, words: Words) -> None:
        """Act on a request that was sent and has no reference."""
        if provider.abilities.idempotent:
            self._check_time(row)
            await asyncio.sleep(self._pace.retries_s[0])
            await self._records.unsend(row)  # the same is sent again, and is one request to the provider
        elif provider.abilities.lookup:
            await words("Looking for the request at the provider")
            if not await self.look(row):
                log.info("generation_not_found_at_provider", generation_id=row.id)
                self._check_time(row)
                await self._records.unsend(row)
        else:
            reports = "A callback may still confirm it. " if submission_of(row).callback_url else ""
            raise OutcomeUnknown(
                f"The request was sent to {row.provider}, and its answer was lost. It may run and be charged there.",
                hint=f"{reports}Look at your account at {row.provider}, then submit it again or give it up.",
            )

    def _check_time(self, row: GenerationRow) -> None:
        if row.deadline_at is None or self._records.clock() < row.deadline_at:
            return
        if row.submit_state == "sent":
            raise OutcomeUnknown(
                f"{row.provider} did not confirm the request in time; it may run and be charged there.",
                hint=f"Look at your account at {row.provider}, then submit it again or give it up.",
            )
        raise ProviderUnavailable(
            f"{row.provider} could not be reached for {int(self._pace.deadline.total_seconds() // 60)} minutes.",
            hint="Try again later.",
        )

    async def _pause(self, row: GenerationRow, error: PlayheadError, failures: int, words: Words) -> None:
        """Wait as long as the provider says. Its limits do not count against the deadline."""
        wait_s = self._pace.retries_s[min(failures, len(self._pace.retries_s) - 1)]
        facts: dict[str, Any] = {"provider_words": shorten(error.detail, 200)}
        if isinstance(error, ProviderThrottled):
            wait_s = max(wait_s, error.retry_after_s or 0.0)
            if row.deadline_at is not None:
                facts["deadline_at"] = row.deadline_at + timedelta(seconds=wait_s)
            self._turns.pause(row.provider, wait_s)
        else:
            self._check_time(await self._records.get(row.id))
        await self._records.note(row, **facts)
        log.info("generation_delayed", generation_id=row.id, code=error.code, detail=error.detail, wait_s=wait_s)
        await words(f"Waiting {wait_s:.0f} s: {error.detail}")
        await asyncio.sleep(wait_s)


def submission_of(row: GenerationRow) -> Submission:
    """The request as it was recorded."""
    stored: Mapping[str, Any] = row.submission or {}
    return Submission(**{**stored, "inputs": tuple(Input(**each) for each in stored.get("inputs", ()))})
