"""API keys: ``ph_<public>_<secret>``. The public part finds the row, the secret is kept as a hash."""

import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.errors import InvalidScopes
from playhead.access.identity import clean_name
from playhead.access.principals import SCOPES, Principal, Role, Scope, scopes_of
from playhead.access.tables import ApiKeyRow, UserRow
from playhead.access.tokens import digest, new_secret, random_text
from playhead.errors import NotFound
from playhead.kit.ids import is_id, new_id

PUBLIC_LENGTH = 12
_FORM = re.compile(rf"ph_([0-9a-z]{{{PUBLIC_LENGTH}}})_([0-9a-z]{{52}})")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; its text is shown this once and kept nowhere."""

    row: ApiKeyRow
    key: str = field(repr=False)


async def insert_key(
    session: AsyncSession,
    *,
    user_id: str,
    name: str,
    scopes: Collection[Scope],
    now: datetime,
    expires_in: timedelta | None,
) -> NewKey:
    """Add a key.

    Raises:
        InvalidName: see ``identity``.
    """
    public, secret = random_text(PUBLIC_LENGTH), new_secret()
    row = ApiKeyRow(
        id=new_id("key"),
        public=public,
        secret_hash=digest(secret),
        name=clean_name(name),
        scopes=[scope for scope in SCOPES if scope in scopes],
        user_id=user_id,
        created_at=now,
        last_used_at=None,
        expires_at=now + expires_in if expires_in is not None else None,
        revoked_at=None,
    )
    session.add(row)
    await session.flush()
    return NewKey(row, f"ph_{public}_{secret}")


def choose_scopes(wanted: Collection[Scope] | None, role: Role, within: Collection[Scope] | None) -> frozenset[Scope]:
    """Settle what a new key may do.

    Args:
        wanted: None for all that is possible.
        role: Of the user the key is for.
        within: What its maker may do; None on the host's command line.

    Raises:
        InvalidScopes: none, or more than the user's role or the maker holds.
    """
    possible = scopes_of(role) if within is None else scopes_of(role) & frozenset(within)
    chosen = possible if wanted is None else frozenset(wanted)
    if not chosen:
        raise InvalidScopes("A key needs at least one scope.")
    excess = sorted(chosen - possible)
    if excess:
        raise InvalidScopes(f"This key cannot hold {', '.join(excess)}: its user or its maker does not.")
    return chosen


async def find_key(session: AsyncSession, text: str, now: datetime) -> tuple[ApiKeyRow, UserRow] | None:
    """Find a key that is neither revoked nor expired, of a user who is not disabled; compares in constant time."""
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
    """Who asks, with the key's scopes less what the role has lost since it was made."""
    role: Role = "admin" if user.role == "admin" else "member"
    return Principal(
        user_id=user.id,
        email=user.email,
        role=role,
        scopes=frozenset(scope for scope in scopes_of(role) if scope in row.scopes),
        via="key",
        credential_id=row.id,
    )


async def get_key(session: AsyncSession, key_id: str, *, owner_id: str | None) -> ApiKeyRow:
    """Read a key; with an *owner_id* only if it is that user's.

    Raises:
        NotFound: no such key, or another's.
    """
    row = await session.get(ApiKeyRow, key_id, with_for_update=True) if is_id("key", key_id) else None
    if row is None or (owner_id is not None and row.user_id != owner_id):
        raise NotFound("There is no such API key.")
    return row


async def list_keys(
    session: AsyncSession, *, user_id: str | None, before: str | None, limit: int
) -> Sequence[ApiKeyRow]:
    """So many keys, newest first, before the one with this id; revoked ones too."""
    query = select(ApiKeyRow).order_by(ApiKeyRow.id.desc()).limit(limit)
    if user_id is not None:
        query = query.where(ApiKeyRow.user_id == user_id)
    if before is not None:
        query = query.where(ApiKeyRow.id < before)
    return (await session.scalars(query)).all()
