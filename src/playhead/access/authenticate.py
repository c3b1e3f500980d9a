"""Authentication: from a credential to a principal, by a cache, then one query.

A revocation takes effect at once in its own process, and at once in every process of the host through a marker
file; on other hosts within ``MAX_AGE_S``.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import or_, update

from playhead.access.api_keys import find_key, key_principal
from playhead.access.credentials import Credential
from playhead.access.errors import InvalidCredential, NotSignedIn
from playhead.access.principals import Principal
from playhead.access.sessions import find_session, session_principal
from playhead.access.tables import ApiKeyRow, SessionRow
from playhead.access.tokens import digest
from playhead.db.database import Database
from playhead.errors import Unavailable
from playhead.kit.clock import Clock
from playhead.kit.marker import Marker
from playhead.kit.recent import Recent

MAX_AGE_S = 30.0
"""How long a verified credential is cached."""

MAX_ENTRIES = 1024
"""Cached credentials, some 0.5 KiB each."""

TOUCH_EVERY = timedelta(seconds=60)
"""Interval between writes of the time of last use, which otherwise would turn every read into a write."""

_NEVER = datetime.max.replace(tzinfo=UTC)

log = structlog.get_logger(__name__)


class Authenticator:
    """Verification of sessions and keys; writes their time of last use in the background.

    Args:
        marker: A file that the processes of the host share, so that `forget` reaches all of them; None for one process.
    """

    def __init__(self, database: Database, clock: Clock, *, marker: Path | None = None) -> None:
        self._database = database
        self._clock = clock
        self._verified: Recent[bytes, tuple[Principal, datetime]] = Recent(
            max_age_s=MAX_AGE_S, max_entries=MAX_ENTRIES, marker=Marker(marker)
        )
        self._touches: set[asyncio.Task[None]] = set()

    async def authenticate(self, credential: Credential) -> Principal:
        """Find the principal of a credential.

        Raises:
            InvalidCredential: a key that is unknown, wrong, revoked, expired or of a disabled user.
            NotSignedIn: a session that is unknown or over.
        """
        now = self._clock()
        key = digest(f"{credential.kind}:{credential.text}")
        known = self._verified.get(key, now.timestamp())
        if known is not None and now < known[1]:
            return known[0]
        generation = self._verified.generation
        found = await self._look_up(credential, now)
        self._verified.put(key, found, now=now.timestamp(), generation=generation)
        return found[0]

    def forget(self) -> None:
        """Drop every cached credential, in all processes of this host: after each change that takes a right away."""
        self._verified.clear()

    async def settle(self) -> None:
        """Wait for pending writes of the time of last use: before the database closes."""
        while self._touches:
            await asyncio.wait(self._touches)

    async def _look_up(self, credential: Credential, now: datetime) -> tuple[Principal, datetime]:
        if credential.kind == "key":
            return await self._look_up_key(credential.text, now)
        return await self._look_up_session(credential.text, now)

    async def _look_up_key(self, text: str, now: datetime) -> tuple[Principal, datetime]:
        async with self._database.read() as session:
            found = await find_key(session, text, now)
        if found is None:
            raise InvalidCredential(
                "The API key is unknown, revoked or expired.", hint="Make a new key, or check for a cut copy."
            )
        row, user = found
        if row.last_used_at is None or now - row.last_used_at >= TOUCH_EVERY:
            self._touch(row, now)
        return key_principal(row, user), row.expires_at or _NEVER

    async def _look_up_session(self, token: str, now: datetime) -> tuple[Principal, datetime]:
        async with self._database.read() as session:
            found = await find_session(session, digest(token), now)
        if found is None:
            raise NotSignedIn("The session is over.", hint="Sign in again.")
        row, user = found
        if now - row.last_seen_at >= TOUCH_EVERY:
            self._touch(row, now)
        return session_principal(row, user), row.expires_at

    def _touch(self, row: ApiKeyRow | SessionRow, now: datetime) -> None:
        task = asyncio.create_task(self._write_touch(row, now), name=f"touch {row.id}")
        self._touches.add(task)
        task.add_done_callback(self._touches.discard)

    async def _write_touch(self, row: ApiKeyRow | SessionRow, now: datetime) -> None:
        old = now - TOUCH_EVERY
        if isinstance(row, ApiKeyRow):
            stale = or_(ApiKeyRow.last_used_at.is_(None), ApiKeyRow.last_used_at <= old)
            change = update(ApiKeyRow).where(ApiKeyRow.id == row.id, stale).values(last_used_at=now)
        else:
            change = (
                update(SessionRow)
                .where(SessionRow.id == row.id, SessionRow.last_seen_at <= old)
                .values(last_seen_at=now)
            )
        try:
            async with self._database.write() as session:
                await session.execute(change)
        except Unavailable as error:
            log.warning("last_use_not_written", credential_id=row.id, detail=error.detail)
