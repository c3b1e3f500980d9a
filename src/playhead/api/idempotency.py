"""``Idempotency-Key``: a creating request that is sent twice creates once.

Same key and same request: the first answer again, for 24 hours. Another request: 422. Still running: 409. An answer
that shows a secret is not kept, so its repetition is 409 too. What failed is forgotten: it can be tried again. The
header is a draft (draft-ietf-httpapi-idempotency-key-header-07): its value may be quoted or bare.

A running request holds its claim by a lease, renewed every two seconds: one whose process died expires
six seconds later. Its answer is written in the transaction of what it made, under the claim's token, so that one
that lost its claim while it was stopped makes nothing, nor do hosts whose clocks disagree make two.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import structlog
from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError

from playhead.api.errors import (
    IdempotencyInFlight,
    IdempotencyKeyReused,
)
from playhead.api.tables import IdempotencyRow
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, PlayheadError
from playhead.kit.clock import Clock

if TYPE_CHECKING:
    from sqlalchemy import CursorResult
    from sqlalchemy.ext.asyncio import AsyncSession

KEPT = timedelta(hours=24)

LEASE = timedelta(seconds=6)
"""Age at which a claim that was not renewed counts as lost with its process."""

RENEW_S = 2.0
"""Between two renewals; most requests end before the first."""

_FORM = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a request once; ``finish`` or ``release`` ends it."""

    user_id: str
    route: str
    key: str
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    def matches(self) -> tuple[ColumnElement[bool], ...]:
        """The row of this claim, unless another request has taken it over."""
        return (
            IdempotencyRow.user_id == self.user_id,
            IdempotencyRow.route == self.route,
            IdempotencyRow.key == self.key,
            IdempotencyRow.token == self.token,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered.

    Args:
        body: None for a secret, of which only the fact is kept.
        digest: Of a body that was streamed; None where the fingerprint holds the whole body.
    """

    status: int
    body: bytes | None
    headers: Mapping[str, str]
    digest: str | None = None


def read_key(header: str) -> str:
    """Read the header's value, quoted or bare.

    Raises:
        InvalidInput: empty, over 255 characters, or not visible ASCII.
    """
    text = header.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if _FORM.fullmatch(text) is None:
        raise InvalidInput(
            "An Idempotency-Key has 1 to 255 visible ASCII characters.",
            code="idempotency_key_invalid",
            title="This Idempotency-Key cannot be used",
        )
    return text


def reused(key: str) -> IdempotencyKeyReused:
    """The refusal of another request under a key that was used."""
    return IdempotencyKeyReused(f"Idempotency-Key {key!r} came with another request before.", hint="Use a new key.")


class Idempotency:
    """Keeps the answers.

    Args:
        fingerprint_key: Keys the hashes of bodies: a bare hash of a body with a password could be guessed at.
    """

    def __init__(self, database: Database, fingerprint_key: bytes, clock: Clock) -> None:
        self.database = database
        self._key = fingerprint_key
        self._clock = clock
        self._running: set[str] = set()
        self._renewing: asyncio.Task[None] | None = None

    def fingerprint(self, *parts: bytes) -> bytes:
        """Hash what makes two requests the same."""
        message = b"".join(b"%d:%b," % (len(part), part) for part in parts)
        return hmac.digest(self._key, message, hashlib.sha256)

    async def claim(self, claim: Claim, fingerprint: bytes) -> Answer | None:
        """Start a request, or give the answer that the first one got.

        Raises:
            IdempotencyKeyReused: the first one had another fingerprint.
            IdempotencyInFlight: it has not ended.
            Conflict: its answer was not kept.
        """
        if not await self._insert(claim, fingerprint):
            row = await self._take_over(claim, fingerprint)
            if row is None or row.token != claim.token:
                return _answer(row, claim, fingerprint)
        self._running.add(claim.token)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(), name="idempotency leases")
        return None

    async def finish(self, session: "AsyncSession", claim: Claim, answer: Answer) -> None:
        """Keep the answer of a request that made something, in the transaction that makes it.

        Raises:
            IdempotencyInFlight: this process was stopped for so long that another has taken the claim over.
        """
        values = {
            "status": answer.status,
            "body": answer.body,
            "headers": dict(answer.headers),
            "digest": answer.digest,
        }
        kept = await session.execute(update(IdempotencyRow).where(*claim.matches()).values(values))
        if not cast("CursorResult[Any]", kept).rowcount:
            raise _in_flight()

    async def release(self, claim: Claim) -> None:
        """Forget a request that made nothing, so that it can be tried again."""
        async with self.database.write(apart=True) as session:
            await session.execute(delete(IdempotencyRow).where(*claim.matches()))

    def ended(self, claim: Claim) -> None:
        """Renew this claim no more."""
        self._running.discard(claim.token)

    async def sweep(self) -> None:
        """Remove answers older than a day."""
        old = self._clock() - KEPT
        async with self.database.write() as session:
            await session.execute(delete(IdempotencyRow).where(IdempotencyRow.started_at <= old))

    async def close(self) -> None:
        """Renew nothing any more."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)

    async def _insert(self, claim: Claim, fingerprint: bytes) -> bool:
        now = self._clock()
        row = IdempotencyRow(
            user_id=claim.user_id,
            route=claim.route,
            key=claim.key,
            fingerprint=fingerprint,
            token=claim.token,
            started_at=now,
            lease_until=now + LEASE,
        )
        try:
            async with self.database.write() as session:
                session.add(row)
        except IntegrityError:
            return False
        return True

    async def _take_over(self, claim: Claim, fingerprint: bytes) -> IdempotencyRow | None:
        """Take a claim whose answer is too old, or whose holder is gone, for another run of the same request."""
        now = self._clock()
        async with self.database.write() as session:
            identity = (claim.user_id, claim.route, claim.key)
            row = await session.get(IdempotencyRow, identity, with_for_update=True)
            if row is None:
                return None
            if abs(now - row.started_at) >= KEPT or (
                _is_lost(row, now) and hmac.compare_digest(row.fingerprint, fingerprint)
            ):
                row.fingerprint, row.token, row.started_at, row.lease_until = fingerprint, claim.token, now, now + LEASE
                row.status, row.body, row.headers, row.digest = None, None, None, None
        return row

    async def _renew(self) -> None:
        while self._running:
            await asyncio.sleep(RENEW_S)
            running = list(self._running)
            try:
                async with self.database.write() as session:
                    await session.execute(
                        update(IdempotencyRow)
                        .where(IdempotencyRow.token.in_(running), IdempotencyRow.status.is_(None))
                        .values(lease_until=self._clock() + LEASE)
                    )
            except PlayheadError as error:  # a request that loses its claim by this creates nothing
                log.warning("idempotency_leases_not_renewed", code=error.code, detail=error.detail)


def _is_lost(row: IdempotencyRow, now: datetime) -> bool:
    until = row.lease_until or row.started_at + LEASE
    # Further ahead than any lease: the clock was set back since.
    return row.status is None and (until <= now or until > now + 2 * LEASE)


def _in_flight() -> IdempotencyInFlight:
    return IdempotencyInFlight(
        "The first request with this Idempotency-Key has not ended.", hint="Try again in a moment."
    )


def _answer(row: IdempotencyRow | None, claim: Claim, fingerprint: bytes) -> Answer:
    if row is not None and not hmac.compare_digest(row.fingerprint, fingerprint):
        raise reused(claim.key)
    if row is None or row.status is None:  # None: it failed between our two looks
        raise _in_flight()
    if row.body is None:
        raise Conflict(
            "This request succeeded before, and its answer holds a secret that is kept nowhere.",
            hint="Revoke what it made and ask again with a new Idempotency-Key.",
            code="idempotency_secret",
            title="Response is shown only once",
        )
    return Answer(row.status, row.body, row.headers or {}, row.digest)
