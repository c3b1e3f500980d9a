"""API keys: ``ph_<public>_<secret>``. The public part finds the row, the secret is kept as a hash."""

import hmac
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.audit import record
from playhead.access.errors import Forbidden
from playhead.access.identity import clean_name
from playhead.access.principals import SCOPES, Principal, Role, Scope, scopes_of
from playhead.access.tables import ApiKeyRow, UserRow
from playhead.access.tokens import digest, new_secret, random_text
from playhead.access.users import get_user
from playhead.api.cursors import Page, page_by_id
from playhead.db.database import Database
from playhead.errors import InvalidInput, NotFound
from playhead.kit.clock import Clock
from playhead.kit.ids import is_id, new_id

PUBLIC_LENGTH = 12
_FORM = re.compile(rf"ph_([0-9a-z]{{{PUBLIC_LENGTH}}})_([0-9a-z]{{52}})")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new key with its text, which is shown once and stored nowhere."""

    row: ApiKeyRow
    key: str = field(repr=False)


class ApiKeys:
    """API key management. *by* is the acting principal; None on the host's own command line.

    Args:
        forget: Drops every cached credential, after a revocation.
    """

    def __init__(self, database: Database, clock: Clock, *, forget: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._forget = forget

    async def create(
        self,
        by: Principal | None,
        *,
        user_id: str,
        name: str,
        scopes: Collection[Scope] | None = None,
        expires_in: timedelta | None = None,
    ) -> NewKey:
        """Create a key for a user.

        Args:
            scopes: None for all that both the user's role and the creator hold.

        Raises:
            Forbidden: a key for another user, without ``admin``.
            NotFound: no such user.
            InvalidInput: an unusable value.
        """
        if by is not None and user_id != by.user_id and not by.is_admin:
            raise Forbidden("Only an admin makes keys for others.")
        now = self._clock()
        public, secret = random_text(PUBLIC_LENGTH), new_secret()
        async with self._database.write() as session:
            user = await get_user(session, user_id)
            role: Role = "admin" if user.role == "admin" else "member"
            chosen = choose_scopes(scopes, role, by.scopes if by else None)
            row = ApiKeyRow(
                id=new_id("key"),
                public=public,
                secret_hash=digest(secret),
                name=clean_name(name),
                scopes=[scope for scope in SCOPES if scope in chosen],
                user_id=user_id,
                created_at=now,
                last_used_at=None,
                expires_at=now + expires_in if expires_in is not None else None,
                revoked_at=None,
            )
            session.add(row)
            await session.flush()
            record(session, by, "key.create", row.id, at=now, user_id=user_id, scopes=row.scopes, prefix=row.prefix)
        return NewKey(row, f"ph_{public}_{secret}")

    async def page(self, *, user_id: str | None, limit: int, cursor: str | None = None) -> Page[ApiKeyRow]:
        """One page of the keys of a user, or of all for None; newest first."""
        query = select(ApiKeyRow)
        if user_id is not None:
            query = query.where(ApiKeyRow.user_id == user_id)
        async with self._database.read() as session:
            return await page_by_id(session, query, ApiKeyRow.id, "key", limit, cursor)

    async def revoke(self, by: Principal | None, key_id: str) -> None:
        """Revoke a key, at once on this host; idempotent.

        Raises:
            NotFound: no such key, or another user's and *by* is not an admin.
        """
        now = self._clock()
        async with self._database.write(reserve=True) as session:
            row = await session.get(ApiKeyRow, key_id, with_for_update=True) if is_id("key", key_id) else None
            if row is None or not (by is None or by.is_admin or row.user_id == by.user_id):
                raise NotFound("There is no such API key.")
            if row.revoked_at is None:
                row.revoked_at = now
                record(session, by, "key.revoke", key_id, at=now, user_id=row.user_id, prefix=row.prefix)
        self._forget()


def choose_scopes(wanted: Collection[Scope] | None, role: Role, within: Collection[Scope] | None) -> frozenset[Scope]:
    """Choose the scopes of a new key.

    Args:
        wanted: None for all that are possible.
        role: Role of the key's user.
        within: Scopes of its creator; None on the host's command line.

    Raises:
        InvalidInput: none, or more than the user's role or the creator holds.
    """
    possible = scopes_of(role) if within is None else scopes_of(role) & frozenset(within)
    chosen = possible if wanted is None else frozenset(wanted)
    if not chosen:
        raise _invalid_scopes("A key needs at least one scope.")
    excess = sorted(chosen - possible)
    if excess:
        raise _invalid_scopes(f"This key cannot hold {', '.join(excess)}: its user or its maker does not.")
    return chosen


async def find_key(session: AsyncSession, text: str, now: datetime) -> tuple[ApiKeyRow, UserRow] | None:
    """Find a valid key of an active user; compares in constant time."""
    parts = _FORM.fullmatch(text)
    if parts is None:
        return None
    query = (
        select(ApiKeyRow, UserRow)
        .join(UserRow, UserRow.id == ApiKeyRow.user_id)
        .where(ApiKeyRow.public == parts[1], ApiKeyRow.revoked_at.is_(None), UserRow.disabled.is_(False))
    )
    found = (await session.execute(query)).one_or_none()
    if found is None or not hmac.compare_digest(found[0].secret_hash, digest(parts[2])):
        return None
    row, user = found
    return None if row.expires_at is not None and now >= row.expires_at else (row, user)


def key_principal(row: ApiKeyRow, user: UserRow) -> Principal:
    """The principal of a key: its scopes, less those that the role has lost since."""
    role: Role = "admin" if user.role == "admin" else "member"
    return Principal(
        user_id=user.id,
        email=user.email,
        role=role,
        scopes=frozenset(scope for scope in scopes_of(role) if scope in row.scopes),
        via="key",
        credential_id=row.id,
    )


def _invalid_scopes(detail: str) -> InvalidInput:
    return InvalidInput(detail, code="invalid_scopes", title="A key cannot hold these scopes")
