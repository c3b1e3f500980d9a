"""First-time setup: a one-time token, printed for the operator, creates the first user."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.errors import SetupTokenInvalid
from playhead.access.tables import SetupTokenRow
from playhead.access.tokens import digest, new_secret
from playhead.access.users import any_user
from playhead.errors import Conflict


async def offer_setup(session: AsyncSession, *, now: datetime, ttl: timedelta) -> str | None:
    """Create a token, or None once a user exists; an earlier token stays valid until it expires."""
    if await any_user(session):
        return None
    token = new_secret()
    await session.execute(delete(SetupTokenRow).where(SetupTokenRow.expires_at <= now))
    session.add(SetupTokenRow(token_hash=digest(token), expires_at=now + ttl))
    await session.flush()
    return token


async def check_setup(session: AsyncSession, token: str, *, now: datetime) -> None:
    """Check a token without using it up.

    Raises:
        Conflict, SetupTokenInvalid: see ``use_setup``.
    """
    if await any_user(session):
        raise Conflict(
            "There is a first user already.", hint="Sign in.", code="setup_done", title="Playhead is set up already"
        )
    row = await session.get(SetupTokenRow, digest(token))
    if row is None or now >= row.expires_at:
        raise _invalid()


async def use_setup(session: AsyncSession, token: str, *, now: datetime) -> None:
    """Use a token up, in the transaction that adds the first user: of two at once, one finds it gone.

    Raises:
        Conflict: there is a user.
        SetupTokenInvalid: not a token, used, or expired.
    """
    await check_setup(session, token, now=now)
    used = await session.execute(
        delete(SetupTokenRow).where(SetupTokenRow.token_hash == digest(token)).returning(SetupTokenRow.expires_at)
    )
    if used.scalar_one_or_none() is None:
        raise _invalid()
    await session.execute(delete(SetupTokenRow))


def _invalid() -> SetupTokenInvalid:
    return SetupTokenInvalid(
        "The setup link is wrong, used or has expired.", hint="Restart Playhead: it prints a new one."
    )
