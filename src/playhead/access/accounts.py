"""Managing users: one transaction each, an audit row in it, and the cache forgotten after it."""

from playhead.access.audit import record
from playhead.access.cache import CredentialCache
from playhead.access.errors import WrongPassword
from playhead.access.passwords import Passwords
from playhead.access.principals import Principal, Role
from playhead.access.reading import reading
from playhead.access.sessions import end_sessions
from playhead.access.sign_in import SignIn
from playhead.access.tables import UserRow
from playhead.access.users import (
    UserChange,
    change_user,
    find_by_email,
    first_admin,
    get_user,
    insert_user,
    list_users,
    remove_user,
)
from playhead.api.cursors import Page, encode_cursor
from playhead.db.database import Database
from playhead.kit.clock import Clock


class Accounts:
    """The users. *by* is who acts; None on the host's own command line."""

    def __init__(
        self, database: Database, cache: CredentialCache, passwords: Passwords, sign_in: SignIn, clock: Clock
    ) -> None:
        self._database = database
        self._cache = cache
        self._passwords = passwords
        self._sign_in = sign_in
        self._clock = clock

    async def add(
        self, by: Principal | None, *, email: str, password: str, role: Role, name: str | None = None
    ) -> UserRow:
        """Add a user.

        Raises:
            EmailTaken, InvalidEmail, InvalidName, InvalidPassword: what was chosen cannot be used.
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
        async with reading(self._database) as session:
            return await get_user(session, user_id)

    async def find(self, email: str) -> UserRow | None:
        """Find a user by email."""
        async with reading(self._database) as session:
            return await find_by_email(session, email)

    async def first_admin(self) -> UserRow | None:
        """The oldest active admin: whose keys are that are made on the command line without a user."""
        async with reading(self._database) as session:
            return await first_admin(session)

    async def page(self, *, after: str | None, limit: int) -> Page[UserRow]:
        """So many users, oldest first, after the one with this id."""
        async with reading(self._database) as session:
            rows = await list_users(session, after=after, limit=limit + 1)
        items = rows[:limit]
        return Page(items, encode_cursor(items[-1].id) if len(rows) > limit else None)

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
            NotFound, LastAdmin, InvalidName, InvalidPassword: see ``users``.
        """
        password_hash = await self._passwords.hash(password) if password is not None else None
        change = UserChange(role=role, disabled=disabled, name=name, password_hash=password_hash)
        now = self._clock()
        async with self._database.write(reserve=True) as session:
            user = await change_user(session, user_id, change)
            if password_hash is not None or disabled:
                await end_sessions(session, user_id, but=by.credential_id if by else None)
            facts = {"role": role, "disabled": disabled, "name": name}
            told: dict[str, object] = {field: value for field, value in facts.items() if value is not None}
            if password is not None:
                told["password"] = "changed"  # noqa: S105 - the fact, not the password
            if told:
                record(session, by, "user.change", user_id, at=now, **told)
        self._cache.clear()
        return user

    async def change_own(
        self, by: Principal, *, name: str | None, password: str | None, current_password: str | None, address: str
    ) -> UserRow:
        """Change the principal's own name or password; a new password ends its other sessions.

        Raises:
            WrongPassword: a new password came without the current one, or with another.
            TooManyRequests: the current password was guessed at too often.
            InvalidName, InvalidPassword: what was chosen cannot be used.
        """
        if password is not None and (
            current_password is None or not await self._sign_in.confirm(by, current_password, address=address)
        ):
            raise WrongPassword("A new password needs the current one, and this is not it.")
        return await self.change(by, by.user_id, name=name, password=password)

    async def remove(self, by: Principal | None, user_id: str) -> None:
        """Remove a user with its sessions and keys.

        Raises:
            NotFound, LastAdmin, UserOwnsThings: see ``users``.
        """
        async with self._database.write(reserve=True) as session:
            user = await remove_user(session, user_id)
            record(session, by, "user.delete", user_id, at=self._clock(), email=user.email)
        self._cache.clear()
