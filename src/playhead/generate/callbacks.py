"""Callbacks of providers: each proves itself twice, by our token in its URL and by the provider's signature.

A callback is a hint to poll now. It says more in two cases: of a provider that cannot be polled, and where it names a
request whose submit was never answered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.errors import SignatureExpired, SignatureInvalid
from playhead.access.signed import Signer
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.generate.errors import CallbackInvalid, CallbackTooLate
from playhead.generate.inputs import CALLBACK
from playhead.generate.jobs import request_generating, request_settling
from playhead.generate.provider import Callback
from playhead.generate.records import confirm, locked
from playhead.generate.statuses import status_from_dict, status_to_dict
from playhead.generate.submitting import OpenProvider
from playhead.generate.tables import GenerationRow
from playhead.jobs.client import Jobs
from playhead.kit.clock import Clock, utc_now

log = structlog.get_logger(__name__)

VERIFY_S: Final = 0.7
"""Time for the keys of a signature, of the second within which a callback is answered."""

GIVEN_UP: Final = "given_up"
"""Error code of an unknown one that a person gave up: it is paid all the same."""

ReadBody = Callable[[], Awaitable[bytes]]


class Callbacks:
    """Receives callbacks; any API process can."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        signer: Signer,
        open_provider: OpenProvider,
        *,
        deadline: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._signer = signer
        self._open = open_provider
        self._deadline = deadline
        self._clock = clock

    async def receive(
        self, provider: str, generation_id: str, token: str, headers: Mapping[str, str], read_body: ReadBody
    ) -> None:
        """Verify and record one. Late, repeated and unknown ones are accepted, and change nothing.

        Args:
            read_body: Called once the token is verified: a forged callback costs one hash.

        Raises:
            CallbackInvalid: forged.
            CallbackTooLate: it cannot be verified or recorded now; the provider sends it again.
        """
        self._check_token(generation_id, token)
        callback = await self._verified(provider, headers, await read_body())
        if callback is None:
            return
        try:
            async with self._database.write() as session:
                await self._record(session, provider, generation_id, callback)
        except IntegrityError:  # another generation has that reference
            log.warning("callback_not_ours", generation_id=generation_id, reference=callback.reference_id)

    def _check_token(self, generation_id: str, token: str) -> None:
        try:
            self._signer.read_token(CALLBACK, generation_id, token, self._clock().timestamp())
        except (SignatureInvalid, SignatureExpired) as error:
            raise CallbackInvalid("The token of this callback is invalid or has expired.") from error

    async def _verified(self, name: str, headers: Mapping[str, str], body: bytes) -> Callback | None:
        try:
            async with asyncio.timeout(VERIFY_S):
                provider = await self._open(name)
                await provider.refresh_keys()
        except CallbackInvalid:
            raise
        except (TimeoutError, PlayheadError) as error:
            raise CallbackTooLate("The keys of this signature cannot be had at the moment.") from error
        return provider.verify_callback(headers, body, now=self._clock())

    async def _record(self, session: AsyncSession, provider: str, generation_id: str, callback: Callback) -> None:
        row, now = await locked(session, generation_id), self._clock()
        if row is None or row.provider != provider:
            return
        if row.external_id is None and not await self._claim(session, row, callback):
            return
        if row.external_id not in (None, callback.reference_id):
            log.warning("callback_not_ours", generation_id=row.id, reference=callback.reference_id)
            return
        if callback.status is not None and row.is_active and not _has_ended(row):
            row.callback_status = status_to_dict(callback.status)
        if row.is_active and row.woken_at != now:
            row.woken_at = now
        log.info("callback_received", generation_id=row.id, provider=provider)

    async def _claim(self, session: AsyncSession, row: GenerationRow, callback: Callback) -> bool:
        """Give a row whose submit was never answered its reference; one that was given up as unknown runs again.

        One that was canceled is settled, also where that was tried in vain before it was found: it is paid.
        """
        if callback.reference is None or row.submit_state != "sent":
            return False
        now = self._clock()
        await confirm(session, row.id, callback.reference, now=now, deadline_at=now + self._deadline)
        await session.refresh(row)
        if row.state == "unknown" or row.error_code == GIVEN_UP:
            row.state, row.finished_at, row.version = "running", None, row.version + 1
            row.error_code = row.error_message = row.error_hint = row.error_side = None
            await request_generating(session, self._jobs, row)
        elif row.state == "canceled" and row.actual_micros is None:
            await request_settling(session, self._jobs, row, found=True)
        log.info("generation_found", generation_id=row.id, reference=callback.reference.id)
        return True


def _has_ended(row: GenerationRow) -> bool:
    """Whether a callback said how it ended: what comes later is older, as a report of the start that was sent again."""
    return row.callback_status is not None and status_from_dict(row.callback_status).is_final
