"""Managing API keys: one transaction each, an audit row in it, and the cache forgotten after a revocation."""

from collections.abc import Collection
from datetime import timedelta

from playhead.access.api_keys import NewKey, choose_scopes, get_key, insert_key, list_keys
from playhead.access.audit import record
from playhead.access.cache import CredentialCache
from playhead.access.errors import Forbidden
from playhead.access.principals import Principal, Role, Scope
from playhead.access.reading import reading
from playhead.access.tables import ApiKeyRow
from playhead.access.users import get_user
from playhead.api.cursors import Page, encode_cursor
from playhead.db.database import Database
from playhead.kit.clock import Clock


class Keyring:
    """The API keys. *by* is who acts; None on the host's own command line."""

    def __init__(self, database: Database, cache: CredentialCache, clock: Clock) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock

    async def create(
        self,
        by: Principal | None,
        *,
        user_id: str,
        name: str,
        scopes: Collection[Scope] | None = None,
        expires_in: timedelta | None = None,
    ) -> NewKey:
        """Make a key for a user.

        Args:
            scopes: None for all that the user's role and the maker hold.

        Raises:
            Forbidden: a key for another user, without ``admin``.
            NotFound: no such user.
            InvalidScopes, InvalidName: what was chosen cannot be used.
        """
        if by is not None and user_id != by.user_id and not by.is_admin:
            raise Forbidden("Only an admin makes keys for others.")
        now = self._clock()
        async with self._database.write() as session:
            user = await get_user(session, user_id)
            role: Role = "admin" if user.role == "admin" else "member"
            chosen = choose_scopes(scopes, role, by.scopes if by else None)
            made = await insert_key(session, user_id=user_id, name=name, scopes=chosen, now=now, expires_in=expires_in)
            facts = {"user_id": user_id, "scopes": made.row.scopes, "prefix": made.row.prefix}
            record(session, by, "key.create", made.row.id, at=now, **facts)
        return made

    async def page(self, *, user_id: str | None, before: str | None, limit: int) -> Page[ApiKeyRow]:
        """So many keys of one user, or of all for None; newest first, before the one with this id."""
        async with reading(self._database) as session:
            rows = await list_keys(session, user_id=user_id, before=before, limit=limit + 1)
        items = rows[:limit]
        return Page(items, encode_cursor(items[-1].id) if len(rows) > limit else None)

    async def revoke(self, by: Principal | None, key_id: str) -> None:
        """End a key, at once on this host; a key that is revoked already stays as it is.

        Raises:
            NotFound: no such key, or another user's and *by* is no admin.
        """
        owner_id = None if by is None or by.is_admin else by.user_id
        now = self._clock()
        async with self._database.write(reserve=True) as session:
            row = await get_key(session, key_id, owner_id=owner_id)
            if row.revoked_at is None:
                row.revoked_at = now
                record(session, by, "key.revoke", key_id, at=now, user_id=row.user_id, prefix=row.prefix)
        self._cache.clear()
