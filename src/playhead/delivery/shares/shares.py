"""Share links: created, changed and revoked by the owner of a video, opened by anyone with the link."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.audit import record
from playhead.access.grant import Grant
from playhead.access.passwords import Passwords
from playhead.access.principals import Principal
from playhead.access.signed import Signer
from playhead.access.tokens import digest
from playhead.api.cursors import Page, page_by_id
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.catalog.visible import visible_video
from playhead.db.database import Database
from playhead.db.unit import after_commit
from playhead.delivery.shares.errors import (
    ShareEnded,
    ShareNotFound,
)
from playhead.delivery.shares.shapes import CommentsOption
from playhead.delivery.shares.tables import ShareRow
from playhead.delivery.shares.tokens import LENGTH, token_of
from playhead.errors import Conflict, InvalidInput, PreconditionFailed
from playhead.kit.clock import Clock
from playhead.kit.ids import is_id, new_id

MIN_PASSWORD = 6
"""Shorter than an account's: it guards one video, and guesses are counted."""

_CAN_BE_NULL = ("expires_at", "password")

_TOKEN = re.compile(rf"[0-9a-hjkmnp-tv-z]{{{LENGTH}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shared:
    """A share that is good, and its video."""

    share: ShareRow
    video: VideoRow

    @property
    def grant(self) -> Grant:
        """What links of this share stand on."""
        return Grant(self.video.link_generation, self.share.id)


class Shares:
    """The share links of an installation.

    Args:
        default_life: How long a new link lasts if nobody chose; None: until it is revoked.
        visitor_comments: Whether visitors may see comments at all.
        forget: Makes every process of this host forget what it knows of links, after a commit that ended some.
    """

    def __init__(
        self,
        database: Database,
        videos: Videos,
        signer: Signer,
        passwords: Passwords,
        *,
        default_life: timedelta | None,
        visitor_comments: bool,
        forget: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._database = database
        self._videos = videos
        self._signer = signer
        self._passwords = passwords
        self._default_life = default_life
        self._visitor_comments = visitor_comments
        self._forget = forget
        self._clock = clock

    def token(self, row: ShareRow) -> str | None:
        """The secret part of a share's link; None when its key was rotated out."""
        token = token_of(self._signer, row.id, key_id=row.key_id)
        return token.text if token else None

    def default_end(self) -> datetime | None:
        """When a link that is made now ends, if its creator does not choose."""
        return None if self._default_life is None else self._clock() + self._default_life

    def comments_of(self, row: ShareRow) -> CommentsOption:
        """What visitors of a link may do with the comments, as far as the settings allow any of it."""
        return row.comments if self._visitor_comments else "off"  # type: ignore[return-value]

    async def create(
        self,
        principal: Principal,
        video_id: str,
        *,
        expires_at: datetime | None,
        password: SecretStr | None,
        allow_download: bool,
        comments: CommentsOption = "off",
    ) -> ShareRow:
        """Make a share link of a video.

        Raises:
            VideoNotFound: none, or a stranger's.
            InvalidInput: what was chosen cannot be used.
        """
        now = self._future(expires_at)
        share_id = new_id("shr")
        token = token_of(self._signer, share_id)
        assert token is not None  # of the key that signs
        await self._videos.get(principal, video_id)  # before the costly hash
        password_hash = await self._hash(password)
        row = ShareRow(
            id=share_id,
            video_id=video_id,
            created_by=principal.user_id,
            key_id=token.key_id,
            token_hash=digest(token.text),
            password_hash=password_hash,
            allow_download=allow_download,
            comments=comments,
            views=0,
            version=1,
            created_at=now,
            expires_at=expires_at,
            revoked_at=None,
        )
        async with self._database.write() as session:
            await self._videos.find(session, principal, video_id, lock=True)
            session.add(row)
            record(session, principal, "share.create", share_id, at=now, video_id=video_id)
        return row

    async def page(self, principal: Principal, video_id: str, *, limit: int, cursor: str | None) -> Page[ShareRow]:
        """One page of a video's shares, newest first, including revoked ones.

        Raises:
            VideoNotFound: no such video, or another owner's.
        """
        query = select(ShareRow).where(ShareRow.video_id == video_id)
        async with self._database.read() as session:
            await self._videos.find(session, principal, video_id)
            return await page_by_id(session, query, ShareRow.id, "shr", limit, cursor)

    async def get(self, principal: Principal, share_id: str) -> ShareRow:
        """One share.

        Raises:
            ShareNotFound: none, or of a stranger's video.
        """
        async with self._database.read() as session:
            return await self._find(session, principal, share_id)

    async def change(
        self, principal: Principal, share_id: str, given: Mapping[str, Any], if_match: int | None
    ) -> ShareRow:
        """Change what came of the options of a share; links made already obey at once.

        Raises:
            ShareNotFound, Conflict: there is nothing to change.
            PreconditionFailed: *if_match* is not the present version.
            InvalidInput: what was chosen cannot be used.
        """
        values = {name: value for name, value in given.items() if name in _CAN_BE_NULL or value is not None}
        now = self._future(values.get("expires_at"))
        if "password" in values:
            await self.get(principal, share_id)  # before the costly hash
            values["password_hash"] = await self._hash(values.pop("password"))
        async with self._database.write() as session:
            row = await self._find(session, principal, share_id, lock=True)
            if row.revoked_at is not None:
                raise Conflict(
                    f"Share {share_id} was revoked and cannot be changed.",
                    hint="Make a new one.",
                    code="share_revoked",
                    title="Share link was revoked",
                )
            if if_match is not None and if_match != row.version:
                raise PreconditionFailed(
                    f"Share {share_id} is at version {row.version}, not {if_match}.",
                    hint="Load it again, then change it.",
                )
            for name, value in values.items():
                setattr(row, name, value)
            if values:
                row.version += 1
                record(session, principal, "share.change", share_id, at=now, fields=sorted(given))
        self._forget()
        return row

    async def revoke(self, principal: Principal, share_id: str) -> ShareRow:
        """End a share with every link that was made from it: at once on this host; a revoked one stays as it is.

        Raises:
            ShareNotFound: none, or of a stranger's video.
        """
        now = self._clock()
        async with self._database.write(reserve=True) as session:
            row = await self._find(session, principal, share_id, lock=True)
            if row.revoked_at is None:
                row.revoked_at = now
                row.version += 1
                record(session, principal, "share.revoke", share_id, at=now, video_id=row.video_id)
        self._forget()
        return row

    async def end_links(self, principal: Principal, video_id: str, *, shares: bool) -> None:
        """End every signed link to a video that was made so far: at once on this host, within 5 s on others.

        Args:
            shares: Revoke its share links, too; else their pages make new links.

        Raises:
            VideoNotFound: none, or a stranger's.
        """
        now = self._clock()
        async with self._database.write(reserve=True) as session:
            video = await self._videos.find(session, principal, video_id, lock=True)
            video.link_generation += 1
            if shares:
                good = ShareRow.video_id == video_id, ShareRow.revoked_at.is_(None)
                change = update(ShareRow).where(*good).values(revoked_at=now, version=ShareRow.version + 1)
                await session.execute(change)
            record(session, principal, "links.revoke", video_id, at=now, shares=shares)
        await after_commit(self._forget_links)

    async def open(self, token: str) -> Shared:
        """Find what a share link leads to.

        Raises:
            ShareNotFound: the link was made up.
            ShareEnded: it was revoked or has expired.
        """
        if not _TOKEN.fullmatch(token):
            raise ShareNotFound
        statement = (
            select(ShareRow, VideoRow)
            .join(VideoRow, VideoRow.id == ShareRow.video_id)
            .where(ShareRow.token_hash == digest(token))
        )
        async with self._database.read() as session:
            found = (await session.execute(statement)).one_or_none()
        if found is None:
            raise ShareNotFound
        share, video = found
        if (
            video.trashed_at is not None
            or share.revoked_at is not None
            or (share.expires_at is not None and share.expires_at <= self._clock())
        ):
            raise ShareEnded
        return Shared(share, video)

    async def _forget_links(self) -> None:
        self._forget()

    async def _find(
        self, session: AsyncSession, principal: Principal, share_id: str, *, lock: bool = False
    ) -> ShareRow:
        row = await session.get(ShareRow, share_id, with_for_update=lock) if is_id("shr", share_id) else None
        video = await visible_video(session, row.video_id) if row else None
        if row is None or video is None or not (video.owner_id == principal.user_id or principal.is_admin):
            raise ShareNotFound(f"There is no share {share_id}.")
        return row

    async def _hash(self, password: SecretStr | None) -> str | None:
        if password is None:
            return None
        return await self._passwords.hash(password.get_secret_value(), least=MIN_PASSWORD)

    def _future(self, expires_at: datetime | None) -> datetime:
        """Now, if *expires_at* is after it.

        Raises:
            InvalidInput: it is not.
        """
        now = self._clock()
        if expires_at is not None and expires_at <= now:
            raise InvalidInput(
                "The link would have ended before it began.",
                hint="Choose a time in the future.",
                code="share_expiry_invalid",
                title="Invalid expiry",
            )
        return now
