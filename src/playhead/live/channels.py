"""Channels: added, listed, changed under a version, and removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.access.tables import UserRow
from playhead.api.cursors import Page, encode_cursor, read_cursor
from playhead.api.errors import InvalidCursor
from playhead.db.database import Database
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.kit.text import one_line, shorten
from playhead.live.errors import (
    ChannelExists,
    ChannelInvalid,
    ChannelNotFound,
    ChannelRecords,
    ChannelVersionMismatch,
)
from playhead.live.names import check_template
from playhead.live.recordings import Recordings
from playhead.live.schedule import is_time_zone
from playhead.live.shapes import ChannelChanges, ChannelInput
from playhead.live.sources import Source, check_source, read_source, shown_url
from playhead.live.tables import ChannelRow, RecordingRow

MAX_CHANNELS: Final = 2000
"""Most channels of a user."""

RUNNING: Final = ("recording", "finalising")


@dataclass(frozen=True, slots=True)
class ChannelQuery:
    """What to list: live ones first, then by name."""

    owner_id: str
    search: str | None = None
    limit: int = 50
    cursor: str | None = None


class Channels:
    """The use cases of channels.

    Args:
        allow_private: Whether sources may be on this computer and on private networks.
    """

    def __init__(
        self, database: Database, recordings: Recordings, *, allow_private: bool, clock: Clock = utc_now
    ) -> None:
        self._database, self._recordings, self._clock = database, recordings, clock
        self._allow_private = allow_private

    async def add(self, owner: Principal, wanted: ChannelInput) -> ChannelRow:
        """Add a channel.

        Raises:
            SourceUrlInvalid, NameTemplateInvalid, ChannelInvalid: a value that cannot be used.
            ChannelExists: the owner has one with this URL.
        """
        return await self.add_checked(owner, wanted, await self.check(wanted))

    async def check(self, wanted: ChannelInput) -> Source:
        """Check the source of a new channel, which may take the time of a look-up.

        Raises:
            SourceUrlInvalid: it cannot be recorded.
        """
        source = read_source(wanted.url, wanted.platform)
        await check_source(source, allow_private=self._allow_private)
        return source

    async def add_checked(self, owner: Principal, wanted: ChannelInput, source: Source) -> ChannelRow:
        """As `add`, with the source that `check` returned."""
        now = self._clock()
        row = ChannelRow(
            id=new_id("chn"),
            owner_id=owner.user_id,
            name=_name(wanted.name or source.name),
            url=source.url,
            platform=source.platform,
            enabled=wanted.enabled,
            auto_record=wanted.auto_record,
            qualities=_distinct(wanted.qualities),
            captures=wanted.captures,
            filters=wanted.filters.model_dump(),
            name_template=_template(wanted.name_template),
            schedule=[window.model_dump() for window in wanted.schedule],
            time_zone=_time_zone(wanted.time_zone),
            live_state="unknown",
            version=1,
            created_at=now,
            updated_at=now,
        )
        async with self._database.write() as session:
            await self._refuse_too_many(session, owner)
            await _insert(session, row)
        return row

    async def page(self, query: ChannelQuery) -> Page[ChannelRow]:
        """One page of an owner's channels.

        Raises:
            InvalidCursor: not a cursor of this list.
        """
        async with self._database.read() as session:
            rank = _rank()
            found = await session.execute(_matching(query, rank).limit(query.limit + 1))
            rows = [(row, place) for row, place in found]
        items = [row for row, _ in rows[: query.limit]]
        if len(rows) <= query.limit:
            return Page(items, None)
        last, place = rows[query.limit - 1]
        return Page(items, encode_cursor(place, last.name, last.id))

    async def get(self, principal: Principal, channel_id: str) -> ChannelRow:
        """One channel.

        Raises:
            ChannelNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            return await self.find(session, principal, channel_id)

    async def find(
        self, session: AsyncSession, principal: Principal, channel_id: str, *, lock: bool = False
    ) -> ChannelRow:
        """As `get`, within a transaction; *lock* makes others who want to change it wait until its end."""
        row = await session.get(ChannelRow, channel_id, with_for_update=lock) if is_id("chn", channel_id) else None
        if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
            raise ChannelNotFound(channel_id)
        return row

    async def change(self, principal: Principal, channel_id: str, changes: ChannelChanges, version: int) -> ChannelRow:
        """Change settings; a running recording keeps those it was started with.

        Raises:
            ChannelVersionMismatch: the channel is no longer at *version*; nothing is changed.
            SourceUrlInvalid, NameTemplateInvalid, ChannelInvalid: a value that cannot be used.
            ChannelExists: another channel of the owner has this URL.
        """
        before = await self.get(principal, channel_id)
        source = await self._other_source(before, changes)
        values = _changed_values(changes)
        async with self._database.write() as session:
            row = await self.find(session, principal, channel_id, lock=True)
            if row.version != version:
                raise ChannelVersionMismatch(channel_id, version, row.version)
            if source is not None:
                _apply_source(row, source)
            for column, value in values.items():
                setattr(row, column, value)
            if session.is_modified(row):
                row.version, row.updated_at = row.version + 1, self._clock()
            await _flush(session, row)
        return row

    async def remove(self, principal: Principal, channel_id: str, *, force: bool = False) -> None:
        """Remove a channel with its history; its recordings and videos stay.

        Args:
            force: Stop recordings of it that run; they become videos.

        Raises:
            ChannelRecords: a recording of it runs, and *force* is not set.
        """
        async with self._database.write(reserve=True) as session:
            row = await self.find(session, principal, channel_id, lock=True)
            running = await recordings_of(session, row.id, "recording")
            if running and not force:
                raise ChannelRecords(
                    f"{row.name} is being recorded: {', '.join(each.id for each in running)}.",
                    hint="Stop the recording first, or remove the channel with force: what was recorded is kept.",
                )
            for each in running:
                self._recordings.stop_in(each, "channel_deleted")
            await session.flush()
            await session.delete(row)

    async def _refuse_too_many(self, session: AsyncSession, owner: Principal) -> None:
        found = await session.scalar(
            select(func.count()).select_from(ChannelRow).where(ChannelRow.owner_id == owner.user_id)
        )
        if (found or 0) >= MAX_CHANNELS:
            raise ChannelInvalid(f"You have {found} channels; at most {MAX_CHANNELS} are kept.", hint="Remove some.")

    async def _other_source(self, row: ChannelRow, changes: ChannelChanges) -> Source | None:
        """The source that changes ask for, checked; None where it stays."""
        shown = shown_url({"url": row.url, "platform": row.platform})
        url = row.url if changes.url is None or changes.url.strip() in ("", shown) else changes.url
        platform = changes.platform or (row.platform if url == row.url else None)
        if url == row.url and platform == row.platform:
            return None
        source = read_source(url, platform)  # type: ignore[arg-type]
        await check_source(source, allow_private=self._allow_private)
        return source


def looked_after(*columns: Any) -> Select[Any]:
    """Select of the channels that are looked after, or of some columns: enabled ones of users who are."""
    is_looked_after = (ChannelRow.enabled, UserRow.disabled.is_(False))
    joined = select(*(columns or (ChannelRow,))).join_from(ChannelRow, UserRow, UserRow.id == ChannelRow.owner_id)
    return joined.where(*is_looked_after)


async def recordings_of(session: AsyncSession, channel_id: str, *states: str) -> Sequence[RecordingRow]:
    """Recordings of a channel in some states, oldest first."""
    statement = select(RecordingRow).where(RecordingRow.channel_id == channel_id, RecordingRow.state.in_(states))
    return list(await session.scalars(statement.order_by(RecordingRow.id)))


def _rank() -> Any:
    """0 for what is live or recorded, else 1."""
    running = exists().where(RecordingRow.channel_id == ChannelRow.id, RecordingRow.state == "recording")
    return case((or_(ChannelRow.live_state == "live", running), 0), else_=1)


def _matching(query: ChannelQuery, rank: Any) -> Select[Any]:
    statement = select(ChannelRow, rank).where(ChannelRow.owner_id == query.owner_id)
    if query.search:
        word = query.search
        by_url = and_(
            ChannelRow.platform != "url", ChannelRow.url.icontains(word, autoescape=True)
        )  # no guessing of keys
        statement = statement.where(or_(ChannelRow.name.icontains(word, autoescape=True), by_url))
    if query.cursor:
        place, name, last_id = _position(query.cursor)
        further = or_(ChannelRow.name > name, and_(ChannelRow.name == name, ChannelRow.id > last_id))
        statement = statement.where(or_(rank > place, and_(rank == place, further)))
    return statement.order_by(rank, ChannelRow.name, ChannelRow.id)


def _position(cursor: str) -> tuple[int, str, str]:
    place, name, last_id = read_cursor(cursor, 3)
    known = place in (0, 1) and isinstance(name, str) and isinstance(last_id, str) and is_id("chn", last_id)
    if not known or any("\ud800" <= char <= "\udfff" for char in str(name)):
        raise InvalidCursor("The cursor is of another order.", hint="Start again without a cursor.")
    return int(place or 0), str(name), str(last_id)


def _changed_values(changes: ChannelChanges) -> dict[str, Any]:
    """Columns and their new values, checked."""
    given = changes.model_fields_set
    values: dict[str, Any] = {
        name: value for name in ("enabled", "auto_record", "captures") if (value := getattr(changes, name)) is not None
    }
    if changes.name is not None:
        values["name"] = _name(changes.name)
    if changes.qualities is not None:
        values["qualities"] = _distinct(changes.qualities)
    if changes.filters is not None:
        values["filters"] = changes.filters.model_dump()
    if changes.schedule is not None:
        values["schedule"] = [window.model_dump() for window in changes.schedule]
    if changes.time_zone is not None:
        values["time_zone"] = _time_zone(changes.time_zone)
    if "name_template" in given:
        values["name_template"] = _template(changes.name_template)
    return values


def _apply_source(row: ChannelRow, source: Source) -> None:
    """Give a channel another source; nothing is known of that one."""
    row.url, row.platform, row.platform_id = source.url, source.platform, None
    row.live_state, row.checked_at, row.error_code, row.error_message = "unknown", None, None, None


async def _insert(session: AsyncSession, row: ChannelRow) -> None:
    session.add(row)
    await _flush(session, row)


async def _flush(session: AsyncSession, row: ChannelRow) -> None:
    shown = shown_url({"url": row.url, "platform": row.platform})
    try:
        await session.flush()
    except IntegrityError as error:
        raise ChannelExists(f"You have a channel with the URL {shown}.", hint="Change that one.") from error


def _name(text: str) -> str:
    name = shorten(one_line(text), 200)
    if not name:
        raise ChannelInvalid("The name is empty.", hint="Give it at least one letter.")
    return name


def _template(text: str | None) -> str | None:
    template = one_line(text) if text else None
    if template:
        check_template(template)
    return template or None


def _time_zone(name: str) -> str:
    if not is_time_zone(name):
        raise ChannelInvalid(
            f"There is no time zone {name[:64]!r}.", hint="Write it as Europe/Oslo, America/New_York or UTC."
        )
    return name


def _distinct(qualities: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(qualities))
