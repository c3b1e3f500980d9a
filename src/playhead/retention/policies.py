"""Policies: one for all videos, one for an origin, one for a channel."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.audit import record
from playhead.access.errors import Forbidden
from playhead.access.principals import Principal
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, PreconditionFailed
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.live.errors import ChannelNotFound
from playhead.live.tables import ChannelRow
from playhead.retention.errors import PolicyNotFound
from playhead.retention.library import scope_words
from playhead.retention.tables import PolicyRow

LIMITS: Final = ("max_age_s", "max_size_bytes", "max_count")


@dataclass(frozen=True, slots=True)
class Named:
    """A policy, and what it is for in words."""

    row: PolicyRow
    applies_to: str


class Policies:
    """The use cases of policies. Those of a channel are its owner's, all others an admin's."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database, self._clock = database, clock

    async def of(self, principal: Principal) -> list[Named]:
        """Policies that the principal may change: the one for all first, then those of origins, then of channels."""
        statement = select(PolicyRow, ChannelRow.name).outerjoin(ChannelRow, ChannelRow.id == PolicyRow.channel_id)
        if not principal.is_admin:
            statement = statement.where(ChannelRow.owner_id == principal.user_id)
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        found = [Named(row, scope_words(row, channel)) for row, channel in rows]
        return sorted(found, key=lambda each: (each.row.scope.count(":"), each.row.channel_id or "", each.applies_to))

    async def create(
        self,
        principal: Principal,
        *,
        origin: str | None,
        channel_id: str | None,
        enabled: bool,
        limits: dict[str, int | None],
    ) -> Named:
        """Add a policy.

        Raises:
            Forbidden: only an admin may.
            ChannelNotFound: no such channel, or a stranger's.
            InvalidInput: both an origin and a channel.
            Conflict: there is one for the same videos.
        """
        if origin is not None and channel_id is not None:
            raise InvalidInput(
                "A policy is for an origin or for a channel, not for both.",
                hint="Leave origin out: what a channel brings is recordings.",
                code="policy_scope_invalid",
                title="Invalid scope of a policy",
            )
        scope = f"channel:{channel_id}" if channel_id else f"origin:{origin}" if origin else "all"
        now = self._clock()
        row = PolicyRow(
            id=new_id("pol"),
            scope=scope,
            origin=origin,
            channel_id=channel_id,
            enabled=enabled,
            version=1,
            created_at=now,
            updated_at=now,
            **limits,
        )
        try:
            async with self._database.write() as session:
                name = await self._allow(session, principal, channel_id)
                session.add(row)
                record(session, principal, "policy.create", row.id, at=now, scope=scope, **limits)
        except IntegrityError as error:
            raise Conflict(
                f"There is a policy for {scope_words(row, None)} already.",
                hint="Change that one.",
                code="policy_exists",
                title="Policy exists",
            ) from error
        return Named(row, scope_words(row, name))

    async def change(
        self, principal: Principal, policy_id: str, given: dict[str, Any], *, if_match: int | None
    ) -> Named:
        """Change whether a policy is enabled, or its limits; None removes a limit.

        Raises:
            PolicyNotFound, Forbidden
            PreconditionFailed: *if_match* is not the present version.
        """
        async with self._database.write() as session:
            row, name = await self._find(session, principal, policy_id)
            if if_match is not None and if_match != row.version:
                raise PreconditionFailed(
                    f"Policy {policy_id} is at version {row.version}, not {if_match}.",
                    hint="Load it again, then change it.",
                )
            for field, value in given.items():
                setattr(row, field, value)
            row.version, row.updated_at = row.version + 1, self._clock()
            record(session, principal, "policy.change", row.id, at=row.updated_at, scope=row.scope, **given)
        return Named(row, scope_words(row, name))

    async def delete(self, principal: Principal, policy_id: str) -> None:
        """Remove a policy; its videos come under the next wider one.

        Raises:
            PolicyNotFound, Forbidden
        """
        async with self._database.write() as session:
            row, _ = await self._find(session, principal, policy_id)
            await session.delete(row)
            record(session, principal, "policy.delete", row.id, at=self._clock(), scope=row.scope)

    async def _find(self, session: AsyncSession, principal: Principal, policy_id: str) -> tuple[PolicyRow, str | None]:
        row = await session.get(PolicyRow, policy_id, with_for_update=True) if is_id("pol", policy_id) else None
        if row is None:
            raise PolicyNotFound(policy_id)
        try:
            return row, await self._allow(session, principal, row.channel_id)
        except ChannelNotFound as error:
            raise PolicyNotFound(policy_id) from error

    async def _allow(self, session: AsyncSession, principal: Principal, channel_id: str | None) -> str | None:
        """Check that a principal may decide; gives the channel's name."""
        if channel_id is None:
            _require(principal, "admin", is_held=principal.is_admin)
            return None
        channel = await session.get(ChannelRow, channel_id) if is_id("chn", channel_id) else None
        if channel is None or not (channel.owner_id == principal.user_id or principal.is_admin):
            raise ChannelNotFound(channel_id)
        _require(principal, "channels:write", is_held=principal.is_admin or principal.allows("channels:write"))
        return channel.name


def _require(principal: Principal, scope: str, *, is_held: bool) -> None:
    if not is_held:
        raise Forbidden(
            f"This needs the scope {scope!r}, which {principal.email} does not hold here.",
            code="scope_missing",
            title="Missing scope",
        )
