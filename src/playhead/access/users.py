"""Users: the queries and the rules that keep one admin at least. Each works in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.errors import EmailTaken, InvalidEmail, LastAdmin, UserOwnsThings
from playhead.access.identity import clean_name, normalise_email
from playhead.access.principals import Role
from playhead.access.tables import UserRow
from playhead.errors import NotFound
from playhead.kit.ids import is_id, new_id


@dataclass(frozen=True, slots=True)
class UserChange:
    """What to change; None leaves a value as it is."""

    role: Role | None = None
    disabled: bool | None = None
    name: str | None = None
    password_hash: str | None = None

    @property
    def takes_rights(self) -> bool:
        """Whether the user may be an admin less afterwards."""
        return self.role == "member" or self.disabled is True


async def insert_user(
    session: AsyncSession, *, email: str, name: str | None, role: Role, password_hash: str, now: datetime
) -> UserRow:
    """Add a user; without a name it is the part of the email before the @.

    Raises:
        InvalidEmail, InvalidName: see ``identity``.
        EmailTaken: another user has it.
    """
    address = normalise_email(email)
    row = UserRow(
        id=new_id("usr"),
        email=address,
        name=clean_name(name if name and name.strip() else address.partition("@")[0][:100]),
        role=role,
        password_hash=password_hash,
        disabled=False,
        created_at=now,
        last_sign_in_at=None,
    )
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise EmailTaken(f"{address} has an account already.") from error
    return row


async def any_user(session: AsyncSession) -> bool:
    """Tell whether there is a user at all."""
    return bool(await session.scalar(select(exists().where(UserRow.id.is_not(None)))))


async def find_by_email(session: AsyncSession, email: str) -> UserRow | None:
    """Find a user by address, however it was typed."""
    try:
        address = normalise_email(email)
    except InvalidEmail:
        return None
    return (await session.scalars(select(UserRow).where(UserRow.email == address))).one_or_none()


async def first_admin(session: AsyncSession) -> UserRow | None:
    """The oldest admin who is not disabled."""
    query = select(UserRow).where(UserRow.role == "admin", UserRow.disabled.is_(False))
    return (await session.scalars(query.order_by(UserRow.id).limit(1))).one_or_none()


async def get_user(session: AsyncSession, user_id: str, *, lock: bool = False) -> UserRow:
    """Read a user.

    Raises:
        NotFound: no such user.
    """
    row = await session.get(UserRow, user_id, with_for_update=lock) if is_id("usr", user_id) else None
    if row is None:
        raise NotFound("There is no such user.")
    return row


async def list_users(session: AsyncSession, *, after: str | None, limit: int) -> Sequence[UserRow]:
    """So many users, oldest first, after the one with this id."""
    query = select(UserRow).order_by(UserRow.id).limit(limit)
    if after is not None:
        query = query.where(UserRow.id > after)
    return (await session.scalars(query)).all()


async def change_user(session: AsyncSession, user_id: str, change: UserChange) -> UserRow:
    """Change a user.

    Raises:
        NotFound: no such user.
        LastAdmin: nobody could manage Playhead afterwards.
        InvalidName: see ``identity``.
    """
    if change.takes_rights:
        await _refuse_last_admin(session, user_id)
    row = await get_user(session, user_id, lock=True)
    if change.role is not None:
        row.role = change.role
    if change.disabled is not None:
        row.disabled = change.disabled
    if change.name is not None:
        row.name = clean_name(change.name)
    if change.password_hash is not None:
        row.password_hash = change.password_hash
    await session.flush()
    return row


async def remove_user(session: AsyncSession, user_id: str) -> UserRow:
    """Remove a user with its sessions and keys; gives the row as it was.

    Raises:
        NotFound: no such user.
        LastAdmin: nobody could manage Playhead afterwards.
        UserOwnsThings: rows of other tables refer to the user.
    """
    await _refuse_last_admin(session, user_id)
    row = await get_user(session, user_id, lock=True)
    session.expunge(row)
    try:
        await session.execute(delete(UserRow).where(UserRow.id == user_id))
    except IntegrityError as error:
        raise UserOwnsThings(
            f"{row.email} still owns videos, projects or jobs.",
            hint="Disable the user instead, or delete what they own first.",
        ) from error
    return row


async def _refuse_last_admin(session: AsyncSession, user_id: str) -> None:
    # All active admins are locked in one order: of two who demote each other at once, the second sees the first.
    query = select(UserRow.id).where(UserRow.role == "admin", UserRow.disabled.is_(False))
    admins = (await session.scalars(query.order_by(UserRow.id).with_for_update())).all()
    if list(admins) == [user_id]:
        raise LastAdmin(
            "Without this admin nobody could manage users and keys.", hint="Make another user an admin first."
        )
