"""Sessions, as rows, so that signing out and a password change end them at once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal, Role, scopes_of
from playhead.access.tables import SessionRow, UserRow
from playhead.access.tokens import digest, new_secret
from playhead.kit.ids import new_id
from playhead.kit.text import one_line


@dataclass(frozen=True, slots=True)
class NewSession:
    """A new session; its token goes into the cookie and is stored nowhere."""

    row: SessionRow
    token: str = field(repr=False)


async def open_session(
    session: AsyncSession, user_id: str, *, user_agent: str, now: datetime, ttl: timedelta
) -> NewSession:
    """Add a session."""
    token = new_secret()
    row = SessionRow(
        id=new_id("ses"),
        token_hash=digest(token),
        user_id=user_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + ttl,
        user_agent=one_line(user_agent)[:200],
    )
    session.add(row)
    await session.flush()
    return NewSession(row, token)


async def find_session(session: AsyncSession, token_hash: bytes, now: datetime) -> tuple[SessionRow, UserRow] | None:
    """Find an unexpired session of an active user."""
    query = (
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(SessionRow.token_hash == token_hash, SessionRow.expires_at > now, UserRow.disabled.is_(False))
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None else (found[0], found[1])


def session_principal(row: SessionRow, user: UserRow) -> Principal:
    """The principal of a session, with all scopes of the role."""
    role: Role = "admin" if user.role == "admin" else "member"
    return Principal(
        user_id=user.id,
        email=user.email,
        role=role,
        scopes=scopes_of(role),
        via="session",
        credential_id=row.id,
    )


async def end_session(session: AsyncSession, session_id: str) -> None:
    """Remove one session."""
    await session.execute(delete(SessionRow).where(SessionRow.id == session_id))


async def end_sessions(session: AsyncSession, user_id: str, *, but: str | None = None) -> None:
    """Remove a user's sessions except the one with the id *but*."""
    await session.execute(delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.id != (but or "")))
