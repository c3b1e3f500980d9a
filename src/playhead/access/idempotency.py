"""``Idempotency-Key``: a creating request that is sent twice creates once.

Same key and same body: the first answer again, for 24 hours. Another body: 422. Still running: 409. An answer that
shows a secret is not kept, so its repetition is 409 too. The header is a draft
(draft-ietf-httpapi-idempotency-key-header-07): its value may be quoted or bare.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError

from playhead.access.errors import (
    IdempotencyInFlight,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    IdempotencySecret,
)
from playhead.access.tables import IdempotencyRow
from playhead.db.database import Database
from playhead.kit.clock import Clock

KEPT = timedelta(hours=24)

LEASE = timedelta(minutes=10)
"""After this a request without an answer counts as lost with its process; no creating request takes as long."""

_FORM = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a request once; ``finish`` or ``release`` ends it."""

    user_id: str
    route: str
    key: str

    def matches(self) -> tuple[ColumnElement[bool], ...]:
        """The row of this claim."""
        return (
            IdempotencyRow.user_id == self.user_id,
            IdempotencyRow.route == self.route,
            IdempotencyRow.key == self.key,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered. *body* is None for a secret, of which only the fact is kept."""

    status: int
    body: bytes | None
    headers: Mapping[str, str]


def read_key(header: str) -> str:
    """Read the header's value, quoted or bare.

    Raises:
        IdempotencyKeyInvalid: empty, over 255 characters, or not visible ASCII.
    """
    text = header.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if _FORM.fullmatch(text) is None:
        raise IdempotencyKeyInvalid("An Idempotency-Key has 1 to 255 visible ASCII characters.")
    return text


class Idempotency:
    """Keeps the answers.

    Args:
        fingerprint_key: Keys the hashes of bodies: a bare hash of a body with a password could be guessed at.
    """

    def __init__(self, database: Database, fingerprint_key: bytes, clock: Clock) -> None:
        self._database = database
        self._key = fingerprint_key
        self._clock = clock

    def fingerprint(self, *parts: bytes) -> bytes:
        """Hash what makes two requests the same."""
        message = b"".join(b"%d:%b," % (len(part), part) for part in parts)
        return hmac.digest(self._key, message, hashlib.sha256)

    async def claim(self, claim: Claim, fingerprint: bytes) -> Answer | None:
        """Start a request, or give the answer that the first one got.

        Raises:
            IdempotencyKeyReused: the first one had another fingerprint.
            IdempotencyInFlight: it has not ended.
            IdempotencySecret: its answer was not kept.
        """
        if await self._insert(claim, fingerprint):
            return None
        now = self._clock()
        async with self._database.write() as session:
            identity = (claim.user_id, claim.route, claim.key)
            row = await session.get(IdempotencyRow, identity, with_for_update=True)
            if row is not None and now - row.started_at >= (LEASE if row.status is None else KEPT):
                row.fingerprint, row.started_at = fingerprint, now
                row.status, row.body, row.headers = None, None, None
                return None
        return _answer(row, claim, fingerprint)

    async def finish(self, claim: Claim, answer: Answer) -> None:
        """Keep the answer of a request that made something."""
        async with self._database.write() as session:
            values = {"status": answer.status, "body": answer.body, "headers": dict(answer.headers)}
            await session.execute(update(IdempotencyRow).where(*claim.matches()).values(values))

    async def release(self, claim: Claim) -> None:
        """Forget a request that made nothing, so that it can be tried again."""
        async with self._database.write() as session:
            await session.execute(delete(IdempotencyRow).where(*claim.matches()))

    async def sweep(self) -> None:
        """Remove answers older than a day."""
        old = self._clock() - KEPT
        async with self._database.write() as session:
            await session.execute(delete(IdempotencyRow).where(IdempotencyRow.started_at <= old))

    async def _insert(self, claim: Claim, fingerprint: bytes) -> bool:
        row = IdempotencyRow(
            user_id=claim.user_id,
            route=claim.route,
            key=claim.key,
            fingerprint=fingerprint,
            started_at=self._clock(),
        )
        try:
            async with self._database.write() as session:
                session.add(row)
        except IntegrityError:
            return False
        return True


def _answer(row: IdempotencyRow | None, claim: Claim, fingerprint: bytes) -> Answer:
    if row is not None and not hmac.compare_digest(row.fingerprint, fingerprint):
        raise IdempotencyKeyReused(
            f"Idempotency-Key {claim.key!r} came with another request before.", hint="Use a new key."
        )
    if row is None or row.status is None:  # None: it failed between our two looks
        raise IdempotencyInFlight(
            "The first request with this Idempotency-Key has not ended.", hint="Try again in a moment."
        )
    if row.body is None:
        raise IdempotencySecret(
            "This request succeeded before, and its answer holds a secret that is kept nowhere.",
            hint="Revoke what it made and ask again with a new Idempotency-Key.",
        )
    return Answer(row.status, row.body, row.headers or {})
