"""Users: each change is one transaction with its audit row, and at least one admin remains."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.audit import record
from playhead.access.errors import Forbidden
from playhead.access.identity import clean_name, normalise_email
from playhead.access.passwords import PasswordGuard, Passwords
from playhead.access.principals import Principal, Role
from playhead.access.sessions import end_sessions
from playhead.access.tables import UserRow
from playhead.api.cursors import Page, page_by_id
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, NotFound
from playhead.kit.clock import Clock
from playhead.kit.ids import is_id, new_id


class Users:
    """User management. *by* is the acting principal; None on the host's own command line.

    Args:
        guard: The one of signing in: a wrong current password counts as a failed sign-in.
        forget: Drops every cached credential, after a change that takes a right away.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        guard: PasswordGuard,
        clock: Clock,
        *,
        forget: Callable[[], None],
    ) -> None:
        self._database = database
        self._forget = forget
        self._passwords = passwords
        self._guard = guard
        self._clock = clock

    async def add(
        self, by: Principal | None, *, email: str, password: str, role: Role, name: str | None = None
    ) -> UserRow:
        """Add a user.

        Raises:
            Conflict, InvalidInput: an unusable value.
        """
        password_hash = await self._passwords.hash(password)
        now = self._clock()
        async with self._database.write() as session:
            user = await insert_user(session, email=email, name=name, role=role, password_hash=password_hash, now=now)
            record(session, by, "user.create", user.id, at=now, email=user.email, role=role)
        return user

    async def get(self, user_id: str) -> UserRow:
        """Read a user.

        Raises:
            NotFound: no such user.
        """
        async with self._database.read() as session:
            return await get_user(session, user_id)

    async def find(self, email: str) -> UserRow | None:
        """Find a user by email."""
        async with self._database.read() as session:
            return await find_by_email(session, email)

    async def first_admin(self) -> UserRow | None:
        """The oldest active admin: the owner of keys that the command line creates without naming a user."""
        query = select(UserRow).where(UserRow.role == "admin", UserRow.disabled.is_(False))
        async with self._database.read() as session:
            return (await session.scalars(query.order_by(UserRow.id).limit(1))).one_or_none()

    async def page(self, *, limit: int, cursor: str | None = None) -> Page[UserRow]:
        """One page of the users, oldest first."""
        async with self._database.read() as session:
            return await page_by_id(session, select(UserRow), UserRow.id, "usr", limit, cursor, newest_first=False)

    async def change(
        self,
        by: Principal | None,
        user_id: str,
        *,
        role: Role | None = None,
        disabled: bool | None = None,
        name: str | None = None,
        password: str | None = None,
    ) -> UserRow:
        """Change a user; None leaves a value. A new password or disabling ends the user's sessions.

        Raises:
            NotFound: no such user.
            Conflict: no admin would remain.
            InvalidInput: an unusable value.
        """
        password_hash = await self._passwords.hash(password) if password is not None else None
        async with self._database.write(reserve=True) as session:
            if role == "member" or disabled:
                await _refuse_last_admin(session, user_id)
            user = await get_user(session, user_id, lock=True)
            user.role = role or user.role
            user.disabled = user.disabled if disabled is None else disabled
            user.name = user.name if name is None else clean_name(name)
            user.password_hash = password_hash or user.password_hash
            await session.flush()
            if password_hash is not None or disabled:
                await end_sessions(session, user_id, but=by.credential_id if by else None)
            facts: dict[str, object] = {"role": role, "disabled": disabled, "name": name}
            facts["password"] = None if password is None else "changed"
            facts = {field: value for field, value in facts.items() if value is not None}
            if facts:
                record(session, by, "user.change", user_id, at=self._clock(), **facts)
        self._forget()
        return user

    async def change_own(
        self, by: Principal, *, name: str | None, password: str | None, current_password: str | None, address: str
    ) -> UserRow:
        """Change the principal's own name or password; a new password ends its other sessions.

        Raises:
            Forbidden: a new password with a missing or wrong current one.
            TooManyRequests: too many wrong current passwords.
            InvalidInput: an unusable value.
        """
        if password is not None:
            await self._confirm(by, current_password, address)
        return await self.change(by, by.user_id, name=name, password=password)

    async def remove(self, by: Principal | None, user_id: str) -> None:
        """Remove a user with its sessions and keys.

        Raises:
            NotFound: no such user.
            Conflict: no admin would remain.
            Conflict: rows of other tables refer to the user.
        """
        async with self._database.write(reserve=True) as session:
            await _refuse_last_admin(session, user_id)
            email = (await get_user(session, user_id, lock=True)).email
            try:
                await session.execute(delete(UserRow).where(UserRow.id == user_id))
            except IntegrityError as error:
                raise Conflict(
                    f"{email} still owns videos, projects, channels or jobs.",
                    hint="Disable the user instead, or delete what they own first.",
                    code="user_owns_things",
                    title="This user still owns videos or projects",
                ) from error
            record(session, by, "user.delete", user_id, at=self._clock(), email=email)
        self._forget()

    async def _confirm(self, by: Principal, password: str | None, address: str) -> None:
        if password is not None:
            current = (await self.get(by.user_id)).password_hash
            good, _ = await self._guard.verify(password, current, account=by.email, address=address)
            if good:
                return
        raise Forbidden(
            "A new password needs the current one, and this is not it.",
            code="wrong_password",
            title="The current password is wrong",
        )


async def insert_user(
    session: AsyncSession, *, email: str, name: str | None, role: Role, password_hash: str, now: datetime
) -> UserRow:
    """Insert a user; the name defaults to the part of the email before the @.

    Raises:
        InvalidInput: see ``identity``.
        Conflict: another user has it.
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
        raise Conflict(
            f"{address} has an account already.", code="email_taken", title="Email already in use"
        ) from error
    return row


async def any_user(session: AsyncSession) -> bool:
    """Whether any user exists."""
    return bool(await session.scalar(select(exists().where(UserRow.id.is_not(None)))))


async def find_by_email(session: AsyncSession, email: str) -> UserRow | None:
    """Find a user by address in any spelling."""
    try:
        address = normalise_email(email)
    except InvalidInput:
        return None
    return (await session.scalars(select(UserRow).where(UserRow.email == address))).one_or_none()


async def get_user(session: AsyncSession, user_id: str, *, lock: bool = False) -> UserRow:
    """Read a user.

    Raises:
        NotFound: no such user.
    """
    row = await session.get(UserRow, user_id, with_for_update=lock) if is_id("usr", user_id) else None
    if row is None:
        raise NotFound("There is no such user.")
    return row


async def _refuse_last_admin(session: AsyncSession, user_id: str) -> None:
    # All active admins are locked in one order: of two who demote each other at once, the second sees the first.
    query = select(UserRow.id).where(UserRow.role == "admin", UserRow.disabled.is_(False))
    admins = (await session.scalars(query.order_by(UserRow.id).with_for_update())).all()
    if list(admins) == [user_id]:
        raise Conflict(
            "Without this admin nobody could manage users and keys.",
            hint="Make another user an admin first.",
            code="last_admin",
            title="This is the last admin",
        )
